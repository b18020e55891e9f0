// See hook_table.hpp.
#include "cli/text/hook_table.hpp"

#include "base/text.hpp"
#include "cli/terminal/text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway::cli {
namespace {

struct Verdict {
  const char* word;
  Tone tone;
};

Verdict verdict_of(const HookChecked& hook) {
  if (hook.passed) {
    return {"pass", Tone::good};
  }
  if (hook.forced) {
    return {"forced", Tone::warning};
  }
  return hook.severity == "warning" ? Verdict{"warn", Tone::warning} : Verdict{"FAIL", Tone::bad};
}

std::string what_was_found(const HookChecked& hook) {
  const std::string text = fmt::format("{}: {}", hook.hook, hook.found);
  return printable(hook.passed ? text : fmt::format("{}, expected {}", text, hook.expected));
}

}  // namespace

std::string hook_table(const std::vector<StageHook>& hooks,
                       const Paint& paint,
                       bool all,
                       int width) {
  constexpr int kWordColumns = 6;
  int key_columns = 0;
  for (const auto& [key, hook] : hooks) {
    key_columns = std::max(key_columns, all || !hook.passed ? display_width(printable(key)) : 0);
  }
  std::string text;
  for (const auto& [key, hook] : hooks) {
    if (hook.passed && !all) {
      continue;
    }
    const Verdict verdict = verdict_of(hook);
    const std::string word(verdict.word);
    const std::string head =
        fmt::format("  {}{}  {}  ",
                    paint(verdict.tone, word),
                    std::string(static_cast<std::size_t>(kWordColumns) - word.size(), ' '),
                    pad_right(printable(key), key_columns));
    const int room = width - kWordColumns - key_columns - 6;
    const std::string found = what_was_found(hook);
    text +=
        head + (hook.passed && width > 0 && room > 0 ? cut_to_width(found, room) : found) + "\n";
    if (!hook.hint.empty()) {
      text +=
          fmt::format("{}-> {}\n",
                      std::string(static_cast<std::size_t>(kWordColumns + key_columns + 6), ' '),
                      printable(hook.hint));
    }
  }
  return text;
}

std::string hook_table(const RunState& state, const Paint& paint, bool all, int width) {
  std::vector<StageHook> hooks;
  for (const HookChecked& hook : state.hooks) {
    hooks.emplace_back(state.stages[static_cast<std::size_t>(hook.stage)].plan->key, hook);
  }
  return hook_table(hooks, paint, all, width);
}

}  // namespace headway::cli
