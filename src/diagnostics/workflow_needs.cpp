// See workflow_needs.hpp.
#include "diagnostics/workflow_needs.hpp"

#include "base/files.hpp"
#include "diagnostics/command_words.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace headway {
namespace {

// (busybox has the name of a program before it)
constexpr std::array<std::string_view, 13> kInterpreters{"sh",
                                                         "bash",
                                                         "dash",
                                                         "ksh",
                                                         "zsh",
                                                         "python",
                                                         "python3",
                                                         "perl",
                                                         "ruby",
                                                         "node",
                                                         "lua",
                                                         "php",
                                                         "Rscript"};

bool is_interpreter(std::string_view name) {
  return std::find(kInterpreters.begin(), kInterpreters.end(), name) != kInterpreters.end();
}

// The value of a variable in the environment that the file gives; nothing where it gives none.
std::string given_path(const Workflow& workflow, const Stage& stage) {
  std::string path;
  for (const EnvironmentList* list : {&workflow.env, &stage.env}) {
    for (const auto& [name, value] : *list) {
      path = name == "PATH" ? value : path;
    }
  }
  return path;
}

// One stage, with what its command's text is judged by.
struct StageView {
  const Stage& stage;
  std::string directory;
  std::string path;
  bool counts = false;  // in the lane, and must succeed
};

void add_tool(const StageView& view, const CommandWord& word, WorkflowNeeds& needs) {
  const auto same = [&](const ToolNeed& tool) { return tool.name == word.program; };
  auto tool = std::find_if(needs.tools.begin(), needs.tools.end(), same);
  if (tool == needs.tools.end()) {
    tool = needs.tools.insert(needs.tools.end(), ToolNeed{});
    tool->name = word.program;
    tool->path = view.path;
    tool->directory = view.directory;
  }
  const bool is_certain = view.counts && word.is_certain;
  if (is_certain && !tool->is_certain) {
    tool->path = view.path;
    tool->directory = view.directory;
  }
  tool->is_certain = tool->is_certain || is_certain;
  if (std::find(tool->stages.begin(), tool->stages.end(), view.stage.key) == tool->stages.end()) {
    tool->stages.push_back(view.stage.key);
  }
}

void add_script(const StageView& view,
                const CommandWord& word,
                const std::string& shown,
                WorkflowNeeds& needs) {
  ScriptNeed script;
  script.shown = shown;
  script.file = absolute_path(view.directory, shown);
  script.stage = view.stage.key;
  script.interpreter = shown == word.program ? "" : word.program;
  script.is_certain = view.counts && word.is_certain;
  script.may_be_made = !view.stage.needs.empty();
  needs.scripts.push_back(std::move(script));
}

void add_word(const StageView& view, const CommandWord& word, WorkflowNeeds& needs) {
  const bool is_path = word.program.find('/') != std::string::npos;
  if (!is_path) {
    add_tool(view, word, needs);
  } else if (!word.is_moved || word.program.starts_with('/')) {
    add_script(view, word, word.program, needs);
  }
  if (is_interpreter(word.program) && !word.arguments.empty() && !word.is_moved) {
    const std::string& file = word.arguments.front();
    if (!file.empty() && file.front() != '-') {
      add_script(view, word, file, needs);
    }
  }
}

void raise(MostOf& most, const std::string& stage, double amount) {
  if (amount > most.amount) {
    most = {stage, amount};
  }
}

}  // namespace

WorkflowNeeds needs_of(const Workflow& workflow,
                       const Lane& lane,
                       const std::map<std::string, std::int64_t>& peaks) {
  WorkflowNeeds needs;
  needs.file = workflow.file;
  needs.directory = workflow.directory;
  needs.name = workflow.name;
  needs.lane = lane.key;
  needs.stages = static_cast<int>(lane.stages.size());
  needs.jobs = lane.parallel ? 0 : 1;
  needs.secrets = workflow.secrets;
  for (std::size_t at = 0; at < workflow.stages.size(); ++at) {
    const Stage& stage = workflow.stages[at];
    const bool is_in_lane =
        std::binary_search(lane.stages.begin(), lane.stages.end(), static_cast<int>(at));
    if (is_in_lane) {
      raise(needs.cpus, stage.key, stage.resources.cpus);
      raise(needs.declared_memory, stage.key, static_cast<double>(stage.resources.memory_bytes));
      const auto peak = peaks.find(stage.key);
      raise(needs.peak_memory,
            stage.key,
            peak == peaks.end() ? 0 : static_cast<double>(peak->second));
    }
    const StageView view{stage,
                         absolute_path(workflow.directory, stage.dir),
                         given_path(workflow, stage),
                         is_in_lane && !stage.allow_failure};
    for (const CommandWord& word : programs_of(stage.run)) {
      add_word(view, word, needs);
    }
  }
  return needs;
}

}  // namespace headway
