// Checks of the scripts that stages start: there, executable, with an interpreter, without CR LF.
// Gathers nothing.
#include "base/text.hpp"
#include "diagnostics/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace headway {
namespace {

constexpr std::size_t kShown = 5;

// One script that is looked at, with what the workflow wants of it.
struct Judged {
  const ScriptNeed& need;
  const ScriptFacts& facts;
};

// How one kind of trouble is found and told.
struct Trouble {
  std::string_view id;
  std::string_view good;  // where there is none
  std::function<bool(const Judged&)> has;
  std::function<bool(const Judged&)> is_fatal;
  std::function<std::string(const Judged&)> told;
  std::function<std::string(const Judged&)> fix;
};

std::vector<CheckResult> judge(const DoctorFacts& facts, const Trouble& trouble) {
  if (facts.needs.scripts.empty()) {
    return {};
  }
  CheckResult result{std::string(trouble.id), CheckStatus::ok, "", "", "", ""};
  std::vector<std::string> told;
  std::size_t late = 0;
  for (std::size_t at = 0; at < std::min(facts.needs.scripts.size(), facts.scripts.size()); ++at) {
    if (!facts.scripts[at]) {
      ++late;
      continue;
    }
    const Judged judged{facts.needs.scripts[at], *facts.scripts[at]};
    if (!trouble.has(judged)) {
      continue;
    }
    const bool is_fatal = judged.need.is_certain && trouble.is_fatal(judged);
    if (told.empty() || (is_fatal && result.status != CheckStatus::fail)) {
      result.source = judged.need.file;
      result.why = fmt::format("stage '{}' starts it", judged.need.stage);
      result.fix = trouble.fix(judged);
      result.status = is_fatal ? CheckStatus::fail : CheckStatus::warn;
    }
    told.push_back(trouble.told(judged));
  }
  if (told.empty()) {
    result.status = late > 0 ? CheckStatus::unknown : CheckStatus::ok;
    result.value = late > 0 ? "not looked at in time"
                            : fmt::format("{} ({})", trouble.good, facts.needs.scripts.size());
    result.source = facts.needs.directory;
    result.why = "stages start them";
    return {result};
  }
  const std::size_t shown = std::min(told.size(), kShown);
  result.value = join({told.begin(), told.begin() + static_cast<std::ptrdiff_t>(shown)}, "; ");
  result.value += told.size() > shown ? fmt::format("; and {} more", told.size() - shown) : "";
  return {result};
}

std::vector<CheckResult> judge_present(const DoctorFacts& facts) {
  return judge(facts,
               {.id = "scripts.present",
                .good = "all are there",
                .has = [](const Judged& one) { return !one.facts.is_there; },
                // (what an earlier stage makes is not there yet)
                .is_fatal = [](const Judged& one) { return !one.need.may_be_made; },
                .told =
                    [](const Judged& one) {
                      return fmt::format(
                          "{} is not there{}",
                          one.need.shown,
                          one.need.may_be_made ? " (an earlier stage may make it)" : "");
                    },
                .fix =
                    [](const Judged& one) {
                      return fmt::format("see run and dir of stage '{}'", one.need.stage);
                    }});
}

std::vector<CheckResult> judge_executable(const DoctorFacts& facts) {
  return judge(
      facts,
      {.id = "scripts.executable",
       .good = "all may be executed",
       .has =
           [](const Judged& one) {
             return one.facts.is_there && one.need.interpreter.empty() &&
                    (!one.facts.is_executable || !one.facts.is_file);
           },
       .is_fatal = [](const Judged&) { return true; },
       .told =
           [](const Judged& one) {
             return fmt::format(
                 "{} {}", one.need.shown, one.facts.is_file ? "is not executable" : "is no file");
           },
       .fix =
           [](const Judged& one) {
             return one.facts.is_file
                        ? fmt::format("chmod +x {} (and for git: git update-index --chmod=+x {})",
                                      shell_quote(one.need.shown),
                                      shell_quote(one.need.shown))
                        : fmt::format("see run of stage '{}'", one.need.stage);
           }});
}

std::vector<CheckResult> judge_interpreter(const DoctorFacts& facts) {
  return judge(facts,
               {.id = "scripts.interpreter",
                .good = "the interpreters are there",
                .has =
                    [](const Judged& one) {
                      return one.facts.is_there && one.need.interpreter.empty() &&
                             !one.facts.is_interpreter_there;
                    },
                .is_fatal = [](const Judged&) { return true; },
                .told =
                    [](const Judged& one) {
                      return fmt::format("{} wants {}", one.need.shown, one.facts.interpreter);
                    },
                .fix =
                    [](const Judged& one) {
                      return fmt::format("install {}, or change the first line of {}",
                                         one.facts.interpreter,
                                         one.need.shown);
                    }});
}

bool is_shell(const std::string& interpreter) {
  const std::string_view name =
      std::string_view(interpreter)
          .substr(interpreter.rfind('/') == std::string::npos ? 0 : interpreter.rfind('/') + 1);
  return name == "sh" || name == "bash" || name == "dash" || name == "ksh" || name == "zsh";
}

std::vector<CheckResult> judge_line_endings(const DoctorFacts& facts) {
  return judge(
      facts,
      {.id = "scripts.line_endings",
       .good = "no CR LF",
       .has =
           [](const Judged& one) {
             const bool hurts = one.need.interpreter.empty() ? !one.facts.shebang.empty()
                                                             : is_shell(one.need.interpreter);
             return one.facts.is_there && one.facts.has_crlf && hurts;
           },
       .is_fatal = [](const Judged&) { return true; },
       .told =
           [](const Judged& one) {
             return fmt::format(
                 "{} has CR LF line ends: \"bad interpreter\" or \"$'\\r': command not found\"",
                 one.need.shown);
           },
       .fix =
           [](const Judged& one) {
             return fmt::format("sed -i 's/\\r$//' {}; and \"*.sh text eol=lf\" in .gitattributes",
                                shell_quote(one.need.shown));
           }});
}

}  // namespace

std::vector<Check> script_checks() {
  return {
      {"scripts.present", "files that stages start are there", judge_present},
      {"scripts.executable", "they may be executed", judge_executable},
      {"scripts.interpreter", "the interpreter of their first line is there", judge_interpreter},
      {"scripts.line_endings", "they have no CR LF where that breaks them", judge_line_endings}};
}

}  // namespace headway
