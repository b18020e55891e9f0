// See workspace.hpp. Every part of a path is opened by itself, with O_NOFOLLOW.
#include "host/workspace.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <optional>
#include <set>

namespace headway {
namespace {

constexpr std::string_view kGit = ".git";
constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kPassFolder = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// Far more than any repository has; a walk that never ends is a mistake.
constexpr std::size_t kMostNames = std::size_t{1} << 22;

using Stream = std::unique_ptr<DIR, int (*)(DIR*)>;

std::string join_path(const std::string& folder, std::string_view name) {
  return folder == "." ? std::string(name) : fmt::format("{}/{}", folder, name);
}

bool is_gone(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR;
}

// What git itself asks of a folder of its own, or of a file that stands for one.
bool is_git_entry(int folder, const struct stat& status) {
  if (S_ISLNK(status.st_mode)) {
    return true;
  }
  if (S_ISDIR(status.st_mode)) {
    struct stat head {};
    return ::fstatat(folder, ".git/HEAD", &head, AT_SYMLINK_NOFOLLOW) == 0;
  }
  constexpr std::string_view kKey = "gitdir:";
  std::array<char, kKey.size()> start{};
  const UniqueFd file(::openat(folder, ".git", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  const ssize_t size = file ? ::read(file.get(), start.data(), start.size()) : -1;
  return size == static_cast<ssize_t>(kKey.size()) &&
         std::string_view(start.data(), start.size()) == kKey;
}

Error leads_away(std::string_view path, std::string_view part, std::string_view what) {
  return {ErrorCode::invalid_argument,
          fmt::format("'{}' is not reached: '{}' is {}", path, part, what),
          "give the path that it leads to, where that lies in the workflow's folder"};
}

}  // namespace

std::string_view to_text(KeptName::Why why) noexcept {
  return why == KeptName::Why::git     ? "git's own"
         : why == KeptName::Why::state ? "Headway's own state"
                                       : "no file, folder or link";
}

Error Workspace::trouble(std::string_view verb, std::string_view path, int error_number) {
  const bool is_forbidden = error_number == EACCES || error_number == EPERM;
  return {is_gone(error_number) ? ErrorCode::not_found : ErrorCode::io,
          fmt::format("{} {}", verb, system_message(path, error_number)),
          is_forbidden ? "get the permission, or leave it out of the paths" : ""};
}

Result<Workspace> Workspace::open(const std::string& folder, const std::vector<KeptName>& own) {
  Workspace out;
  out.path_ = folder;
  out.root_.reset(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!out.root_) {
    return trouble("open folder", folder, errno);
  }
  std::copy_if(own.begin(), own.end(), std::back_inserter(out.own_), [](const KeptName& kept) {
    return !kept.path.empty();
  });
  return out;
}

Result<std::string> Workspace::relative(std::string_view base, std::string_view path) const {
  if (path.empty() || path.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::invalid_argument, "an empty path"};
  }
  const std::string absolute = absolute_path(base, path);
  const std::string inside = path_ == "/" ? path_ : path_ + "/";
  if (absolute == path_) {
    return std::string(".");
  }
  if (!absolute.starts_with(inside)) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("'{}' lies outside of '{}'", path, path_),
                 "only paths in the folder of the workflow file are saved"};
  }
  for (const KeptName& own : own_) {
    if (absolute == own.path || absolute.starts_with(own.path + "/")) {
      return Error{ErrorCode::invalid_argument,
                   fmt::format("'{}' is {}, which no checkpoint holds", path, to_text(own.why))};
    }
  }
  std::string out = absolute.substr(inside.size());
  const auto names = split(out, '/');
  if (std::find(names.begin(), names.end(), kGit) != names.end()) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("'{}' is git's own, which no checkpoint holds", path)};
  }
  return out;
}

