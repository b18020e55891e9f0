// Parts of a stage's log; see log_tail.hpp. Knows no run.
#include "cli/text/log_tail.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "cli/terminal/text_layout.hpp"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace headway::cli {
namespace {

constexpr std::size_t kTailBytes = 64U << 10U;
constexpr std::size_t kPiece = 64U << 10U;

UniqueFd open_for_reading(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

std::int64_t read_range(const std::string& path,
                        ByteRange range,
                        const std::function<void(std::string_view)>& take) {
  const UniqueFd file = open_for_reading(path);
  std::array<char, kPiece> piece{};
  std::int64_t at = range.first;
  while (file && at < range.last) {
    const auto wanted = static_cast<std::size_t>(
        std::min<std::int64_t>(range.last - at, static_cast<std::int64_t>(piece.size())));
    const ssize_t got = ::pread(file.get(), piece.data(), wanted, at);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      break;
    }
    take({piece.data(), static_cast<std::size_t>(got)});
    at += got;
  }
  return at - range.first;
}

Result<LogTail> read_log_tail(const std::string& path, int max_lines) {
  if (!open_for_reading(path)) {
    return Error{ErrorCode::io, system_message(path, errno)};
  }
  LogTail tail;
  std::string end;  // the last kTailBytes, at least
  const std::int64_t size = read_range(path, {}, [&](std::string_view piece) {
    tail.line_count += std::count(piece.begin(), piece.end(), '\n');
    end.append(piece);
    if (end.size() > 2 * kTailBytes) {
      end.erase(0, end.size() - kTailBytes);
    }
  });
  const bool is_cut = size > static_cast<std::int64_t>(end.size());
  std::string_view text = end;
  if (!text.empty() && text.back() == '\n') {
    text.remove_suffix(1);
  } else if (!text.empty()) {
    ++tail.line_count;
  }
  std::vector<std::string_view> lines =
      end.empty() ? std::vector<std::string_view>{} : split(text, '\n');
  if (is_cut && lines.size() > 1) {
    lines.erase(lines.begin());  // begins somewhere in the middle
  }
  const auto skip = lines.size() - std::min(lines.size(), static_cast<std::size_t>(max_lines));
  for (std::size_t at = skip; at < lines.size(); ++at) {
    tail.lines.push_back(output_line(lines[at]));
  }
  tail.first_line = tail.line_count - static_cast<long long>(tail.lines.size()) + 1;
  return tail;
}

}  // namespace headway::cli
