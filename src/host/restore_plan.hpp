// RestorePlan: the steps from what some paths hold now to what a checkpoint of them holds. Pure;
// knows no disk and no store.
#pragma once

#include "headway/result.hpp"
#include "host/checkpoint.hpp"
#include "host/workspace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace headway {

// One change of one name, in the order in which they are made.
struct RestoreStep {
  enum class Kind : std::uint8_t {
    open_folder,    // gets `mode`, so that its names can be changed
    remove_file,    // or link
    remove_folder,  // empty by then
    make_parent,    // a folder above the paths, made as mkdir does; it may be there by then
    make_folder,    // for its owner alone, until set_mode
    write,          // a file or link, whole and by one rename
    set_mode,       // of a file or folder
  };
  Kind kind = Kind::write;
  std::string path;
  std::uint32_t mode = 0;         // afterwards
  std::uint32_t mode_before = 0;  // of what is changed or removed
  std::string object{};           // write: its content
  bool is_link = false;           // write
  bool replaces = false;          // write: a file or link that is there

  friend bool operator==(const RestoreStep&, const RestoreStep&) = default;
};

// What becomes different, for people.
struct RestoreChange {
  enum class Kind : std::uint8_t { added, replaced, removed, mode };
  Kind kind = Kind::added;
  std::string path;

  friend bool operator==(const RestoreChange&, const RestoreChange&) = default;
};

// "added", "replaced", "removed", "mode".
std::string_view to_string(RestoreChange::Kind kind) noexcept;

// What is to be done. Plain value.
struct RestorePlan {
  std::vector<RestoreStep> steps;
  std::vector<RestoreChange> changes;  // sorted by path
  std::vector<std::string> left;       // folders that stay for what is in them and never touched
  std::int64_t same = 0;               // files and links that are as they were
};

// Both sides sorted by path; `found` is of the same look as `now`. Error conflict where something
// that is never touched stands in the place of what was saved.
Result<RestorePlan> plan_restore(const std::vector<SavedEntry>& now,
                                 const std::vector<SavedEntry>& then,
                                 const FoundNames& found);

}  // namespace headway
