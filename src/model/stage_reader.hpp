// One stage of the file, all but what its `needs` point at. Knows nothing of other stages.
#pragma once

#include "model/matrix_reader.hpp"
#include "model/value_reader.hpp"

#include <optional>

namespace headway {

// What `defaults` says for every stage.
struct StageDefaults {
  std::optional<Nanos> timeout;
  Nanos grace = Stage().grace;
  RetryRule retries;
};

// A stage as it was read, and where.
struct StageDraft {
  const YamlNode* key = nullptr;
  const YamlNode* needs = nullptr;  // the list; nothing where the stage has none
  const YamlNode* gates = nullptr;  // the same, as it stands there
  std::vector<MatrixAxis> matrix{};
  const YamlNode* when = nullptr;  // the condition; nothing where the stage has none
};

StageDefaults read_defaults(ValueReader& reader, const YamlNode& value);

// Reads the stage `key: value`; `draft` gets the places. Needs stay empty.
Stage read_stage(ValueReader& reader,
                 const YamlEntry& entry,
                 const StageDefaults& defaults,
                 StageDraft& draft);

}  // namespace headway
