// Lines redrawn in place; see live_region.hpp. Knows no run.
#include "cli/terminal/live_region.hpp"

#include "cli/console.hpp"
#include "cli/terminal/text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway::cli {
namespace {

// ECMA-48 and the DEC private modes of xterm.
constexpr std::string_view kHideCursor = "\x1b[?25l";
constexpr std::string_view kShowCursor = "\x1b[?25h";
constexpr std::string_view kClearLine = "\x1b[K";
constexpr std::string_view kClearBelow = "\x1b[J";

}  // namespace

LiveRegion::LiveRegion(int fd)
    : LiveRegion([fd](std::string_view text) { write_fully(fd, text); },
                 [fd] { return terminal_size(fd); }) {}

LiveRegion::LiveRegion(Write write, Size size) : write_(std::move(write)), size_(std::move(size)) {}

LiveRegion::~LiveRegion() {
  clear();
}

// The cursor stands below the last line. A line that was drawn on a wider terminal now takes
// several rows.
std::string LiveRegion::back_to_top(const TerminalSize& size) const {
  int rows = 0;
  for (const int width : widths_) {
    rows += std::max(1, (width + size.columns - 1) / size.columns);
  }
  return rows == 0 ? "" : fmt::format("\r\x1b[{}A", rows);
}

void LiveRegion::draw(const std::vector<std::string>& lines, std::string_view above) {
  const TerminalSize size = size_();
  std::string out(is_drawn_ || !hides_cursor_ ? "" : kHideCursor);
  is_drawn_ = true;
  out += back_to_top(size);
  if (!above.empty()) {
    out.append(kClearBelow).append(above);
  }
  const auto room = static_cast<std::size_t>(std::max(1, size.rows - 1));
  widths_.clear();
  for (std::size_t at = 0; at < std::min(lines.size(), room); ++at) {
    const std::string line = cut_to_width(lines[at], size.columns - 1);
    widths_.push_back(display_width(line));
    out.append(line).append(kClearLine).append("\n");
  }
  write_(out.append(kClearBelow));
}

void LiveRegion::clear(std::string_view above) {
  if (!is_drawn_ && above.empty()) {
    return;
  }
  std::string out = back_to_top(size_());
  if (is_drawn_) {
    out.append(kClearBelow);
  }
  out.append(above).append(is_drawn_ && hides_cursor_ ? kShowCursor : "");
  widths_.clear();
  is_drawn_ = false;
  write_(out);
}

}  // namespace headway::cli
