// See lane_rules.hpp. The built-in rules are those of docs/reference/lanes.md, in that order.
#include "change/lane_rules.hpp"

#include "base/path_patterns.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace headway {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::infinity();  // more than any limit

// The paths of a change as the globs of a workflow file see them; of a renamed file both names.
class ChangedPaths {
 public:
  ChangedPaths(const Workflow& workflow, const Change& change)
      : workflow_(workflow), change_(change) {
    std::string folder;
    const std::string below = change.root == "/" ? "/" : change.root + "/";
    if (!change.root.empty() && workflow.directory.starts_with(below)) {
      folder = workflow.directory.substr(below.size());
    }
    for (const ChangedFile& file : change.files) {
      names_.push_back({path_from(folder, file.path),
                        file.old_path.empty() ? "" : path_from(folder, file.old_path)});
    }
  }

  const Workflow& workflow() const noexcept { return workflow_; }
  const Change& change() const noexcept { return change_; }

  // The change without the files whose names all match.
  Change without(const PathPatterns& patterns) const {
    Change rest = change_;
    rest.files.clear();
    for (std::size_t at = 0; at < names_.size(); ++at) {
      const auto& [name, old_name] = names_[at];
      if (!patterns.matches(name) || !(old_name.empty() || patterns.matches(old_name))) {
        rest.files.push_back(change_.files[at]);
      }
    }
    return rest;
  }

  // How many files have a name that matches, and the first that has one that does not.
  struct Matches {
    long long any = 0;
    std::string first_match;
    std::string first_other;
  };
  Matches match(const PathPatterns& patterns) const {
    Matches found;
    for (const auto& [name, old_name] : names_) {
      const bool is_match = patterns.matches(name);
      const bool is_old_match = old_name.empty() ? is_match : patterns.matches(old_name);
      if (is_match || is_old_match) {
        found.first_match = found.any++ == 0 ? (is_match ? name : old_name) : found.first_match;
      }
      if ((!is_match || !is_old_match) && found.first_other.empty()) {
        found.first_other = is_match ? old_name : name;
      }
    }
    return found;
  }

 private:
  struct Names {
    std::string name, old_name;
  };
  const Workflow& workflow_;
  const Change& change_;
  std::vector<Names> names_;
};

std::string files_text(const Change& change) {
  if (!change.knows_files) {
    return "which files changed is not known";
  }
  const auto count = change.files.size();
  return fmt::format("{} file{} changed", count, count == 1 ? "" : "s");
}

std::string lines_text(const Change& change) {
  const long long lines = change.lines_added() + change.lines_deleted();
  return change.knows_lines ? fmt::format("{} line{} changed", lines, lines == 1 ? "" : "s")
                            : "how many lines changed is not known";
}

double files_of(const Change& change) {
  return change.knows_files ? static_cast<double>(change.files.size()) : kUnknown;
}

double lines_of(const Change& change) {
  return change.knows_lines && change.knows_files
             ? static_cast<double>(change.lines_added() + change.lines_deleted())
             : kUnknown;
}

PathPatterns patterns_of(const std::vector<std::string>& globs) {
  return PathPatterns::parse(globs).value_or({});  // (checked as the file was read)
}

// The conditions of one lane, each as a rule. Where nothing changed, none holds.
void add_conditions(const Lane& lane, const ChangedPaths& paths, std::vector<LaneRule>& rules) {
  const Change& change = paths.change();
  const bool is_any = !change.knows_files || !change.files.empty();
  const auto add = [&](std::string_view key, bool holds, std::string fact) {
    rules.push_back(
        {fmt::format("{}.{}", lane.key, key), lane.key, is_any && holds, std::move(fact)});
  };
  const LaneChoice& choose = *lane.choose;
  if (!choose.only.empty()) {
    const auto found = paths.match(patterns_of(choose.only));
    const bool holds = change.knows_files && found.first_other.empty();
    add("only",
        holds,
        !change.knows_files || !is_any ? files_text(change)
        : !holds                       ? fmt::format("'{}' does not match", found.first_other)
        : change.files.size() == 1
            ? fmt::format("'{}' matches, and nothing else changed", found.first_match)
            : fmt::format("all {} changed files match", change.files.size()));
  }
  if (choose.files) {
    add("files",
        choose.files->holds(files_of(change)),
        fmt::format("{} ({})", files_text(change), to_string(*choose.files)));
  }
  if (choose.lines) {
    add("lines",
        choose.lines->holds(lines_of(change)),
        fmt::format("{} ({})", lines_text(change), to_string(*choose.lines)));
  }
  if (!choose.any.empty()) {
    const auto found = paths.match(patterns_of(choose.any));
    const bool holds = !change.knows_files || found.any > 0;
    add("any",
        holds,
        !change.knows_files ? files_text(change)
        : holds             ? fmt::format("'{}' matches", found.first_match)
                            : "no changed file matches");
  }
}

