// Folders and profiles into families. See recorded_families.hpp.
#include "cli/project/recorded_families.hpp"

#include "timing/wf_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <unordered_map>

namespace headway::cli {
namespace {

// Older runs say little about how good estimates are now.
constexpr int kMostRuns = 100;

// What is usual of a path: its last part.
std::string last_part(const std::filesystem::path& path) {
  const auto name = path.filename();
  return name.empty() ? path.parent_path().filename().string() : name.string();
}

// Of the tasks that ended well: a run of the workflow as it is now.
RecordedRun run_of(const WorkflowTimingProfile& profile, const Workflow& workflow) {
  std::unordered_map<std::string_view, const Stage*> stages;
  for (const Stage& stage : workflow.stages) {
    stages.emplace(stage.key, &stage);
  }
  RecordedRun run;
  std::unordered_map<std::string_view, int> position;
  for (const StageTimingData& stage : profile.stages) {
    if (stage.status == StageStatus::completed && stages.contains(stage.stage_key)) {
      position.emplace(stage.stage_key, static_cast<int>(run.tasks.size()));
      run.tasks.push_back({stage.stage_key,
                           std::string(stage_group(stage.stage_key)),
                           std::max(0.0, stage.duration.count())});
    }
  }
  std::vector<std::vector<int>> needs(run.tasks.size());
  for (std::size_t task = 0; task < needs.size(); ++task) {
    for (const int need : stages.at(run.tasks[task].key)->needs) {
      const auto found = position.find(workflow.stages[static_cast<std::size_t>(need)].key);
      if (found != position.end()) {
        needs[task].push_back(found->second);
      }
    }
  }
  run.graph = CsrGraph(needs);
  return run;
}

}  // namespace

Result<RecordedFamilies> read_trace_families(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code failed;
  std::vector<fs::path> paths;
  for (fs::recursive_directory_iterator
           entry(folder, fs::directory_options::follow_directory_symlink, failed),
       end;
       !failed && entry != end;
       entry.increment(failed)) {
    std::error_code unreadable;
    if (entry->path().extension() == ".json" && !entry->is_directory(unreadable)) {
      paths.push_back(entry->path());
    }
  }
  if (failed) {
    return Error{ErrorCode::not_found,
                 fmt::format("read the traces of '{}': {}", folder, failed.message()),
                 "give a folder of WfFormat files; a subfolder is a family"};
  }
  if (paths.empty()) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("read the traces of '{}': there is no .json file in it", folder),
                 "give a folder of WfFormat files; a subfolder is a family"};
  }
  std::sort(paths.begin(), paths.end());
  RecordedFamilies found;
  std::map<std::string, RecordedFamily> families;
  for (const fs::path& path : paths) {
    const auto trace = read_wf_trace(path.string());
    if (!trace) {
      found.skipped.emplace_back(path.string(), trace.error().message);
      continue;
    }
    RecordedFamily& family = families[path.parent_path().string()];
    family.name = last_part(path.parent_path());
    family.runs.push_back(recorded_run(*trace, last_part(path)));
  }
  for (auto& [unused, family] : families) {
    found.families.push_back(std::move(family));
  }
  return found;
}

Result<RecordedFamilies> read_own_families(const std::string& history_path,
                                           const Workflow& workflow) {
  RecordedFamilies found;
  const auto history = History::open_read_only(history_path);
  if (!history) {
    return history.error().code == ErrorCode::not_found ? Result<RecordedFamilies>(found)
                                                        : history.error();
  }
  auto profiles = history->profiles(kMostRuns);
  if (!profiles) {
    return std::move(profiles).error();
  }
  for (const Lane& lane : workflow.lanes) {
    RecordedFamily family{lane.key, {}, true};
    for (auto profile = profiles->rbegin(); profile != profiles->rend(); ++profile) {
      if (profile->workflow == workflow.name && profile->lane == lane.key &&
          is_complete_run(*profile)) {
        RecordedRun run = run_of(*profile, workflow);
        run.name = profile->workflow_id;
        family.runs.push_back(std::move(run));
      }
    }
    if (!family.runs.empty()) {
      found.families.push_back(std::move(family));
    }
  }
  return found;
}

}  // namespace headway::cli
