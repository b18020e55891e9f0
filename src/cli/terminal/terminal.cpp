// Terminal decisions; see terminal.hpp. Knows no command.
#include "cli/terminal/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace headway::cli {
namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool is_terminal(const TerminalFacts& facts, Stream stream) {
  return stream == Stream::out ? facts.out_is_terminal : facts.error_is_terminal;
}

bool is_dumb(const TerminalFacts& facts) {
  return !facts.term || facts.term->empty() || *facts.term == "dumb";
}

bool set_and_not(const std::optional<std::string>& value, std::string_view off) {
  return value && !value->empty() && *value != off;
}

}  // namespace

TerminalFacts read_terminal_facts() {
  return {.out_is_terminal = isatty(STDOUT_FILENO) == 1,
          .error_is_terminal = isatty(STDERR_FILENO) == 1,
          .no_color = variable("NO_COLOR"),
          .clicolor_force = variable("CLICOLOR_FORCE"),
          .term = variable("TERM"),
          .ci = variable("CI")};
}

bool wants_color(ColorMode mode, const TerminalFacts& facts, Stream stream) {
  if (mode != ColorMode::automatic) {
    return mode == ColorMode::always;
  }
  if (facts.no_color && !facts.no_color->empty()) {
    return false;  // no-color.org: present and not empty
  }
  if (set_and_not(facts.clicolor_force, "0")) {
    return true;
  }
  return can_redraw(facts, stream);
}

bool can_redraw(const TerminalFacts& facts, Stream stream) {
  return is_terminal(facts, stream) && !is_dumb(facts);
}

std::optional<OutputKind> choose_output(std::string_view asked,
                                        const TerminalFacts& facts,
                                        Stream stream) {
  const OutputKind best = can_redraw(facts, stream) ? OutputKind::live : OutputKind::plain;
  if (asked == "auto") {
    return set_and_not(facts.ci, "false") ? OutputKind::plain : best;
  }
  if (asked == "live") {
    return best;
  }
  if (asked == "plain") {
    return OutputKind::plain;
  }
  if (asked == "stream") {
    return OutputKind::stream;
  }
  if (asked == "quiet") {
    return OutputKind::quiet;
  }
  if (asked == "events") {
    return OutputKind::events;
  }
  return std::nullopt;
}

std::vector<std::string> output_spellings() {
  return {"auto", "live", "plain", "stream", "quiet", "events"};
}

TerminalSize terminal_size(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return {};
  }
  return {.columns = size.ws_col, .rows = size.ws_row == 0 ? 24 : size.ws_row};
}

}  // namespace headway::cli
