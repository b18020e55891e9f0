// KernelFile: a file below /proc or /sys that is opened once and read again and again. Knows
// nothing of what is in it.
#pragma once

#include "base/unique_fd.hpp"

#include <string>
#include <string_view>

namespace headway {

// Reading costs one or two system calls, no lookup of a path. What cannot be opened or read
// (absent, EOPNOTSUPP where PSI is switched off, ENODEV where the group is gone) reads as empty.
// Movable; not synchronised.
class KernelFile {
 public:
  KernelFile() = default;
  explicit KernelFile(const std::string& path);

  // It was there when it was opened.
  bool is_open() const noexcept { return static_cast<bool>(fd_); }
  // The content now, in `buffer`, at most as much as that holds; valid until the next read into it.
  std::string_view read(std::string& buffer) const;

 private:
  UniqueFd fd_;
};

}  // namespace headway
