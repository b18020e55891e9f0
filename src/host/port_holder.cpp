// Sockets to processes: see the header. The format is that of proc_net(5): local address and port
// in hex, state 0A for LISTEN, the inode as the tenth field.
#include "host/port_holder.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

namespace headway {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxTableBytes = std::int64_t{16} << 20;
constexpr std::string_view kListening = "0A";
constexpr std::size_t kInodeField = 9;

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (const std::string_view piece : split(line, ' ')) {
    if (!piece.empty()) {
      fields.push_back(piece);
    }
  }
  return fields;
}

template <typename Number>
std::optional<Number> number_of(std::string_view text, int base) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

// Whether one of the process's descriptors is the socket with one of these inodes.
bool holds(const fs::path& process, const std::vector<std::string>& sockets) {
  std::error_code error;
  for (fs::directory_iterator at(process / "fd", error), end; !error && at != end;
       at.increment(error)) {
    std::error_code unreadable;
    const std::string target = fs::read_symlink(at->path(), unreadable).string();
    if (std::find(sockets.begin(), sockets.end(), target) != sockets.end()) {
      return true;
    }
  }
  return false;
}

std::optional<PortHolder> holder_of(const fs::path& process,
                                    const std::vector<std::string>& sockets) {
  const auto pid = number_of<pid_t>(process.filename().string(), 10);
  if (!pid || !holds(process, sockets)) {
    return std::nullopt;
  }
  const auto name = read_file((process / "comm").string(), kMaxTableBytes);
  return PortHolder{.pid = *pid, .program = name ? std::string(trim(*name)) : "?"};
}

// As descriptors name them: "socket:[1234]".
std::vector<std::string> sockets_on(int port, const std::string& proc) {
  std::vector<std::string> sockets;
  for (const char* const table : {"/net/tcp", "/net/tcp6"}) {
    const auto text = read_file(proc + table, kMaxTableBytes);
    if (text) {
      for (const std::uint64_t inode : listening_inodes(*text, port)) {
        sockets.push_back(fmt::format("socket:[{}]", inode));
      }
    }
  }
  return sockets;
}

}  // namespace

std::vector<std::uint64_t> listening_inodes(std::string_view table, int port) {
  std::vector<std::uint64_t> inodes;
  for (const std::string_view line : split(table, '\n')) {
    const auto fields = fields_of(line);
    if (fields.size() <= kInodeField || fields[3] != kListening) {
      continue;
    }
    const std::size_t colon = fields[1].rfind(':');
    const auto inode = number_of<std::uint64_t>(fields[kInodeField], 10);
    if (colon != std::string_view::npos && inode &&
        number_of<int>(fields[1].substr(colon + 1), 16) == port) {
      inodes.push_back(*inode);
    }
  }
  return inodes;
}

bool is_port_taken(int port, const std::string& proc) {
  return !sockets_on(port, proc).empty();
}

std::optional<PortHolder> find_port_holder(int port, const std::string& proc) {
  const std::vector<std::string> sockets = sockets_on(port, proc);
  std::error_code error;
  for (fs::directory_iterator at(proc, error), end; !sockets.empty() && !error && at != end;
       at.increment(error)) {
    if (auto holder = holder_of(at->path(), sockets)) {
      return holder;
    }
  }
  return std::nullopt;
}

}  // namespace headway
