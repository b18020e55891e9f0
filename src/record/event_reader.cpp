// Reading events.jsonl back, as far as it is whole. Decides nothing about what it reads.
#include "record/event_reader.hpp"

#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "model/run_event_json.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace headway {
namespace {

constexpr std::size_t kChunkBytes = 64U << 10U;
// A line beyond this is no event (5,000 stages take about 1 MiB) and is passed over unread.
constexpr std::size_t kMaxLineBytes = 256U << 20U;
// run_finished is short; a longer tail only means that the run is read as not closed.
constexpr off_t kTailBytes = off_t{64} << 10;

struct LineFacts {
  bool torn = false;
  std::int64_t whole_bytes = 0;
};

ssize_t read_through_signals(int fd, char* to, std::size_t bytes) {
  ssize_t count = 0;
  do {
    count = ::read(fd, to, bytes);
  } while (count < 0 && errno == EINTR);
  return count;
}

// Cuts a stream into lines. What follows the last newline stays in `rest`.
class LineCutter {
 public:
  // False: `visit` has seen enough.
  template <class Visit>
  bool feed(std::string_view chunk, const Visit& visit) {
    std::size_t begin = 0;
    for (std::size_t end = chunk.find('\n'); end != std::string_view::npos;
         end = chunk.find('\n', begin)) {
      keep(chunk.substr(begin, end - begin));
      begin = end + 1;
      whole_bytes_ += static_cast<std::int64_t>(line_bytes_) + 1;
      const bool too_long = line_bytes_ > kMaxLineBytes;
      const bool go_on = visit(too_long ? std::string_view() : std::string_view(line_));
      line_.clear();
      line_bytes_ = 0;
      if (!go_on) {
        return false;
      }
    }
    keep(chunk.substr(begin));
    return true;
  }

  LineFacts facts() const { return LineFacts{line_bytes_ > 0, whole_bytes_}; }

 private:
  void keep(std::string_view piece) {
    line_bytes_ += piece.size();
    if (line_bytes_ <= kMaxLineBytes) {
      line_ += piece;
    } else {
      line_.clear();
    }
  }

  std::string line_;
  std::size_t line_bytes_ = 0;  // also of a line that is too long to keep
  std::int64_t whole_bytes_ = 0;
};

// Calls `visit` for every whole line, without its newline.
template <class Visit>
Result<LineFacts> for_each_line(const std::string& path, const Visit& visit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    const auto code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::io;
    return Error{code, system_message(path, errno)};
  }
  LineCutter cutter;
  std::string chunk(kChunkBytes, '\0');
  while (true) {
    const ssize_t count = read_through_signals(fd.get(), chunk.data(), chunk.size());
    if (count < 0) {
      return Error{ErrorCode::io, system_message(path, errno)};
    }
    if (count == 0 ||
        !cutter.feed(std::string_view(chunk).substr(0, static_cast<std::size_t>(count)), visit)) {
      return cutter.facts();
    }
  }
}

std::string read_tail(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (!fd || ::fstat(fd.get(), &facts) != 0) {
    return {};
  }
  const off_t begin = std::max<off_t>(0, facts.st_size - kTailBytes);
  std::string tail(static_cast<std::size_t>(facts.st_size - begin), '\0');
  const ssize_t count = ::pread(fd.get(), tail.data(), tail.size(), begin);
  tail.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return tail;
}

}  // namespace

Result<ReadEvents> read_events(const std::string& path) {
  ReadEvents result;
  RunEventReader reader;
  const auto facts = for_each_line(path, [&](std::string_view line) {
    auto event = reader.read(line);
    if (!event) {
      ++result.bad_lines;
    } else if (*event) {
      result.events.push_back(std::move(**event));
    }
    return true;
  });
  if (!facts) {
    return facts.error();
  }
  result.torn = facts->torn;
  result.whole_bytes = facts->whole_bytes;
  return result;
}

Result<void> for_each_event(const std::string& path,
                            const std::function<bool(const RunEvent&)>& visit) {
  RunEventReader reader;
  const auto facts = for_each_line(path, [&](std::string_view line) {
    const auto event = reader.read(line);
    return !event || !*event || visit(**event);
  });
  if (!facts) {
    return facts.error();
  }
  return {};
}

std::optional<RunFinished> read_last_run_finished(const std::string& path) {
  const std::string tail = read_tail(path);
  RunEventReader reader;
  std::size_t end = tail.rfind('\n');
  while (end != std::string::npos) {
    const std::size_t before = end == 0 ? std::string::npos : tail.rfind('\n', end - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    // What is no event, or one of a newer Headway, says nothing: the line before it does.
    const auto event = reader.read(std::string_view(tail).substr(begin, end - begin));
    if (event && *event) {
      const auto* finished = std::get_if<RunFinished>(&(*event)->body);
      return finished == nullptr ? std::nullopt : std::optional<RunFinished>(*finished);
    }
    end = before;
  }
  return std::nullopt;
}

}  // namespace headway
