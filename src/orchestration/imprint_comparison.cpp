// See imprint_comparison.hpp.
#include "orchestration/imprint_comparison.hpp"

#include "base/uuid.hpp"
#include "model/matrix_reader.hpp"
#include "orchestration/gate_evaluation.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <utility>

namespace headway {
namespace {

// With its length: no two lists of words look the same.
void add_word(DigestStream& stream, std::string_view word) {
  stream.add(std::to_string(word.size()) + ":");
  stream.add(word);
}

// A list without a shell and a text with one never look the same.
void add_command(DigestStream& stream, const StageCommand& command) {
  stream.add(command.is_script() ? "script" : "argv");
  const auto add = [&stream](const std::string& word) { add_word(stream, word); };
  add(command.script);
  std::for_each(command.argv.begin(), command.argv.end(), add);
  if (!command.arguments.empty()) {
    stream.add("arguments");
    std::for_each(command.arguments.begin(), command.arguments.end(), add);
  }
}

ContentDigest digest_of_command(const StageCommand& command) {
  DigestStream stream;
  add_command(stream, command);
  return stream.take();
}

// What the stage is judged by.
ContentDigest digest_of_gates(const Workflow& workflow, const Lane& lane, const Stage& stage) {
  DigestStream stream;
  for (const int number : stage.gates) {
    const Gate& gate = workflow.gates[static_cast<std::size_t>(number)];
    add_word(stream, gate.key);
    add_word(stream, to_string(gate.format));
    add_word(stream, gate.report);
    add_command(stream, gate.run.value_or(StageCommand()));
    for (const GateMetric& metric : gate.metrics) {
      add_word(stream, metric.name);
      add_word(stream, metric.where);
    }
    for (const auto& [metric, threshold] : thresholds_of(workflow, lane, number)) {
      add_word(stream, metric);
      add_word(stream, to_string(threshold));
    }
  }
  return stream.take();
}

// Walks two lists sorted by `name_of` in step and tells the pairs: one of the two is null where
// only the other list has that name.
template <typename T, typename Name, typename Tell>
void each_pair(const std::vector<T>& before, const std::vector<T>& now, Name name_of, Tell tell) {
  std::size_t i = 0, j = 0;
  while (i < before.size() || j < now.size()) {
    const bool only_before =
        j == now.size() || (i < before.size() && name_of(before[i]) < name_of(now[j]));
    const bool only_now =
        i == before.size() || (j < now.size() && name_of(now[j]) < name_of(before[i]));
    tell(only_now ? nullptr : &before[i], only_before ? nullptr : &now[j]);
    i += only_now ? 0 : 1;
    j += only_before ? 0 : 1;
  }
}

void compare_definition(const StageImprint& last, const StageImprint& now, StageCause& cause) {
  const auto name_of = [](const DefinitionPart& part) {
    return std::pair(part.is_variable, std::string_view(part.name));
  };
  each_pair(last.definition,
            now.definition,
            name_of,
            [&](const DefinitionPart* before, const DefinitionPart* after) {
              if (before != nullptr && after != nullptr && *before == *after) {
                return;
              }
              const DefinitionPart& one = after != nullptr ? *after : *before;
              const ChangedThing thing =
                  one.is_variable ? ChangedThing::environment : ChangedThing::definition;
              const ChangeKind kind = before == nullptr  ? ChangeKind::added
                                      : after == nullptr ? ChangeKind::removed
                                                         : ChangeKind::content;
              cause.add({thing, kind, one.name});
            });
}

// A further file among the outputs does not count: another stage may have left it.
void compare_files(ChangedThing thing,
                   const std::vector<FileFact>& last,
                   const std::vector<FileFact>& now,
                   StageCause& cause) {
  const auto name_of = [](const FileFact& file) { return std::string_view(file.path); };
  each_pair(last, now, name_of, [&](const FileFact* before, const FileFact* after) {
    if (before == nullptr) {
      if (thing == ChangedThing::input) {
        cause.add({thing, ChangeKind::added, after->path});
      }
      return;
    }
    if (after == nullptr) {
      cause.add({thing, ChangeKind::removed, before->path});
    } else if (before->kind != after->kind) {
      cause.add({thing, ChangeKind::kind, after->path});
    } else if (before->digest != after->digest) {
      cause.add({thing, ChangeKind::content, after->path});
    } else if (before->is_executable != after->is_executable) {
      cause.add({thing, ChangeKind::executable, after->path});
    }
  });
}

CauseKind kind_of(ChangedThing thing) {
  switch (thing) {
    case ChangedThing::definition:
      return CauseKind::definition_changed;
    case ChangedThing::environment:
      return CauseKind::environment_changed;
    case ChangedThing::input:
      return CauseKind::inputs_changed;
    case ChangedThing::output:
      return CauseKind::outputs_changed;
  }
  return CauseKind::inputs_changed;
}

// What is run, where, and how it is judged.
std::vector<DefinitionPart> parts_of(const Workflow& workflow,
                                     const Lane& lane,
                                     const Stage& stage) {
  std::vector<DefinitionPart> parts{{"dir", false, digest_of(stage.dir)}};
  if (lane.has_gates && !stage.gates.empty()) {
    parts.push_back({"gates", false, digest_of_gates(workflow, lane, stage)});
  }
  parts.push_back({"run", false, digest_of_command(stage.run)});
  return parts;
}

using Variables = std::map<std::string_view, ContentDigest>;

Variables variables_of(const EnvironmentList& list) {
  std::map<std::string_view, std::string_view> values;  // the last of a name
  for (const auto& [name, value] : list) {
    values[name] = value;
  }
  Variables variables;
  for (const auto& [name, value] : values) {
    variables.emplace_hint(variables.end(), name, digest_of(value));
  }
  return variables;
}

// Those of the workflow, with what the stage sets: `env`, then its matrix.
std::vector<DefinitionPart> variable_parts(const Variables& of_workflow, const Stage& stage) {
  EnvironmentList own = stage.env;
  for (const auto& [axis, value] : stage.matrix) {
    own.emplace_back(matrix_variable(axis), value);
  }
  Variables variables = variables_of(own);
  variables.insert(of_workflow.begin(), of_workflow.end());  // those that the stage does not set
  std::vector<DefinitionPart> parts;
  for (const auto& [name, digest] : variables) {
    parts.push_back({std::string(name), true, digest});
  }
  return parts;
}

std::uint64_t digest_of_parts(const std::vector<DefinitionPart>& parts) {
  std::string text;
  for (const DefinitionPart& part : parts) {
    text += part.name + "=" + to_hex(part.digest) + "\n";
  }
  return short_digest_of(text);
}

}  // namespace

std::vector<DefinitionPart> definition_of(const Workflow& workflow,
                                          const Lane& lane,
                                          const Stage& stage) {
  std::vector<DefinitionPart> parts = parts_of(workflow, lane, stage);
  std::vector<DefinitionPart> variables = variable_parts(variables_of(workflow.env), stage);
  std::move(variables.begin(), variables.end(), std::back_inserter(parts));
  return parts;
}

StageDigests::StageDigests(const Workflow& workflow, const Lane& lane)
    : workflow_(workflow),
      lane_(lane),
      variables_(variables_of(workflow.env)),
      usual_environment_(digest_of_parts(variable_parts(variables_, Stage()))) {}

DefinitionDigests StageDigests::of(const Stage& stage) const {
  const bool is_usual = stage.env.empty() && stage.matrix.empty();
  return {digest_of_parts(parts_of(workflow_, lane_, stage)),
          is_usual ? usual_environment_ : digest_of_parts(variable_parts(variables_, stage))};
}

StageCause compare_imprints(const StageImprint& last, const StageImprint& now) {
  StageCause cause;
  cause.inputs = static_cast<int>(now.inputs.size());
  compare_definition(last, now, cause);
  compare_files(ChangedThing::input, last.inputs, now.inputs, cause);
  compare_files(ChangedThing::output, last.outputs, now.outputs, cause);
  if (cause.count == 0) {
    cause.kind = CauseKind::up_to_date;
    cause.detail = short_id(last.run_id);
  } else {
    cause.kind = kind_of(cause.changes.front().thing);
  }
  return cause;
}

}  // namespace headway
