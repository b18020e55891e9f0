// See offered_command.hpp.
#include "cli/text/offered_command.hpp"

#include "base/text.hpp"
#include "base/uuid.hpp"
#include "cli/terminal/text_layout.hpp"
#include "orchestration/resume.hpp"

#include <fmt/format.h>

#include <vector>

namespace headway::cli {
namespace {

std::string flag(std::string_view name, const std::string& value) {
  return value.empty() ? "" : fmt::format(" {} {}", name, typed_word(value));
}

}  // namespace

std::string typed_word(std::string_view text) {
  if (printable(text) == text) {
    return shell_quote(text);
  }
  std::string word = "$'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7E) {
      word += fmt::format("\\{:03o}", byte);
    } else {
      word += c == '\'' || c == '\\' ? fmt::format("\\{}", c) : std::string(1, c);
    }
  }
  return word + "'";
}

std::string how_flags(const RequestFlags& flags) {
  std::string words = flag("-j", flags.jobs) + (flags.no_parallel ? " --no-parallel" : "");
  words += flag("--memory", flags.memory) + flag("--timeout", flags.timeout);
  words += flags.keep_going ? " -k" : "";
  words += flags.fail_fast == "kill" ? " --fail-fast=kill" : "";
  words += flags.force_hooks ? " --force-hooks" : "";
  words += flags.enforce_sla ? " --enforce-sla" : "";
  return words;
}

std::string fact_flags(const RunState& state) {
  std::string words;
  for (const std::string& key : state.start.asked.skip) {
    words += flag("--skip", key);
  }
  words += flag("--change-id", state.start.change_id);
  words += flag("--title", state.start.title);
  return words + flag("--owner", state.start.owner);
}

std::string argument_words(const RunState& state, std::string_view key) {
  const SelectionRequest& asked = state.start.asked;
  const std::vector<std::string>& named = asked.only.empty() ? asked.stages : asked.only;
  if (named.size() != 1 || named.front() != key || state.start.arguments.empty()) {
    return "";
  }
  std::string words = " --";
  for (const std::string& argument : state.start.arguments) {
    words += " " + typed_word(argument);
  }
  return words;
}

std::string resume_words(const RunState& state, std::string& doubts) {
  const std::vector<std::string> in_doubt = stages_in_doubt(state);
  std::string words = short_id(state.run_id);
  for (const std::string& key : in_doubt) {
    words += flag("--skip", key);
  }
  doubts = join(in_doubt, ", ");
  return words;
}

}  // namespace headway::cli