// The same, apart from the files that do not count for this lane.
void add_counting_conditions(const Lane& lane,
                             const ChangedPaths& paths,
                             std::vector<LaneRule>& rules) {
  if (lane.choose->except.empty() || !paths.change().knows_files) {
    return add_conditions(lane, paths, rules);
  }
  const Change rest = paths.without(patterns_of(lane.choose->except));
  const std::size_t first = rules.size();
  add_conditions(lane, ChangedPaths(paths.workflow(), rest), rules);
  if (const auto count = paths.change().files.size() - rest.files.size(); count > 0) {
    for (std::size_t at = first; at < rules.size(); ++at) {
      rules[at].fact += fmt::format("; {} more {} not count", count, count == 1 ? "does" : "do");
    }
  }
}

LaneDecision decide(LaneDecision decision,
                    std::string_view rule,
                    std::string_view lane,
                    std::string why) {
  decision.rule = rule;
  decision.lane = lane;
  decision.why = std::move(why);
  return decision;
}

}  // namespace

bool needs_change(const Workflow& workflow) noexcept {
  return std::any_of(workflow.lanes.begin(), workflow.lanes.end(), [](const Lane& lane) {
    return lane.built_in || lane.choose.has_value();
  });
}

bool needs_messages(const Workflow& workflow) noexcept {
  return std::any_of(
      workflow.lanes.begin(), workflow.lanes.end(), [](const Lane& lane) { return lane.built_in; });
}

LaneDecision choose_lane(const Workflow& workflow, const Change& change) {
  if (needs_messages(workflow)) {
    return choose_lane(change);
  }
  const std::string& fallback = workflow.default_lane().key;
  LaneDecision decision;
  const ChangedPaths paths(workflow, change);
  for (const Lane& lane : workflow.lanes) {
    if (lane.choose) {
      add_counting_conditions(lane, paths, decision.rules);
    }
  }
  if (decision.rules.empty()) {
    return decide(std::move(decision), "default", fallback, "no lane says when it is chosen");
  }
  if (change.empty()) {
    return decide(std::move(decision), "nothing_changed", fallback, "nothing changed");
  }
  // The lane listed last; of its conditions the first that holds.
  const LaneRule* found = nullptr;
  for (const LaneRule& rule : decision.rules) {
    if (rule.holds && (found == nullptr || found->lane != rule.lane)) {
      found = &rule;
    }
  }
  if (found == nullptr) {
    return decide(std::move(decision), "default", fallback, "no lane matches the change");
  }
  const LaneRule chosen = *found;
  return decide(std::move(decision), chosen.rule, chosen.lane, chosen.fact);
}

std::string path_from(std::string_view folder, std::string_view path) {
  std::string up;
  while (!folder.empty()) {
    const std::string_view name = folder.substr(0, folder.find('/'));
    if (up.empty() && path.starts_with(name) && path.size() > name.size() &&
        path[name.size()] == '/') {
      path.remove_prefix(name.size() + 1);
    } else {
      up += "../";
    }
    folder.remove_prefix(std::min(folder.size(), name.size() + 1));
  }
  return up + std::string(path);
}

std::string code_text(const Change& change) {
  std::vector<std::string> words;
  for (const auto& [language, files] : code_in(change)) {
    words.push_back(fmt::format("{} {} file{}", files, language, files == 1 ? "" : "s"));
  }
  return join(words, ", ");
}

}  // namespace headway
