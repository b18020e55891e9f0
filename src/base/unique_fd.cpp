// Closing of descriptors. Knows nothing of what they are for.
#include "base/unique_fd.hpp"

#include <errno.h>
#include <unistd.h>

namespace headway {

void UniqueFd::reset(int fd) noexcept {
  const int old = std::exchange(fd_, fd);
  if (old >= 0) {
    const int kept = errno;  // an error path closes before it reads errno
    close(old);              // never retried: on Linux the descriptor is gone after EINTR, too
    errno = kept;
  }
}

}  // namespace headway
