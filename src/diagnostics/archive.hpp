// Archive: named pieces of text as a compressed tar file in memory. Knows nothing of what they are.
#pragma once

#include "base/clock.hpp"
#include "headway/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One file of an archive. Names are relative, with '/', without "..".
struct ArchivedFile {
  std::string name;
  std::string content;
};

// POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format"): mode 0644, no owner's name. A
// name too long for it is shortened, and stays unlike the others.
std::string make_tar(const std::vector<ArchivedFile>& files, WallTime modified);
// gzip (RFC 1952), without a name and a time of its own. Error internal where memory is short.
Result<std::string> compress_gzip(std::string_view bytes);

}  // namespace headway
