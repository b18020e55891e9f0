// `hooks`: see the header.
#include "model/hook_reader.hpp"

#include "base/path_patterns.hpp"
#include "model/command_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace headway {
namespace {

constexpr std::array<HookKind, 8> kKinds{HookKind::tool,
                                         HookKind::env,
                                         HookKind::file,
                                         HookKind::disk,
                                         HookKind::memory,
                                         HookKind::git,
                                         HookKind::port,
                                         HookKind::run};
constexpr std::string_view kKindList = "tool, env, file, disk, memory, git, port or run";
constexpr int kMaxPort = 65'535;

// What was read of one hook, and where its parts stand.
struct HookDraft {
  Hook hook;
  std::optional<HookKind> kind;
  const YamlNode* version = nullptr;
  const YamlNode* match = nullptr;
  const YamlNode* except = nullptr;
};

std::optional<HookKind> kind_named(std::string_view key) {
  for (const HookKind kind : kKinds) {
    if (to_string(kind) == key) {
      return kind;
    }
  }
  return std::nullopt;
}

void read_git(ValueReader& reader, const FileField& field, Hook& hook) {
  std::string wish;
  if (!reader.read_text(field, wish)) {
    return;
  }
  if (const auto known = git_wish_named(wish)) {
    hook.git = *known;
    return;
  }
  reader.problems().add(
      field.value.at(),
      fmt::format("{} is unknown: '{}' (one of clean, branch, no-conflicts, pushed)",
                  describe(field),
                  shown(wish)),
      reader.problems().suggest(wish, {"clean", "branch", "no-conflicts", "pushed"}));
}

// The key that says what is looked at, with its value.
void read_subject(ValueReader& reader, const FileField& field, HookKind kind, Hook& hook) {
  switch (kind) {
    case HookKind::tool:
    case HookKind::env:
    case HookKind::file:
      reader.read_name(field, hook.name);
      break;
    case HookKind::disk:
    case HookKind::memory:
      reader.read_size(field, hook.bytes);
      break;
    case HookKind::git:
      read_git(reader, field, hook);
      break;
    case HookKind::port:
      reader.read_integer(field, {1, kMaxPort}, hook.port);
      break;
    case HookKind::run:
      read_command(reader, field, hook.run);
      break;
  }
}

void read_version(ValueReader& reader, const FileField& field, Hook& hook) {
  std::string text;
  if (!reader.read_text(field, text)) {
    return;
  }
  if (auto range = VersionRange::parse(text)) {
    hook.version = std::move(*range);
  } else {
    reader.refuse(field, "a range of versions such as '>= 2.30' or '>= 3.11, < 4'");
  }
}

void read_severity(ValueReader& reader, const FileField& field, Hook& hook) {
  std::string text;
  if (!reader.read_text(field, text)) {
    return;
  }
  if (text == to_string(HookSeverity::warning)) {
    hook.severity = HookSeverity::warning;
  } else if (text != to_string(HookSeverity::error)) {
    reader.refuse(field, "error or warning");
  }
}

void check_globs(ValueReader& reader, const FileField& field, std::vector<std::string> globs) {
  if (const auto patterns = PathPatterns::parse(globs); !patterns) {
    reader.problems().add(field.value.at(),
                          fmt::format("{}: {}", describe(field), patterns.error().message));
  }
}

// A key that does not say what is looked at.
void read_detail(ValueReader& reader, const FileField& field, HookDraft& draft) {
  Hook& hook = draft.hook;
  if (field.key == "version") {
    draft.version = &field.value;
    read_version(reader, field, hook);
  } else if (field.key == "match") {
    draft.match = &field.value;
    if (reader.read_name(field, hook.match)) {
      check_globs(reader, field, {hook.match});
    }
  } else if (field.key == "except") {
    draft.except = &field.value;
    if (reader.read_names(field, "glob", hook.except)) {
      check_globs(reader, field, hook.except);
    }
  } else if (field.key == "severity") {
    read_severity(reader, field, hook);
  } else if (field.key == "timeout") {
    reader.read_duration(field, ZeroDuration::refused, hook.timeout);
  } else {
    reader.read_name(field, hook.hint);
  }
}

// Details stand with what they belong to.
void check_details(ValueReader& reader, const Owner& owner, const HookDraft& draft) {
  const auto refuse = [&](const YamlNode* node, std::string_view key, std::string_view goes_with) {
    reader.problems().add(
        node->at(), fmt::format("'{}' in {} goes with '{}' only", key, describe(owner), goes_with));
  };
  const bool is_git = draft.kind == HookKind::git;
  const GitWish wish = draft.hook.git;
  if (draft.version != nullptr && draft.kind != HookKind::tool) {
    refuse(draft.version, "version", "tool");
  }
  if (draft.match != nullptr && !(is_git && wish == GitWish::branch)) {
    refuse(draft.match, "match", "git: branch");
  }
  if (draft.except != nullptr && !(is_git && (wish == GitWish::branch || wish == GitWish::clean))) {
    refuse(draft.except, "except", "git: clean' and 'git: branch");
  }
}

std::optional<Hook> read_hook(ValueReader& reader, const Owner& owner, const YamlNode& value) {
  if (!value.is_mapping()) {
    reader.problems().add(
        value.at(),
        fmt::format("a hook in {} must be a mapping such as {{tool: git}}", describe(owner)));
    return std::nullopt;
  }
  HookDraft draft;
  draft.hook.at = value.at();
  for (const auto& [key, part] : value.entries()) {
    if (!reader.accept_key(KeyScope::hook, owner, key)) {
      continue;
    }
    const FileField field{owner, key.text, part};
    const auto kind = kind_named(key.text);
    if (!kind) {
      read_detail(reader, field, draft);
    } else if (draft.kind) {
      reader.problems().add(key.at(),
                            fmt::format("a hook in {} has both '{}' and '{}': make two of it",
                                        describe(owner),
                                        to_string(*draft.kind),
                                        key.text));
    } else {
      draft.kind = draft.hook.kind = *kind;
      read_subject(reader, field, *kind, draft.hook);
    }
  }
  if (!draft.kind) {
    reader.problems().add(
        value.at(),
        fmt::format("a hook in {} has nothing to check: say {}", describe(owner), kKindList));
    return std::nullopt;
  }
  check_details(reader, owner, draft);
  return std::move(draft.hook);
}

void read_stage_hooks(ValueReader& reader, const YamlNode& list, Stage& stage) {
  const Owner owner{"stage", stage.key, "hooks"};
  if (!list.is_sequence()) {
    reader.refuse({{"stage", stage.key}, "hooks", list}, "a list of hooks such as [{tool: git}]");
    return;
  }
  for (const YamlNode& item : list.items()) {
    if (stage.hooks.size() == kMaxHooks) {
      reader.problems().add(item.at(),
                            fmt::format("more than {} hooks of stage '{}'", kMaxHooks, stage.key));
      return;
    }
    if (auto hook = read_hook(reader, owner, item)) {
      stage.hooks.push_back(std::move(*hook));
    }
  }
}

}  // namespace

void read_hooks(ValueReader& reader,
                const StageIndex& index,
                const YamlNode& value,
                std::vector<Stage>& stages) {
  if (!reader.accept_mapping({{}, "hooks", value}, "a mapping of stages to lists of hooks")) {
    return;
  }
  for (const auto& [key, list] : value.entries()) {
    if (is_refused_key(key)) {
      continue;
    }
    const auto found = index.find(key.text);
    if (found == index.end()) {
      reader.problems().add(key.at(),
                            fmt::format("'hooks' has unknown stage '{}'", shown(key.text)),
                            reader.problems().suggest(key.text, stage_names(stages)));
      continue;
    }
    Stage read;  // once for all stages of a matrix
    read.key = key.text;
    read_stage_hooks(reader, list, read);
    for (int i = 0; i < found->second.count; ++i) {
      std::vector<Hook>& hooks = stages[static_cast<std::size_t>(found->second.first + i)].hooks;
      hooks.insert(hooks.end(), read.hooks.begin(), read.hooks.end());
    }
  }
}

}  // namespace headway
