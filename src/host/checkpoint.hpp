// Checkpoint: the values that stand for saved paths, and how they are spelled in the store. Pure;
// knows no disk and no git.
#pragma once

#include "headway/result.hpp"
#include "headway/types.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// What a saved name stands for.
enum class SavedKind : std::uint8_t { folder, file, link };

std::string_view to_string(SavedKind kind) noexcept;

// One name as it was saved.
struct SavedEntry {
  std::string path;  // relative to the workspace, '/' between names, any other byte but NUL
  SavedKind kind = SavedKind::file;
  std::uint32_t mode = 0;  // permissions, the lower 12 bits; of a link without meaning
  std::string object;      // id of its content in the store; of a folder empty
  std::int64_t bytes = 0;  // of a folder 0

  friend bool operator==(const SavedEntry&, const SavedEntry&) = default;
};

// Why a checkpoint was made; spelled in JSON as here.
enum class CheckpointReason : std::uint8_t { by_hand, before_stage, before_restore };

std::string_view to_string(CheckpointReason reason) noexcept;

// A checkpoint without its entries. Plain value.
struct Checkpoint {
  std::string id;  // UUIDv7: later ones are greater as text
  WallTime made_at{};
  CheckpointReason reason = CheckpointReason::by_hand;
  std::string label{};               // what its maker said of it
  std::string run_id{}, stage{};     // of before_stage
  std::string restored{};            // of before_restore: the id of what was then restored
  std::vector<std::string> paths{};  // what was to be saved, by workspace; "." is all of it
  std::int64_t files = 0, folders = 0, links = 0;
  std::int64_t bytes = 0;    // of the files
  std::int64_t skipped = 0;  // sockets, pipes and devices, which are not saved
};

// The text that the store keeps of it, and back. Error parse where it is no such text.
std::string encode_checkpoint(const Checkpoint& checkpoint);
Result<Checkpoint> decode_checkpoint(std::string_view text);

// The path under which the store keeps a file: names that git means something by (".git",
// ".gitattributes", ...) get a '%' before them, and so do names that begin with '%'.
std::string store_path(std::string_view path);
// The path of that store path.
std::string workspace_path(std::string_view stored);

// The modes that the store's own tree does not keep: those of all folders, and those of files that
// are neither 0644 nor 0755. One piece an entry, "OCTAL PATH" and a NUL.
std::string encode_modes(const std::vector<SavedEntry>& entries);
// Sets them: entries of folders are added, files get their mode. The result is sorted by path.
// Error parse where the text is damaged.
Result<std::vector<SavedEntry>> with_modes(std::vector<SavedEntry> entries, std::string_view modes);

// The checkpoint a person means: full id, or its last 4 or more characters. `all` newest first.
// Errors: not_found (with the nearest), invalid_argument (too short, ambiguous).
Result<Checkpoint> choose_checkpoint(const std::vector<Checkpoint>& all, std::string_view text);

// Whether `path` is `folder` or lies below it; "." holds everything.
bool is_at_or_below(std::string_view path, std::string_view folder);
// Sorted, each once, none below another.
std::vector<std::string> tidy_paths(std::vector<std::string> paths);

}  // namespace headway