Result<OpenParent> Workspace::parent_of(std::string_view path) const {
  UniqueFd at(::openat(root_.get(), ".", kPassFolder));
  std::size_t begin = 0;
  for (std::size_t slash = path.find('/'); at && slash != std::string_view::npos;
       slash = path.find('/', begin)) {
    const std::string name(path.substr(begin, slash - begin));
    UniqueFd next(::openat(at.get(), name.c_str(), kPassFolder));
    if (!next && (errno == ELOOP || errno == ENOTDIR)) {
      struct stat status {};
      const bool is_link = ::fstatat(at.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                           S_ISLNK(status.st_mode);
      return leads_away(path, path.substr(0, slash), is_link ? "a link" : "no folder");
    }
    at = std::move(next);
    begin = slash + 1;
  }
  if (!at) {
    return trouble("open the folder of", path, errno);
  }
  return OpenParent{std::move(at), std::string(path.substr(begin))};
}

Result<UniqueFd> Workspace::folder(std::string_view path) const {
  auto parent = parent_of(path);
  if (!parent) {
    return std::move(parent).error();
  }
  UniqueFd out(::openat(parent->folder.get(), parent->name.c_str(), kOpenFolder));
  return out ? Result<UniqueFd>(std::move(out)) : trouble("read folder", path, errno);
}

Result<UniqueFd> Workspace::file(std::string_view path) const {
  auto parent = parent_of(path);
  if (!parent) {
    return std::move(parent).error();
  }
  UniqueFd out(::openat(parent->folder.get(),
                        parent->name.c_str(),
                        O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  return out ? Result<UniqueFd>(std::move(out)) : trouble("read", path, errno);
}

Result<std::string> Workspace::link_target(std::string_view path) const {
  auto parent = parent_of(path);
  if (!parent) {
    return std::move(parent).error();
  }
  std::array<char, PATH_MAX> target{};
  const ssize_t size =
      ::readlinkat(parent->folder.get(), parent->name.c_str(), target.data(), target.size());
  if (size < 0) {
    return trouble("read link", path, errno);
  }
  return std::string(target.data(), static_cast<std::size_t>(size));
}

// One look down from some paths.
class Workspace::Walk {
 public:
  explicit Walk(const Workspace& workspace) : workspace_(workspace) {
    for (const KeptName& kept : workspace.own_) {
      struct stat status {};
      if (::stat(kept.path.c_str(), &status) == 0) {
        own_.push_back({status.st_dev, status.st_ino, kept.why});
      }
    }
  }

  Result<FoundNames> run(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      if (auto looked = look_at_path(path); !looked) {
        return std::move(looked).error();
      }
      while (!pending_.empty()) {
        const std::string folder = std::move(pending_.back());
        pending_.pop_back();
        if (auto read = read_folder(folder); !read) {
          return std::move(read).error();
        }
      }
    }
    const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
    std::sort(out_.names.begin(), out_.names.end(), by_path);
    std::sort(out_.kept.begin(), out_.kept.end(), by_path);
    out_.missing_parents.assign(missing_.begin(), missing_.end());
    return std::move(out_);
  }

 private:
  // Known by what it is, whatever it is called here.
  struct Own {
    dev_t device;
    ino_t inode;
    KeptName::Why why;
  };

  Result<void> look_at_path(const std::string& path) {
    if (path == ".") {
      pending_.push_back(path);
      return {};
    }
    auto parent = workspace_.parent_of(path);
    if (!parent && parent.error().code == ErrorCode::not_found) {
      note_missing(path);
      return {};
    }
    if (!parent) {
      return std::move(parent).error();
    }
    const std::size_t before = out_.names.size() + out_.kept.size();
    if (auto looked = look_at(parent->folder.get(), parent->name.c_str(), path); !looked) {
      return looked;
    }
    if (before == out_.names.size() + out_.kept.size()) {
      out_.absent.push_back(path);
    }
    return {};
  }

  void note_missing(const std::string& path) {
    out_.absent.push_back(path);
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      std::string above = path.substr(0, slash);
      if (!workspace_.folder(above)) {
        missing_.insert(std::move(above));
      }
    }
  }

  Result<void> read_folder(const std::string& path) {
    auto opened = workspace_.folder(path);
    if (!opened) {
      return opened.error().code == ErrorCode::not_found ? Result<void>()
                                                         : std::move(opened).error();
    }
    const Stream stream(::fdopendir(opened->get()), ::closedir);
    if (stream == nullptr) {
      return trouble("read folder", path, errno);
    }
    (void)opened->release();
    const int folder = ::dirfd(stream.get());
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") {
        if (auto looked = look_at(folder, entry->d_name, join_path(path, name)); !looked) {
          return looked;
        }
      }
      errno = 0;
    }
    return errno == 0 ? Result<void>() : trouble("read folder", path, errno);
  }

  Result<void> look_at(int folder, const char* name, std::string path) {
    struct stat status {};
    if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      return is_gone(errno) ? Result<void>() : trouble("look at", path, errno);
    }
    if (const auto why = kept(folder, name, status)) {
      out_.kept.push_back({std::move(path), *why});
      return {};
    }
    if (out_.names.size() == kMostNames) {
      return Error{ErrorCode::invalid_argument,
                   fmt::format("more than {} files and folders", kMostNames),
                   "save fewer paths"};
    }
    if (S_ISDIR(status.st_mode)) {
      pending_.push_back(path);
    }
    out_.names.push_back({std::move(path), status.st_mode, stamp_of(status)});
    return {};
  }

  std::optional<KeptName::Why> kept(int folder, const char* name, const struct stat& status) const {
    for (const Own& own : own_) {
      if (own.device == status.st_dev && own.inode == status.st_ino) {
        return own.why;
      }
    }
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) {
      return KeptName::Why::special;
    }
    return name == kGit && is_git_entry(folder, status)
               ? std::optional<KeptName::Why>(KeptName::Why::git)
               : std::nullopt;
  }

  const Workspace& workspace_;
  std::vector<Own> own_;
  FoundNames out_;
  std::vector<std::string> pending_;  // folders
  std::set<std::string> missing_;
};

Result<FoundNames> Workspace::find(const std::vector<std::string>& paths) const {
  return Walk(*this).run(paths);
}

}  // namespace headway
