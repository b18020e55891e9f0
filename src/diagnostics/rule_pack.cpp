// Built-in rules and users' files: see the header.
#include "diagnostics/rule_pack.hpp"

#include "base/files.hpp"
#include "diagnostics/embedded_rules.hpp"
#include "diagnostics/rule_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

namespace headway {
namespace {

constexpr std::int64_t kMaxRuleFileBytes = std::int64_t{4} << 20;

// Ends the program: the rules are part of it, so this is as if a function were missing.
[[noreturn]] void stop(std::string_view why) {
  fmt::print(stderr, "headway: the built-in rules are damaged: {}\n", why);
  std::abort();
}

std::vector<Rule> built_in_rules() {
  RulePack pack;
  RuleFile measured;
  for (const EmbeddedFile& file : embedded_rule_files()) {
    RuleFile more = read_rule_file(std::string(file.name), file.text, PatternCheck::trusted);
    measured.measured.merge(more.measured);
    apply_rule_file(std::move(more), pack);
  }
  apply_rule_file(std::move(measured), pack);
  if (!pack.problems.empty()) {
    for (const Problem& problem : pack.problems) {
      fmt::print(stderr, "{}\n", to_string(problem));
    }
    stop(to_string(pack.problems.front()));
  }
  return std::move(pack.rules);
}

// The *.yaml of a folder, sorted by name.
std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".yaml") {
      files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Leaves out the rules whose own tests fail.
void drop_failing(RuleFile& file) {
  std::erase_if(file.rules, [&file](const Rule& rule) {
    const auto failures = failures_of_tests(rule);
    for (const std::string& failure : failures) {
      file.problems.push_back(
          {rule.file, rule.at, fmt::format("rule '{}' {}", rule.id, failure), {}});
    }
    return !failures.empty();
  });
}

void apply_path(const std::string& path, RulePack& pack) {
  auto text = read_file(path, kMaxRuleFileBytes);
  if (!text) {
    pack.problems.push_back({path, {}, std::move(text).error().message, {}});
    return;
  }
  RuleFile file = read_rule_file(path, *text);
  drop_failing(file);
  apply_rule_file(std::move(file), pack);
}

}  // namespace

void apply_rule_file(RuleFile more, RulePack& pack) {
  auto& rules = pack.rules;
  const auto find = [&rules](std::string_view id) {
    return std::find_if(
        rules.begin(), rules.end(), [id](const Rule& rule) { return rule.id == id; });
  };
  std::move(more.problems.begin(), more.problems.end(), std::back_inserter(pack.problems));
  for (Rule& rule : more.rules) {
    const auto old = find(rule.id);
    if (old == rules.end()) {
      rules.push_back(std::move(rule));
    } else {
      *old = std::move(rule);
    }
  }
  for (const std::string& id : more.disabled) {
    const auto old = find(id);
    if (old != rules.end()) {
      rules.erase(old);
    }
  }
  for (const auto& [id, precision] : more.measured) {
    const auto rule = find(id);
    if (rule != rules.end()) {
      rule->precision = precision;
    }
  }
}

RuleSet load_built_in_rules() {
  return RuleSet::of_tried(built_in_rules());
}

LoadedRules load_rules(const std::vector<std::string>& folders) {
  std::vector<std::string> paths;
  for (const std::string& folder : folders) {
    const auto more = files_of(folder);
    paths.insert(paths.end(), more.begin(), more.end());
  }
  if (paths.empty()) {
    return {RuleSet::built_in(), {}};
  }
  RulePack pack{.rules = RuleSet::built_in().rules(), .problems = {}};
  for (const std::string& path : paths) {
    apply_path(path, pack);
  }
  return {RuleSet::of_tried(std::move(pack.rules)), std::move(pack.problems)};
}

std::vector<std::string> rule_folders(const std::string& workflow_directory) {
  std::vector<std::string> folders;
  const char* const config = std::getenv("XDG_CONFIG_HOME");
  const char* const home = std::getenv("HOME");
  if (config != nullptr && *config == '/') {
    folders.push_back(std::string(config) + "/headway/rules");
  } else if (home != nullptr && *home == '/') {
    folders.push_back(std::string(home) + "/.config/headway/rules");
  }
  if (!workflow_directory.empty()) {
    folders.push_back(workflow_directory + "/.headway-rules");
  }
  return folders;
}

}  // namespace headway
