// Lanes, usable on their own: the registry of lanes, what a change is (from git), and which lane it
// takes by the built-in rules. Knows no workflow file.
// layer: change
#pragma once

#include "headway/result.hpp"
#include "headway/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// What the quality gates of a lane ask for. Nothing: not asked.
struct LaneThresholds {
  std::optional<double> test_pass_rate_min{};  // percent
  std::optional<double> coverage_min{};        // percent of lines
  std::optional<int> lint_errors_max{}, type_errors_max{}, high_findings_max{};

  bool operator==(const LaneThresholds&) const = default;
};

// One lane of the change process. A copy is independent of the registry.
struct LaneConfig {
  std::string name{};
  std::string description{};
  std::vector<int> stages{};  // numbers, ascending
  Seconds max_duration{};     // the target for the whole run; 0: none
  bool quality_gates_enabled = true;
  bool parallel = true;
  bool warns_on_code = false;  // code in such a change is told
  bool strict_thresholds = false;
  LaneThresholds thresholds;
  std::vector<std::pair<std::string, std::string>> metadata{};
};

// The lanes by name: at first docs, standard and heavy of the change process with its 13 stages, 0
// to 12. Not synchronised; const access is safe from any thread.
class LaneRegistry {
 public:
  LaneRegistry();

  std::vector<std::string> names() const;  // in the order they were added
  // A copy of that lane. Error not_found lists the lanes, with the nearest name.
  Result<LaneConfig> get(std::string_view name) const;
  // The same, with the lane `fallback` where there is none of that name.
  Result<LaneConfig> get(std::string_view name, std::string_view fallback) const;
  // Adds a lane, or puts it in the place of the one of that name. Error invalid_argument: no name,
  // "auto", no stage, a stage that is not in 0..12, or a negative target.
  Result<void> add(LaneConfig lane);
  // Custom lanes of the original: `{"NAME": {"description", "stages", "parallel", "timeout",
  // "quality_gates", "metadata"}}`, times in seconds. "quality_gates" is true, false, or an object
  // of thresholds under the names of LaneThresholds. All or none are added; a key or a value that
  // is none of these is named.
  Result<void> import_json(std::string_view text);

 private:
  const LaneConfig* find(std::string_view name) const noexcept;

  std::vector<LaneConfig> lanes_;
};

// What a file of a change is.
enum class FileRole {
  code,   // a programming language, wherever it lies
  test,   // code, or what code reads, in a place for tests
  docs,   // text for people
  ci,     // what a CI system runs
  build,  // how it is built and what it depends on; lock files
  other
};

// "code", "test", ...: the spelling in JSON. Never fails.
std::string_view to_string(FileRole kind) noexcept;

// What a path says. `language` is empty where it is no code.
struct FileClass {
  FileRole kind = FileRole::other;
  std::string_view language{};
};
// By the path alone (with '/'); an executable file of an unknown kind is a script. Pure.
FileClass classify_file(std::string_view path, bool executable = false) noexcept;

// One file of a change. Lines are 0 where it is binary or a submodule.
struct ChangedFile {
  std::string path{};      // relative to the work tree's root
  std::string old_path{};  // of a renamed one; else empty
  long long lines_added = 0;
  long long lines_deleted = 0;
  bool binary = false;
  bool submodule = false;
  bool executable = false;
};

// What is different from a base: commits since, index, working tree and untracked files.
struct Change {
  std::string root{};                   // of the work tree; empty: no repository
  std::string base{};                   // a commit in full; empty: none is known
  std::string base_source{};            // where that comes from, or why there is none, in words
  bool counts_everything = false;       // no base is known: `files` are all there are
  bool knows_files = true;              // false: not even which files there are
  bool knows_lines = true;              // false: some lines were not counted
  std::vector<ChangedFile> files{};     // by path, each once
  std::vector<std::string> messages{};  // of the commits since the base, newest first

  bool empty() const noexcept { return files.empty() && messages.empty() && knows_files; }
  long long lines_added() const noexcept;
  long long lines_deleted() const noexcept;
  long long count(FileRole kind) const noexcept;
};

// Code among the files of a change, by language, most files first; code of tests and scripts count.
struct LanguageCount {
  std::string_view language{};
  int files = 0;
};
std::vector<LanguageCount> code_in(const Change& change);

// How a change is read.
struct ChangeOptions {
  std::string base{};         // a revision; empty: as the repository and the CI system say
  bool with_messages = true;  // the built-in rules look at them
  std::vector<std::string> environment{};  // "NAME=value": what a CI system says there
};

// Asks git about the repository around `directory`, reading only. Where nothing can be known the
// Change says so; an error is only a base that the caller named and git does not know
// (invalid_argument).
Result<Change> read_change(const std::string& directory, const ChangeOptions& options = {});

// One rule, and what it found.
struct LaneRule {
  std::string rule{};  // a stable name such as "only_documents"
  std::string lane{};  // that it leads to
  bool holds = false;
  std::string fact{};  // in words, with the numbers
};

// Which lane a change takes.
struct LaneDecision {
  std::string lane{};
  std::string rule{};             // that decided
  std::string why{};              // its fact
  std::vector<LaneRule> rules{};  // all of them, in their order
};

// By the built-in rules (docs/reference/lanes.md): heavy, docs or standard. Pure.
LaneDecision choose_lane(const Change& change);

}  // namespace headway
