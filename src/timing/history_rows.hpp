// What the files of History share: its state, and values as its tables hold them.
#pragma once

#include "timing/history.hpp"
#include "timing/sqlite_database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace headway {

// Nearest microsecond; what has no such number is 0 or the furthest one.
std::int64_t to_micros(Seconds span);
std::int64_t to_micros(WallTime time);
Seconds from_micros(std::int64_t micros);
WallTime wall_time(std::int64_t micros);

// The facts of a run that have columns of their own; the others are rows of `metadata`. Views into
// the profile.
struct HistoryFacts {
  std::string_view run_id, commit, host;  // empty: none
  std::optional<std::int64_t> status;     // of RunStatus
  std::optional<std::int64_t> jobs;
  std::vector<const std::pair<std::string, std::string>*> others;
};
HistoryFacts facts_of(const WorkflowTimingProfile& profile);

// A text in its packed form where it has one (packed_id.hpp), else as it is, and back; null: empty.
class PackedText {
 public:
  using Pack = std::optional<std::string> (*)(std::string_view);
  PackedText(std::string_view text, Pack pack) : text_(text), packed_(pack(text)) {}
  // This must live until the statement has run.
  void bind(SqliteStatement& statement, int index) const noexcept;

 private:
  std::string_view text_;
  std::optional<std::string> packed_;
};
std::string unpacked(const SqliteStatement& row,
                     int column,
                     std::string (*unpack)(std::string_view));

// The open file. Statements for saving are made when first needed.
struct History::State {
  SqliteDatabase database;
  std::unordered_map<std::string, std::int64_t> names;  // seen in this transaction
  SqliteStatement find_name, add_name, find_series, add_series, add_stage;

  Result<void> prepare_writing();
  Result<std::int64_t> name_id(const std::string& name);
  Result<std::int64_t> series_id(std::int64_t workflow, std::int64_t lane, std::string_view key);
  Result<bool> has_run(std::string_view run_id) const;
  Result<std::int64_t> save_run(const WorkflowTimingProfile& profile,
                                const HistoryFacts& facts,
                                std::int64_t workflow,
                                std::int64_t lane);
  Result<void> save_metadata(std::int64_t run, const HistoryFacts& facts);
  Result<void> save_stages(std::int64_t run,
                           const WorkflowTimingProfile& profile,
                           std::int64_t workflow,
                           std::int64_t lane);
  static Result<std::vector<StageSample>> read_samples(SqliteStatement& rows);
  Result<WorkflowTimingProfile> load_run(std::int64_t run) const;
  Result<void> load_stages(std::int64_t run, WorkflowTimingProfile& profile) const;
};

}  // namespace headway
