// Creates files, all or none; see new_files.hpp. Knows nothing of what is in them.
#include "cli/init/new_files.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "cli/project/project.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace headway::cli {
namespace {

Error already_there(const std::vector<std::string>& paths) {
  return {ErrorCode::conflict,
          fmt::format("{} {} there already: nothing was written",
                      join(paths, ", "),
                      paths.size() == 1 ? "is" : "are"),
          "edit what is there, or move it away and try again"};
}

Result<void> create_file(const NewFile& file) {
  if (auto made = make_directories(std::filesystem::path(file.path).parent_path().string());
      !made) {
    return made;
  }
  const mode_t mode = file.executable ? 0777 : 0666;
  const UniqueFd fd(
      ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!fd) {
    return errno == EEXIST ? already_there({short_path(file.path)})
                           : Error{ErrorCode::io, system_message(short_path(file.path), errno)};
  }
  auto written = write_all(fd.get(), file.content);
  if (!written) {
    ::unlink(file.path.c_str());
    return Error{ErrorCode::io,
                 fmt::format("{}: {}", short_path(file.path), written.error().message)};
  }
  return {};
}

}  // namespace

Result<void> create_files(const std::vector<NewFile>& files) {
  std::vector<std::string> there;
  for (const NewFile& file : files) {
    struct stat facts {};
    if (::lstat(file.path.c_str(), &facts) == 0) {
      there.push_back(short_path(file.path));
    }
  }
  if (!there.empty()) {
    return already_there(there);
  }
  for (std::size_t at = 0; at < files.size(); ++at) {
    if (auto created = create_file(files[at]); !created) {
      while (at-- > 0) {
        ::unlink(files[at].path.c_str());
      }
      return created;
    }
  }
  return {};
}

}  // namespace headway::cli
