// libFuzzer target: any bytes as a workflow file. Beyond "no crash": a file is either valid or has
// problems with a place, and what is valid can be selected from and has indices in range.
// Build: clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined, with the sources of the
// layers base and model, -lyaml -lfmt.
#include "model/selection.hpp"
#include "model/workflow_file.hpp"

#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

void require(bool holds) {
  if (!holds) {
    abort();
  }
}

void check_problems(const headway::LoadedWorkflow& loaded) {
  headway::Position last;
  for (const headway::Problem& problem : loaded.problems) {
    require(!problem.message.empty() && !to_string(problem).empty());
    require(problem.at.line > last.line ||
            (problem.at.line == last.line && problem.at.column >= last.column));
    last = problem.at;
  }
}

void check_workflow(const headway::Workflow& workflow) {
  require(!workflow.stages.empty() && !workflow.lanes.empty());
  const int count = static_cast<int>(workflow.stages.size());
  for (const headway::Stage& stage : workflow.stages) {
    require(stage.run.script.empty() != stage.run.argv.empty());
    for (const int need : stage.needs) {
      require(need >= 0 && need < count);
    }
  }
  for (const headway::Lane& lane : workflow.lanes) {
    require(select_stages(workflow, {lane.key, {}}).has_value());
    for (const int stage : lane.stages) {
      require(stage >= 0 && stage < count);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const headway::LoadedWorkflow loaded = headway::parse_workflow(text, "headway.yaml", "/");
  check_problems(loaded);
  if (loaded.valid()) {
    check_workflow(loaded.workflow);
  }
  return 0;
}
