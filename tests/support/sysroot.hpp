// Sysroot: a temporary folder that stands in for the root of a machine. Knows nothing of what is
// read from it.
#pragma once

#include "support/temp_folder.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace headway {

// Files are put by their absolute paths.
class Sysroot {
 public:
  const std::string& path() const noexcept { return folder_.path(); }
  void put(const std::string& path, std::string_view content) const {
    const std::string full = folder_.path() + path;
    std::filesystem::create_directories(std::filesystem::path(full).parent_path());
    spill(full, content);
  }

 private:
  TempFolder folder_;
};

}  // namespace headway
