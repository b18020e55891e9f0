// Completion scripts made of the command table; see completion_script.hpp. Prints nothing.
#include "cli/completion_script.hpp"

#include "base/text.hpp"
#include "cli/argument_parser.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway::cli {
namespace {

constexpr const char* kStages = "headway -q 2>/dev/null";
constexpr const char* kRuns = "headway runs -q 2>/dev/null";

// A command line of bash that prints words, one a line.
std::string printed(const std::string& words) {
  return words.empty() ? "" : "printf '%s\\n' " + words;
}

// What stands for the positionals: a command that lists them, or "".
std::string positionals(const Command& command) {
  if (!command.argument_choices.empty()) {
    return printed(join(command.argument_choices, " "));
  }
  const std::string& words = command.positional;
  return words.starts_with("[STAGE...]")          ? kStages
         : words == "[RUN]" || words == "RUN RUN" ? kRuns
                                                  : "";
}

std::vector<Flag> offered_flags(const Command& command) {
  std::vector<Flag> flags;
  for (const Flag& flag : command.flags) {
    if (is_built(flag)) {
      flags.push_back(flag);
    }
  }
  const std::vector<Flag> everywhere = global_flags_of(command);
  flags.insert(flags.end(), everywhere.begin(), everywhere.end());
  return flags;
}

std::string words_of(const std::vector<Flag>& flags) {
  std::vector<std::string> words;
  for (const Flag& flag : flags) {
    for (const std::string_view name : all_names(flag)) {
      words.emplace_back(name);
    }
  }
  return join(words, " ");
}

std::string command_words(const std::vector<Command>& table) {
  std::vector<std::string> words;
  for (const Command& command : table) {
    if (command.run && !command.name.empty()) {
      words.push_back(command.name);
    }
  }
  return join(words, " ");
}

bool takes_value(const Flag& flag) {
  return !flag.value_name.empty() && !flag.optional_value;
}

// What bash does for the value of a flag.
std::string bash_reply(const Flag& flag) {
  if (flag.value_name == "DIR" || flag.value_name == "FILE") {
    return fmt::format("COMPREPLY=($(compgen -{} -- \"$word\"))",
                       flag.value_name == "DIR" ? "d" : "f");
  }
  const std::string words = flag.value_name == "S" ? kStages : printed(join(flag.choices, " "));
  return words.empty() ? "COMPREPLY=()" : fmt::format("_headway_offer \"$({})\"", words);
}

// "    --color) ..." for each flag that has a value.
std::string bash_values(const std::vector<Command>& table) {
  std::string text;
  std::vector<std::string> seen;
  for (const Command& command : table) {
    for (const Flag& flag : command.run ? offered_flags(command) : std::vector<Flag>{}) {
      const auto parts = all_names(flag);
      const std::string names = join({parts.begin(), parts.end()}, "|");
      if (takes_value(flag) && std::find(seen.begin(), seen.end(), names) == seen.end()) {
        seen.push_back(names);
        text += fmt::format("    {}) {}; return ;;\n", names, bash_reply(flag));
      }
    }
  }
  return text;
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

std::string fish_flag(const Flag& flag, const std::string& condition) {
  std::string line = fmt::format("complete -c headway -n '{}'", condition);
  for (const std::string_view name : all_names(flag)) {
    line += name.starts_with("--") ? fmt::format(" -l {}", name.substr(2))
                                   : fmt::format(" -s {}", name.substr(1));
  }
  if (takes_value(flag)) {
    const bool is_path = flag.value_name == "DIR" || flag.value_name == "FILE";
    line += is_path ? " -rF" : " -x";
    line += flag.choices.empty() ? "" : fmt::format(" -a '{}'", join(flag.choices, " "));
    line += flag.value_name == "S" ? fmt::format(" -a '({})'", kStages) : "";
  }
  return line + fmt::format(" -d '{}'\n", escaped(flag.help, "'\\"));
}

}  // namespace

std::string bash_completion(const std::vector<Command>& table) {
  std::string cases;
  for (const Command& command : table) {
    if (!command.run) {
      continue;
    }
    const std::string args = positionals(command);
    const std::string words = command.name.empty() ? printed(command_words(table)) : args;
    cases += fmt::format("    {}) flags=\"{}\"; words=\"{}\" ;;\n",
                         command.name.empty() ? "''" : command.name,
                         words_of(offered_flags(command)),
                         words.empty() ? "" : "$(" + words + ")");
  }
  // (compgen -W would expand what names of stages contain)
  return fmt::format(R"(# bash completion of headway; made by `headway completion bash`.
_headway_offer() {{
  local one quoted
  COMPREPLY=()
  while IFS= read -r one; do
    if [[ -n "$one" && "$one" == "$word"* ]]; then printf -v quoted %q "$one"; COMPREPLY+=("$quoted"); fi
  done <<< "$1"
}}
_headway() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" command= flags= words= at
  for ((at = 1; at < COMP_CWORD; ++at)); do
    case " {0} " in *" ${{COMP_WORDS[at]}} "*) command="${{COMP_WORDS[at]}}"; break ;; esac
  done
  case "$before" in
{1}  esac
  case "$command" in
{2}  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$word"))
  else
    _headway_offer "$words"
  fi
}}
complete -F _headway headway
)",
                     command_words(table),
                     bash_values(table),
                     cases);
}

std::string zsh_completion(const std::vector<Command>& table) {
  std::string commands, cases;
  for (const Command& command : table) {
    if (!command.run) {
      continue;
    }
    if (!command.name.empty()) {
      commands += fmt::format("    '{}:{}'\n", command.name, escaped(command.summary, "':"));
    }
    const std::string args = positionals(command);
    cases +=
        fmt::format("    {}) flags=({}); {} ;;\n",
                    command.name.empty() ? "''" : command.name,
                    words_of(offered_flags(command)),
                    args.empty() ? "values=()" : fmt::format("values=(${{(f)\"$({})\"}})", args));
  }
  return fmt::format(R"(#compdef headway
# zsh completion of headway; made by `headway completion zsh`.
_headway() {{
  local -a commands flags values
  local command= word
  commands=(
{0}  )
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    if (( ${{commands[(I)$word:*]}} )); then command="$word"; break; fi
  done
  case "$command" in
{1}  esac
  if [[ "$words[CURRENT]" == -* ]]; then
    compadd -- $flags
  elif [[ -z "$command" ]]; then
    _describe command commands
  else
    compadd -- $values
  fi
}}
compdef _headway headway
)",
                     commands,
                     cases);
}

std::string fish_completion(const std::vector<Command>& table) {
  std::string text =
      "# fish completion of headway; made by `headway completion fish`.\ncomplete -c headway -f\n";
  for (const Command& command : table) {
    if (!command.run) {
      continue;
    }
    const std::string condition = command.name.empty()
                                      ? "not __fish_seen_subcommand_from " + command_words(table)
                                      : "__fish_seen_subcommand_from " + command.name;
    if (!command.name.empty()) {
      text +=
          fmt::format("complete -c headway -n 'not __fish_seen_subcommand_from {}' -a {} -d '{}'\n",
                      command_words(table),
                      command.name,
                      escaped(command.summary, "'\\"));
    }
    if (const std::string args = positionals(command); !args.empty()) {
      text +=
          fmt::format("complete -c headway -n '{}' -a '({})'\n", condition, escaped(args, "'\\"));
    }
    for (const Flag& flag : offered_flags(command)) {
      text += fish_flag(flag, condition);
    }
  }
  return text;
}

}  // namespace headway::cli
