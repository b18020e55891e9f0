// The root of the workflow file: see the header.
#include "model/workflow_reader.hpp"

#include "model/commits_reader.hpp"
#include "model/gate_reader.hpp"
#include "model/hook_reader.hpp"
#include "model/lane_reader.hpp"
#include "model/needs_reader.hpp"
#include "model/stage_reader.hpp"

#include <fmt/format.h>

#include <deque>
#include <string>
#include <utility>

namespace headway {
namespace {

constexpr std::int64_t kFileVersion = 1;

// Reads the parts in the order in which they need each other, whatever their order in the file.
class WorkflowReader {
 public:
  WorkflowReader(ProblemList& problems, Workflow& workflow)
      : reader_(problems), problems_(problems), workflow_(workflow) {}

  void read(const YamlNode& root);

 private:
  void read_root_entry(const YamlNode& key, const YamlNode& value);
  void check_version(const YamlNode& version);
  void read_stages(const YamlNode& value, const StageDefaults& defaults);
  void check_lanes_of_conditions();
  bool accept_stage_key(const YamlNode& key);
  int next_stage() const { return static_cast<int>(workflow_.stages.size()); }
  void add_stage(Stage stage) {
    stage.stage_id = next_stage();
    workflow_.stages.push_back(std::move(stage));
  }

  ValueReader reader_;
  ProblemList& problems_;
  Workflow& workflow_;
  const YamlNode* version_ = nullptr;
  const YamlNode* defaults_ = nullptr;
  const YamlNode* stages_ = nullptr;
  const YamlNode* lanes_ = nullptr;
  const YamlNode* gates_ = nullptr;
  const YamlNode* hooks_ = nullptr;
  std::deque<std::string> matrix_keys_;  // of single stages: what `index_` looks at
  StageIndex index_;
  std::vector<StageDraft> drafts_;  // beside the stages
};

void WorkflowReader::read(const YamlNode& root) {
  if (!root.is_mapping()) {
    problems_.add(root.at(), "the file must be a mapping: start with 'version: 1' and 'stages:'");
    return;
  }
  for (const auto& [key, value] : root.entries()) {
    if (reader_.accept_key(KeyScope::root, {}, key)) {
      read_root_entry(key, value);
    }
  }
  if (version_ == nullptr) {
    problems_.add(root.at(), "the workflow has no 'version': add 'version: 1' at the top");
  } else {
    check_version(*version_);
  }
  const StageDefaults defaults =
      defaults_ == nullptr ? StageDefaults() : read_defaults(reader_, *defaults_);
  if (gates_ != nullptr) {
    workflow_.gates = read_gates(reader_, *gates_);
  }
  if (stages_ == nullptr) {
    problems_.add(root.at(), "the workflow has no 'stages'");
  } else {
    read_stages(*stages_, defaults);
  }
  if (hooks_ != nullptr) {
    read_hooks(reader_, index_, *hooks_, workflow_.stages);
  }
  workflow_.lanes = lanes_ == nullptr
                        ? built_in_lanes(workflow_.stages.size(), workflow_.gates)
                        : read_lanes(reader_, *lanes_, {index_, workflow_.stages, workflow_.gates});
  check_lanes_of_conditions();
}

void WorkflowReader::read_root_entry(const YamlNode& key, const YamlNode& value) {
  const FileField field{{}, key.text, value};
  if (key.text == "version") {
    version_ = &value;
  } else if (key.text == "name") {
    reader_.read_name(field, workflow_.name);
  } else if (key.text == "env") {
    reader_.read_environment(field, workflow_.env);
  } else if (key.text == "defaults") {
    defaults_ = &value;
  } else if (key.text == "stages") {
    stages_ = &value;
  } else if (key.text == "lanes") {
    lanes_ = &value;
  } else if (key.text == "gates") {
    gates_ = &value;
  } else if (key.text == "hooks") {
    hooks_ = &value;
  } else if (key.text == "commits") {
    read_commits(reader_, value, workflow_.commits);
  } else {
    reader_.read_names(field, "name of a variable", workflow_.secrets);
  }
}

void WorkflowReader::check_version(const YamlNode& version) {
  const auto number = version.as_integer();
  if (!number) {
    reader_.refuse({{}, "version", version}, "the number 1");
  } else if (*number != kFileVersion) {
    problems_.add(version.at(),
                  fmt::format("version {} of the file is not known: this headway reads version {}",
                              *number,
                              kFileVersion));
  }
}

void WorkflowReader::read_stages(const YamlNode& value, const StageDefaults& defaults) {
  if (!reader_.accept_mapping({{}, "stages", value}, "a mapping of stages")) {
    return;
  }
  if (value.entries().empty()) {
    problems_.add(value.at(), "'stages' is empty: a workflow has at least one");
    return;
  }
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : value.entries()) {
    ++count;
  }
  std::vector<StageDraft>& drafts = drafts_;
  drafts.reserve(count);
  workflow_.stages.reserve(count);
  index_.reserve(count);
  for (const auto& entry : value.entries()) {
    if (!accept_stage_key(entry.key) || index_.contains(entry.key.text)) {
      continue;
    }
    StageDraft draft;
    Stage stage = read_stage(reader_, entry, defaults, draft);
    const int first = static_cast<int>(workflow_.stages.size());
    if (draft.matrix.empty()) {
      add_stage(std::move(stage));
    } else {
      for (Stage& one : expand_matrix(reader_, stage, draft.matrix)) {
        index_.emplace(matrix_keys_.emplace_back(one.key), StageRange{next_stage()});
        add_stage(std::move(one));
      }
    }
    const StageRange made{first, next_stage() - first};
    index_.emplace(entry.key.text, made);
    drafts.insert(drafts.end(), static_cast<std::size_t>(made.count), draft);
  }
  read_needs(reader_, index_, drafts, workflow_.stages);
  read_stage_gates(reader_, workflow_.gates, drafts, workflow_.stages);
}

// The lanes that `when` names, now that they are known.
void WorkflowReader::check_lanes_of_conditions() {
  std::vector<std::string_view> known;
  for (const Lane& lane : workflow_.lanes) {
    known.emplace_back(lane.key);
  }
  for (const StageDraft& draft : drafts_) {
    if (draft.when == nullptr) {
      continue;
    }
    for (const auto& [key, lanes] : draft.when->entries()) {
      if (key.text != "lanes") {
        continue;
      }
      for (const YamlNode& lane : lanes.items()) {
        if (lane.is_scalar() && workflow_.find_lane(lane.text) == nullptr) {
          problems_.add(
              lane.at(),
              fmt::format(
                  "'when' of stage '{}' has unknown lane '{}'", draft.key->text, shown(lane.text)),
              problems_.suggest(lane.text, known));
        }
      }
    }
  }
}

bool WorkflowReader::accept_stage_key(const YamlNode& key) {
  if (is_refused_key(key)) {
    return false;
  }
  if (is_identifier(key.text)) {
    return true;
  }
  problems_.add(key.at(),
                fmt::format("'{}' is no name for a stage: {}", shown(key.text), kNameRule));
  return false;
}

}  // namespace

void read_workflow(const YamlNode& root, ProblemList& problems, Workflow& workflow) {
  WorkflowReader(problems, workflow).read(root);
}

}  // namespace headway
