// See write_watch.hpp.
#include "host/write_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace headway {

// One event a watch says all there is to ask, so the queue of events cannot overflow. Afterwards
// the kernel has forgotten the watch: the next add() of the file gets another number.
int WriteWatch::add(const std::string& path) {
  const MutexLock lock(mutex_);
  if (!fd_) {
    fd_.reset(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  }
  return fd_ ? inotify_add_watch(fd_.get(), path.c_str(), IN_MODIFY | IN_DELETE_SELF | IN_ONESHOT)
             : -1;
}

void WriteWatch::read_events() {
  alignas(inotify_event) std::array<char, 4096> buffer;
  for (ssize_t got = 0; fd_ && (got = ::read(fd_.get(), buffer.data(), buffer.size())) > 0;) {
    for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      if ((event.mask & IN_MODIFY) != 0) {
        written_.insert(event.wd);
      }
      if ((event.mask & IN_DELETE_SELF) != 0) {
        gone_.insert(event.wd);
      }
      at += sizeof event + event.len;
    }
  }
}

bool WriteWatch::was_written(int number) {
  const MutexLock lock(mutex_);
  read_events();
  return number >= 0 && written_.contains(number);
}

bool WriteWatch::is_gone(int number) {
  const MutexLock lock(mutex_);
  read_events();
  return number >= 0 && gone_.contains(number);
}

}  // namespace headway
