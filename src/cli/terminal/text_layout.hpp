// Text as a terminal shows it: made harmless, measured, cut and padded.
// Pure; knows no stream and no run.
#pragma once

#include <string>
#include <string_view>

namespace headway::cli {

// One line that cannot steer a terminal: control characters (C0, DEL, C1) as "\n", "\t" or "\x1b",
// bad UTF-8 as U+FFFD.
std::string printable(std::string_view text);

// One line of a program's output for people: escape sequences dropped, what a carriage return
// overwrote dropped, tabs widened to stops of 8, the rest as printable().
std::string output_line(std::string_view line);

// Columns that a terminal gives the text: valid UTF-8 without control characters; escape sequences
// of colour count nothing, here and when cutting.
int display_width(std::string_view text);

// At most `columns` wide; ends in "..." where something was cut and there is room for that.
std::string cut_to_width(std::string_view text, int columns);

// Filled with spaces to `columns`; longer text stays as it is.
std::string pad_right(std::string_view text, int columns);
std::string pad_left(std::string_view text, int columns);

// "1 stage", "3 stages".
std::string count_of(long long number, std::string_view singular);

}  // namespace headway::cli
