// See program_lookup.hpp. The rule: POSIX.1-2017, Shell Command Language, 2.9.1 "Command Search and
// Execution".
#include "host/program_lookup.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace headway {
namespace {

// dir/name, with a relative dir made absolute. Written into `file`, whose memory is used again.
void place(std::string& file,
           std::string_view piece,
           std::string_view name,
           std::string_view directory) {
  file.clear();
  if (!piece.starts_with('/')) {
    file.append(directory).append("/");
  }
  file.append(piece);
  if (!piece.empty()) {
    file.append("/");
  }
  file.append(name);
}

}  // namespace

Result<std::string> find_program(const std::string& name, const ProgramSearch& search) {
  if (name.find('/') != std::string::npos) {
    return name;
  }
  std::string file;
  std::string forbidden;
  for (std::string_view rest = search.path; !name.empty();) {
    const std::size_t colon = rest.find(':');
    place(file, rest.substr(0, colon), name, search.directory);
    struct stat facts {};
    if (stat(file.c_str(), &facts) == 0 && S_ISREG(facts.st_mode)) {
      if (faccessat(AT_FDCWD, file.c_str(), X_OK, AT_EACCESS) == 0) {
        return file;
      }
      forbidden = forbidden.empty() ? file : forbidden;
    }
    if (colon == std::string_view::npos) {
      break;
    }
    rest.remove_prefix(colon + 1);
  }
  if (!forbidden.empty()) {
    return Error{ErrorCode::io,
                 fmt::format("start '{}': {} is not executable", name, forbidden),
                 fmt::format("run: chmod +x {}", shell_quote(forbidden))};
  }
  return Error{ErrorCode::not_found,
               fmt::format("start '{}': no such program in PATH ({})", name, search.path),
               "install it, or give its path"};
}

}  // namespace headway
