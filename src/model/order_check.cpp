// See order_check.hpp.
#include "model/order_check.hpp"

#include "base/path_patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>

namespace headway {
namespace {

// A stage that says what it writes, or what it reads.
struct Writer {
  const Stage* stage;
  std::vector<std::string> outputs;  // that mean something
};
struct Reader {
  const Stage* stage;
  PathPatterns inputs, own_outputs;
};

std::vector<Writer> writers_of(const Workflow& workflow) {
  std::vector<Writer> writers;
  for (const Stage& stage : workflow.stages) {
    std::vector<std::string> outputs;
    for (const std::string& glob : stage.files.outputs) {
      if (!glob.starts_with('!')) {
        outputs.push_back(glob.substr(0, glob.find_last_not_of('/') + 1));
      }
    }
    if (!outputs.empty()) {
      writers.push_back({&stage, std::move(outputs)});
    }
  }
  return writers;
}

std::vector<Reader> readers_of(const Workflow& workflow) {
  std::vector<Reader> readers;
  for (const Stage& stage : workflow.stages) {
    auto inputs = PathPatterns::parse(stage.files.inputs);
    auto outputs = PathPatterns::parse(stage.files.outputs);
    if (inputs && outputs && !inputs->empty()) {
      readers.push_back({&stage, std::move(*inputs), std::move(*outputs)});
    }
  }
  return readers;
}

bool is_literal(const std::string& glob) {
  return glob.find_first_of("*?[{\\") == std::string::npos;
}

bool has(const std::vector<std::string>& globs, const std::string& glob) {
  return std::find(globs.begin(), globs.end(), glob) != globs.end();
}

// What the reader certainly reads of what the writer writes; empty: nothing. What a stage writes
// itself it does not read.
std::string shared_path(const Writer& writer, const Reader& reader) {
  const StageFiles& files = reader.stage->files;
  for (const std::string& output : writer.outputs) {
    const bool reads = is_literal(output)
                           ? reader.inputs.matches(output) && !reader.own_outputs.matches(output)
                           : has(files.inputs, output) && !has(files.outputs, output);
    if (reads) {
      return output;
    }
  }
  return {};
}

bool needs(const Workflow& workflow, const Stage& stage, int other) {
  std::vector<int> open = stage.needs;
  std::vector<bool> seen(workflow.stages.size());
  while (!open.empty()) {
    const int need = open.back();
    open.pop_back();
    if (need == other) {
      return true;
    }
    if (!seen[static_cast<std::size_t>(need)]) {
      seen[static_cast<std::size_t>(need)] = true;
      const auto& further = workflow.stages[static_cast<std::size_t>(need)].needs;
      open.insert(open.end(), further.begin(), further.end());
    }
  }
  return false;
}

// (`always` stages come after all else)
bool may_meet(const Workflow& workflow, const Stage& a, const Stage& b) {
  return &a != &b && a.always == b.always && !needs(workflow, a, b.stage_id) &&
         !needs(workflow, b, a.stage_id);
}

std::string file_of(const Workflow& workflow, Position at) {
  const std::size_t slash = workflow.file.rfind('/');
  return at.source == 0 ? workflow.file : workflow.file.substr(0, slash + 1) + "headway-local.yaml";
}

}  // namespace

std::vector<Problem> unordered_reads(const Workflow& workflow) {
  const std::vector<Writer> writers = writers_of(workflow);
  const std::vector<Reader> readers = readers_of(workflow);
  std::vector<Problem> found;
  if (writers.size() * readers.size() > kMostComparedPairs) {
    return found;
  }
  for (const Reader& reader : readers) {
    for (const Writer& writer : writers) {
      const std::string path = shared_path(writer, reader);
      if (!path.empty() && may_meet(workflow, *writer.stage, *reader.stage)) {
        found.push_back(
            {file_of(workflow, reader.stage->at),
             reader.stage->at,
             fmt::format("stage '{}' reads '{}', which '{}' writes, and neither needs the other",
                         reader.stage->key,
                         path,
                         writer.stage->key)});
      }
    }
  }
  return found;
}

}  // namespace headway
