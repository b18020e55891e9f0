// Help texts, made of the command table; see help.hpp. Prints nothing.
#include "cli/help.hpp"

#include "base/text.hpp"
#include "cli/argument_parser.hpp"
#include "cli/terminal/text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway::cli {
namespace {

constexpr int kWidth = 79;

std::string left_side(const Flag& flag) {
  std::string text =
      flag.names.find(',') == std::string::npos && flag.names.size() > 2 ? "    " : "";
  const std::vector<std::string_view> names = all_names(flag);
  text += join({names.begin(), names.end()}, ", ");
  if (flag.optional_value) {
    return text + fmt::format("[={}]", flag.value_name);
  }
  return flag.value_name.empty() ? text : fmt::format("{} {}", text, flag.value_name);
}

// Words filled into lines of kWidth, every line after the first indented.
std::string filled(std::string_view text, int indent) {
  std::string out;
  int column = indent;
  for (const std::string_view word : split(text, ' ')) {
    const int width = display_width(word);
    if (column + width + 1 > kWidth && column > indent) {
      out += '\n' + std::string(static_cast<std::size_t>(indent), ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
  }
  return out;
}

std::string flag_lines(const std::vector<Flag>& flags) {
  int width = 0;
  for (const Flag& flag : flags) {
    width = std::max(width, is_built(flag) ? display_width(left_side(flag)) : 0);
  }
  std::string out;
  for (const Flag& flag : flags) {
    if (is_built(flag)) {
      out += fmt::format(
          "  {}  {}\n", pad_right(left_side(flag), width), filled(flag.help, width + 4));
    }
  }
  return out;
}

std::string not_built(const std::vector<std::string>& names) {
  return names.empty() ? ""
                       : fmt::format("\nKnown, but not built yet (refused by name):\n  {}\n",
                                     filled(join(names, ", "), 2));
}

}  // namespace

std::string program_help(const std::vector<Command>& table) {
  std::string out =
      "headway runs the stages of headway.yaml as a graph, and says how long is left.\n\n"
      "Usage: headway [COMMAND] [FLAGS]\n\nCommands:\n";
  std::vector<std::string> missing;
  int width = 0;
  for (const Command& command : table) {
    width =
        std::max(width, command.run ? display_width(command.name + " " + command.positional) : 0);
  }
  for (const Command& command : table) {
    if (!command.run) {
      missing.push_back(command.name);
      continue;
    }
    const std::string left = command.name.empty()
                                 ? "(none)"
                                 : std::string(trim(command.name + " " + command.positional));
    out += fmt::format("  {}  {}\n", pad_right(left, width), command.summary);
  }
  out += "\nFlags everywhere, before or after the command:\n" + flag_lines(global_flags());
  out += "\n'headway COMMAND --help' tells the flags of a command.\n";
  return out + not_built(missing);
}

std::string command_help(const Command& command) {
  std::string out = fmt::format("{}\n\nUsage: headway {}{}{} [FLAGS]\n",
                                command.summary,
                                command.name,
                                command.positional.empty() ? "" : " ",
                                command.positional);
  std::vector<std::string> missing;
  for (const Flag& flag : command.flags) {
    if (!is_built(flag)) {
      missing.emplace_back(long_name(flag));
    }
  }
  if (missing.size() < command.flags.size()) {
    out += "\nFlags:\n" + flag_lines(command.flags);
  }
  out += "\nFlags everywhere:\n" + flag_lines(global_flags_of(command));
  return out + not_built(missing);
}

}  // namespace headway::cli
