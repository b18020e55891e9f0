// Who listens on a TCP port now, as /proc tells. Knows nothing of why somebody asks.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// A process that holds a listening socket.
struct PortHolder {
  pid_t pid = 0;
  std::string program;  // as /proc/PID/comm has it
};

// Inodes of the sockets that listen on `port` in the text of /proc/net/tcp or tcp6.
std::vector<std::uint64_t> listening_inodes(std::string_view table, int port);

// Whether anybody listens on `port` (of this network namespace, IPv4 or IPv6), whoever it is.
bool is_port_taken(int port, const std::string& proc = "/proc");

// The first process that listens on `port` (of this network namespace, IPv4 or IPv6). Nothing where
// nobody does, or where it belongs to another user and cannot be looked into. `proc` may be a
// fixture.
std::optional<PortHolder> find_port_holder(int port, const std::string& proc = "/proc");

}  // namespace headway
