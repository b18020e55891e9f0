// WfTrace: one recorded run of a workflow in WfFormat (wfcommons.org), the tasks with what they
// needed and how long they took. Knows nothing of scheduling.
#pragma once

#include "headway/result.hpp"
#include "headway/types.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One task as it ran.
struct WfTask {
  std::string id;    // unique in its trace
  std::string name;  // of people
  Seconds runtime{};
  std::int64_t memory_bytes = 0;  // 0: not recorded
  double cores = 1;               // as requested; > 0
  std::int64_t input_bytes = 0;   // of all files it reads; 0: not recorded
  double cpu_percent = 0;         // on average, 100: one CPU busy; 0: not recorded
  std::vector<int> needs;         // by position; ascending, each once
};

// A whole run. The needs have no cycle.
struct WfTrace {
  std::string name;
  Seconds makespan{};  // as recorded, 0: not recorded
  std::vector<WfTask> tasks;
};

// Schema 1.5 (specification and execution apart), and 1.2 to 1.4 (both in one task; parents by id
// or by name). A need counts where either side tells it: `parents` or `children`. Errors (parse)
// name `source`, the task and what is wrong with it: no JSON, no tasks, an id missing or there
// twice, a relative that does not exist, a cycle, a runtime that is missing, negative or longer
// than a century. `unsupported` where the schema is older.
Result<WfTrace> parse_wf_trace(std::string_view text, std::string_view source);
// The same from a file of at most 1 GiB.
Result<WfTrace> read_wf_trace(const std::string& path);

// The stage that a task belongs to: its name without the trailing "_ID..." or "_<number>".
// `cut_at_digit`: also without its first digit and what follows, for workflows that put the data
// set into the name. Never empty unless the name is.
std::string_view wf_stage_name(std::string_view task_name, bool cut_at_digit = false);

// What kind of work a task does, for any workflow: its stage with every number in it as one '#', so
// that "map_s_1_part_22_ID07" and "map_s_2_part_3_ID11" are of one kind. Numbers tell data apart,
// hardly ever work.
std::string wf_task_kind(std::string_view task_name);

}  // namespace headway
