// See conditions.hpp.
#include "orchestration/conditions.hpp"

#include "base/path_patterns.hpp"
#include "base/text.hpp"
#include "model/matrix_reader.hpp"
#include "orchestration/stage_environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace headway {
namespace {

// Answers for one plan; asks for the change when it is first needed.
class Conditions {
 public:
  Conditions(const RunPlan& plan, const ConditionFacts& facts) : plan_(plan), facts_(facts) {}

  // Why the condition of that stage does not hold; "" where it does.
  std::string unmet(const Stage& stage) {
    const StageCondition& when = stage.when;
    const std::string& lane = plan_.selection.lane->key;
    if (!when.lanes.empty() &&
        std::find(when.lanes.begin(), when.lanes.end(), lane) == when.lanes.end()) {
      return fmt::format("it runs in lane {} only", join(when.lanes, ", "));
    }
    for (const std::string& name : when.env_set) {
      if (value_of(stage, name).empty()) {
        return fmt::format("{} is not set", name);
      }
    }
    for (const auto& [name, value] : when.env) {
      if (value_of(stage, name) != value) {
        return fmt::format("{} is not '{}'", name, value);
      }
    }
    if (!when.changed.empty() && !has_changed(when.changed)) {
      return fmt::format("no changed file matches {}", join(when.changed, ", "));
    }
    return "";
  }

  std::string trouble() const { return changed_ ? changed_->unknown : ""; }

 private:
  // As the stage sees it: its matrix wins, then its `env`, then that of the workflow file.
  std::string_view value_of(const Stage& stage, std::string_view name) const {
    for (const auto& [axis, value] : stage.matrix) {
      if (matrix_variable(axis) == name) {
        return value;
      }
    }
    for (const EnvironmentList* own : {&stage.env, &plan_.workflow->env}) {
      for (auto at = own->rbegin(); at != own->rend(); ++at) {
        if (at->first == name) {
          return at->second;
        }
      }
    }
    for (const std::string_view entry : facts_.environment) {
      if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
        return entry.substr(name.size() + 1);
      }
    }
    return {};
  }

  bool has_changed(const std::vector<std::string>& globs) {
    if (!changed_) {
      changed_ = facts_.changed();
    }
    const auto patterns = PathPatterns::parse(globs);  // checked with the file
    return !changed_->unknown.empty() || !patterns ||
           std::any_of(changed_->paths.begin(), changed_->paths.end(), [&](const auto& path) {
             return patterns->matches(path);
           });
  }

  const RunPlan& plan_;
  const ConditionFacts& facts_;
  std::optional<ChangedPaths> changed_;
};

}  // namespace

std::string apply_conditions(RunPlan& plan, const ConditionFacts& facts) {
  const std::vector<std::string> seen = inherited_environment(facts.environment);
  const ConditionFacts as_seen{seen, facts.changed};
  Conditions conditions(plan, as_seen);
  plan.unmet.clear();
  for (int position = 0; position < plan.size(); ++position) {
    if (plan.stage(position).when.empty()) {
      continue;
    }
    if (std::string why = conditions.unmet(plan.stage(position)); !why.empty()) {
      plan.unmet.resize(static_cast<std::size_t>(plan.size()));
      plan.unmet[static_cast<std::size_t>(position)] = std::move(why);
    }
  }
  return conditions.trouble();
}

}  // namespace headway
