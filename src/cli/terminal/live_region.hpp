// LiveRegion: the last lines of a terminal, redrawn in place; what is finished scrolls above them.
// Knows escape sequences, no run.
#pragma once

#include "cli/terminal/terminal.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// Lines at the bottom of a terminal. Every call is one write. The size is asked anew for each
// picture, so that a resize does no harm; lines are cut to fit. The destructor gives the terminal
// back. Not synchronised.
class LiveRegion {
 public:
  using Write = std::function<void(std::string_view)>;
  using Size = std::function<TerminalSize()>;

  explicit LiveRegion(int fd);
  LiveRegion(Write write, Size size);
  ~LiveRegion();
  LiveRegion(const LiveRegion&) = delete;
  LiveRegion& operator=(const LiveRegion&) = delete;

  // Leaves the cursor where it is: for a command that a signal may end at any time.
  void keep_cursor() { hides_cursor_ = false; }
  // Replaces the picture; `above` (whole lines) is printed before it and stays.
  void draw(const std::vector<std::string>& lines, std::string_view above = {});
  // Takes the picture away and shows the cursor again; `above` stays.
  void clear(std::string_view above = {});

 private:
  std::string back_to_top(const TerminalSize& size) const;

  Write write_;
  Size size_;
  std::vector<int> widths_;  // of the lines that stand there
  bool hides_cursor_ = true;
  bool is_drawn_ = false;
};

}  // namespace headway::cli
