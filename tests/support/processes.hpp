// Waiting for, and looking at, real processes. For integration tests.
#pragma once

#include "host/process_table.hpp"

#include <unistd.h>

#include <chrono>
#include <functional>

namespace headway {

// How long a test waits for something that must happen, before it gives up.
inline constexpr std::chrono::seconds kTestPatience(30);

// True once `holds` does (it is asked every 2 ms); false when the patience is over.
inline bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + kTestPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    usleep(2000);
  }
  return true;
}

// A zombie does not run, whenever its parent may reap it.
inline bool is_running(pid_t pid) {
  const auto facts = process_stat(pid);
  return facts && facts->state != 'Z';
}

}  // namespace headway
