// Key table, JSON Schema and loader say the same, in every direction.
#include "model/workflow_keys.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "model/workflow_file.hpp"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace headway {
namespace {

struct ScopeInSchema {
  KeyScope scope;
  const char* definition;  // below $defs; empty: the schema itself
};

constexpr ScopeInSchema kScopes[] = {{KeyScope::root, ""},
                                     {KeyScope::defaults, "defaults"},
                                     {KeyScope::stage, "stage"},
                                     {KeyScope::retries, "retry_rule"},
                                     {KeyScope::resources, "resources"},
                                     {KeyScope::lane, "lane"},
                                     {KeyScope::when, "when"},
                                     {KeyScope::gate, "gate"},
                                     {KeyScope::hook, "hook"},
                                     {KeyScope::commits, "commits"},
                                     {KeyScope::lane_stages, "lane_stages"},
                                     {KeyScope::choose, "choose"}};

Json read_schema() {
  const auto text = read_file(HEADWAY_SOURCE_DIR "/schema/headway.schema.json");
  const auto schema = Json::parse(text ? *text : "");
  return schema ? *schema : Json();
}

const Json& place_in(const Json& schema, const ScopeInSchema& scope) {
  return *scope.definition == '\0' ? schema : schema["$defs"][scope.definition];
}

std::set<std::string> names_of(std::span<const KnownKey> keys) {
  std::set<std::string> names;
  for (const KnownKey& key : keys) {
    names.emplace(key.name);
  }
  return names;
}

TEST(WorkflowKeys, schema_has_exactly_the_known_keys_of_every_scope) {
  const Json schema = read_schema();
  ASSERT_TRUE(schema.is_object());
  for (const ScopeInSchema& scope : kScopes) {
    std::set<std::string> in_schema;
    for (const auto& [name, value] : place_in(schema, scope)["properties"].members()) {
      in_schema.insert(name);
    }
    EXPECT_EQ(in_schema, names_of(known_keys(scope.scope))) << scope.definition;
  }
}

TEST(WorkflowKeys, schema_refuses_unknown_keys_in_every_scope) {
  const Json schema = read_schema();
  for (const ScopeInSchema& scope : kScopes) {
    const Json& allowed = place_in(schema, scope)["additionalProperties"];
    EXPECT_TRUE(allowed.is_bool()) << scope.definition;
    EXPECT_FALSE(allowed.as_bool(true)) << scope.definition;
  }
}

TEST(WorkflowKeys, schema_marks_exactly_the_keys_that_are_not_built) {
  const Json schema = read_schema();
  for (const ScopeInSchema& scope : kScopes) {
    for (const KnownKey& key : known_keys(scope.scope)) {
      const Json& property = place_in(schema, scope)["properties"][key.name];
      const std::string target = property["$ref"].as_string();
      const std::string& own = property["description"].as_string();
      const std::string& text =
          own.empty() && !target.empty()
              ? schema["$defs"][target.substr(target.rfind('/') + 1)]["description"].as_string()
              : own;
      EXPECT_FALSE(text.empty()) << key.name;
      EXPECT_EQ(text.starts_with("Not built yet"), !key.built) << key.name << ": " << text;
    }
  }
}

TEST(WorkflowKeys, every_reference_in_the_schema_leads_somewhere) {
  const Json schema = read_schema();
  const std::string text = schema.dump();
  for (std::size_t at = text.find("#/$defs/"); at != std::string::npos;
       at = text.find("#/$defs/", at + 1)) {
    const std::size_t name = at + 8;
    const std::string target = text.substr(name, text.find('"', name) - name);
    EXPECT_TRUE(schema["$defs"].contains(target)) << target;
  }
}

// A file in which `key` of `scope` has a value that no key takes; the only mistake in it.
std::string file_with_bad(KeyScope scope, std::string_view key) {
  const auto file = [](std::string_view root, std::string_view stage) {
    return fmt::format("version: 1\n{}\nstages: {{a: {{run: x{}}}}}\n", root, stage);
  };
  switch (scope) {
    case KeyScope::defaults:
      return file(fmt::format("defaults: {{{}: {{}}}}", key), "");
    case KeyScope::lane:
      return file(fmt::format("lanes: {{l: {{{}: {{}}}}}}", key), "");
    case KeyScope::choose:
      return file(fmt::format("lanes: {{l: {{choose: {{{}: {{}}}}}}}}", key), "");
    case KeyScope::commits:
      return file(fmt::format("commits: {{{}: {{}}}}", key), "");
    case KeyScope::lane_stages:
      return file(fmt::format("lanes: {{l: {{stages: {{{}: {{}}}}}}}}", key), "");
    case KeyScope::stage:
      return key == "run"                         ? "version: 1\nstages: {a: {run: {}}}\n"
             : key == "env" || key == "resources" ? file("", fmt::format(", {}: []", key))
                                                  : file("", fmt::format(", {}: {{}}", key));
    case KeyScope::retries:
      return file("",
                  fmt::format(", retries: {{{}{}: {{}}}}", key == "max" ? "" : "max: 1, ", key));
    case KeyScope::when:
      return file("", fmt::format(", when: {{{}: {{}}}}", key));
    case KeyScope::resources:
      return file("", fmt::format(", resources: {{{}: {{}}}}", key));
    case KeyScope::hook: {
      const bool is_detail =
          key == "version" || key == "severity" || key == "timeout" || key == "hint";
      const std::string_view before = key == "match" || key == "except" ? "git: branch, "
                                      : is_detail                       ? "tool: git, "
                                                                        : "";
      return file(fmt::format("hooks: {{a: [{{{}{}: {{}}}}]}}", before, key), "");
    }
    default:
      return {};
  }
}

TEST(WorkflowKeys, loader_reads_every_key_that_is_built_and_refuses_the_others_by_name) {
  for (const ScopeInSchema& scope : kScopes) {
    for (const KnownKey& key : known_keys(scope.scope)) {
      const std::string text = file_with_bad(scope.scope, key.name);
      if (text.empty()) {
        continue;  // the root: below; scopes inside a key that is not built: never read
      }
      const auto problems = parse_workflow(text, "w.yaml", "/").problems;
      ASSERT_EQ(problems.size(), 1U) << text;
      EXPECT_EQ(problems[0].not_built, !key.built) << text;
      EXPECT_NE(problems[0].message.find(key.name), std::string::npos) << problems[0].message;
    }
  }
}

TEST(WorkflowKeys, loader_reads_every_root_key_that_is_built_and_refuses_the_others_by_name) {
  for (const KnownKey& key : known_keys(KeyScope::root)) {
    std::string text = fmt::format("{}: []\n", key.name);
    text += key.name == "version" ? "" : "version: 1\n";
    text += key.name == "stages" ? "" : "stages: {a: {run: x}}\n";
    text = key.name == "secrets" ? "secrets: {}\nversion: 1\nstages: {a: {run: x}}\n" : text;
    const auto problems = parse_workflow(text, "w.yaml", "/").problems;
    ASSERT_EQ(problems.size(), 1U) << text;
    EXPECT_EQ(problems[0].not_built, !key.built) << text;
    EXPECT_NE(problems[0].message.find(key.name), std::string::npos) << problems[0].message;
  }
}

}  // namespace
}  // namespace headway
