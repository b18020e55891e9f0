// Terminal: what the two output streams are and what that means: colour, the view of a run, width.
// Pure decisions over injected facts; knows no command.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// When to colour.
enum class ColorMode { automatic, always, never };

// The two streams of the program.
enum class Stream { out, error };

// How a run is shown while it runs.
enum class OutputKind { live, plain, stream, quiet, events };

// What the environment tells about the terminal; an absent variable is nothing, not "".
struct TerminalFacts {
  bool out_is_terminal = false;
  bool error_is_terminal = false;
  std::optional<std::string> no_color{};        // NO_COLOR
  std::optional<std::string> clicolor_force{};  // CLICOLOR_FORCE
  std::optional<std::string> term{};            // TERM
  std::optional<std::string> ci{};              // CI
};

// Columns and rows; 80 x 24 where nobody knows.
struct TerminalSize {
  int columns = 80;
  int rows = 24;
};

// The facts of this process.
TerminalFacts read_terminal_facts();

// Colour on that stream: the mode if it is not automatic, then NO_COLOR (any text), then
// CLICOLOR_FORCE (not "0"), then a terminal whose TERM is neither absent nor "dumb".
bool wants_color(ColorMode mode, const TerminalFacts& facts, Stream stream);

// Whether text may be redrawn in place on that stream.
bool can_redraw(const TerminalFacts& facts, Stream stream);

// The view for what was asked ("auto" or a spelling of OutputKind): auto is live where it can be
// redrawn and CI is not set; live falls back to plain where it cannot. Nothing for other texts.
std::optional<OutputKind> choose_output(std::string_view asked,
                                        const TerminalFacts& facts,
                                        Stream stream);

// The spellings that choose_output takes.
std::vector<std::string> output_spellings();

// The size of the terminal behind a descriptor.
TerminalSize terminal_size(int fd);

}  // namespace headway::cli
