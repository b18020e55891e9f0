// StageImprint: what a stage rested on when it last succeeded, and what it left. One small file a
// stage, replaced whole. Decides nothing.
#pragma once

#include "base/clock.hpp"
#include "base/file_fact.hpp"
#include "headway/result.hpp"
#include "record/run_folder.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One part of what a stage is, by a digest: values may be secret.
struct DefinitionPart {
  std::string name;  // "run", "dir"; a variable's name where is_variable
  bool is_variable = false;
  ContentDigest digest;

  friend bool operator==(const DefinitionPart&, const DefinitionPart&) = default;
};

// Plain value. Files are by path, ascending bytewise.
struct StageImprint {
  std::string run_id;  // of the run that left it
  Nanos took{};        // its last attempt in that run
  std::vector<DefinitionPart> definition;
  std::vector<FileFact> inputs;
  std::vector<FileFact> outputs;

  friend bool operator==(const StageImprint&, const StageImprint&) = default;
};

// The content of the file (docs/design/inputs.md has the format).
std::string encode_imprint(const StageImprint& imprint);
// Nothing where it is damaged or of another version.
std::optional<StageImprint> decode_imprint(std::string_view bytes);

// <state>/inputs/<workflow>/<key>, percent-encoded.
std::string imprint_path(const StateFolder& state, std::string_view workflow, std::string_view key);
// <state>/digests: the cache of stamps and digests.
std::string content_cache_path(const StateFolder& state);
// Nothing where there is none, or none that can be understood.
std::optional<StageImprint> read_imprint(const std::string& path);
// Makes the folder where it is missing.
Result<void> write_imprint(const std::string& path, const StageImprint& imprint);

}  // namespace headway
