// Re-reading with pread(2): such files are made anew whenever they are read at offset 0.
#include "host/kernel_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace headway {
namespace {

// A list of records (/proc/vmstat) is handed out a page at a time; what is well below that was all.
constexpr std::size_t kSurelyWhole = 2048;

}  // namespace

KernelFile::KernelFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

std::string_view KernelFile::read(std::string& buffer) const {
  std::size_t size = 0;
  while (fd_ && size < buffer.size()) {
    const ssize_t count =
        ::pread(fd_.get(), buffer.data() + size, buffer.size() - size, static_cast<off_t>(size));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return {};
    }
    size += static_cast<std::size_t>(count);
    if (static_cast<std::size_t>(count) < kSurelyWhole) {
      break;
    }
  }
  return {buffer.data(), size};
}

}  // namespace headway
