// See line_walk.hpp.
#include "quality/line_walk.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace headway {
namespace {

std::string_view without_return(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

Result<void> walk_lines(ByteSource& source, const std::function<void(std::string_view)>& tell) {
  std::vector<char> buffer(kMaxLineBytes);
  std::string open;  // the beginning of a line whose end has not come
  bool is_open = false;
  for (;;) {
    const auto got = source.read(buffer.data(), buffer.size());
    if (!got) {
      return got.error();
    }
    std::string_view piece(buffer.data(), *got);
    if (piece.empty()) {
      break;
    }
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos;
         end = piece.find('\n')) {
      if (is_open) {
        open.append(piece.substr(0, std::min(end, kMaxLineBytes - open.size())));
        tell(without_return(open));
        open.clear();
        is_open = false;
      } else {
        tell(without_return(piece.substr(0, end)));
      }
      piece.remove_prefix(end + 1);
    }
    if (!piece.empty()) {
      open.append(piece.substr(0, std::min(piece.size(), kMaxLineBytes - open.size())));
      is_open = true;
    }
  }
  if (is_open) {
    tell(without_return(open));
  }
  return {};
}

}  // namespace headway
