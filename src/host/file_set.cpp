// See file_set.hpp. One folder is open at a time, however deep they are.
#include "host/file_set.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace headway {
namespace {

constexpr std::string_view kGit = ".git";
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) noexcept {
  return static_cast<std::int64_t>(time.tv_sec) * kNanosPerSecond + time.tv_nsec;
}

FileKind kind_of(mode_t mode) {
  return S_ISREG(mode) ? FileKind::regular : S_ISLNK(mode) ? FileKind::link : FileKind::other;
}

// What was asked for was gone meanwhile, or is no folder any more.
bool is_gone(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR;
}

std::string join_path(const std::string& folder, std::string_view name) {
  if (folder.empty()) {
    return std::string(name);
  }
  return folder.ends_with('/') ? fmt::format("{}{}", folder, name)
                               : fmt::format("{}/{}", folder, name);
}

// An open folder, read name by name.
class Folder {
 public:
  explicit Folder(int fd) : stream_(::fdopendir(fd)) {
    if (stream_ == nullptr) {
      ::close(fd);
    }
  }
  ~Folder() {
    if (stream_ != nullptr) {
      ::closedir(stream_);
    }
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // Null at the end; errno is 0 then, else it says what went wrong.
  const dirent* next() {
    errno = stream_ == nullptr ? ENOMEM : 0;
    return stream_ == nullptr ? nullptr : ::readdir(stream_);
  }
  int fd() const { return ::dirfd(stream_); }

 private:
  DIR* stream_;
};

class Walk {
 public:
  Walk(const FileSetPlace& place, const PathPatterns& patterns)
      : place_(place), patterns_(patterns) {
    out_.matched.resize(patterns.size());
    struct stat status {};
    if (!place.without.empty() && ::stat(place.without.c_str(), &status) == 0) {
      without_ = {status.st_dev, status.st_ino};
    }
  }

  FileSet run() {
    base_ = UniqueFd(::open(place_.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!base_) {
      problem("open folder", place_.folder, errno);
      return std::move(out_);
    }
    for (const std::string& root : patterns_.roots()) {
      look_at_root(root);
    }
    auto& files = out_.files;
    const auto by_path = [](const FoundFile& a, const FoundFile& b) { return a.path < b.path; };
    std::sort(files.begin(), files.end(), by_path);
    const auto is_same = [](const FoundFile& a, const FoundFile& b) { return a.path == b.path; };
    files.erase(std::unique(files.begin(), files.end(), is_same), files.end());
    return std::move(out_);
  }

 private:
  struct Pending {
    std::string path;
    PathPatterns::State state;
  };

  void problem(std::string_view verb, std::string_view path, int error_number) {
    if (out_.problems.size() < FileSet::kMaxProblems) {
      out_.problems.push_back(
          {ErrorCode::io, fmt::format("{} {}", verb, system_message(path, error_number))});
    }
  }

  bool is_without(const struct stat& status) const {
    return without_ && *without_ == std::pair(status.st_dev, status.st_ino);
  }

  void look_at_root(const std::string& root) {
    PathPatterns::State state = patterns_.start();
    if (!root.empty()) {
      const std::string_view names = root == "/" ? std::string_view() : std::string_view(root);
      for (const std::string_view name : split(names, '/')) {
        state = patterns_.step(state, name);
      }
    }
    struct stat status {};
    const char* path = root.empty() ? "." : root.c_str();
    if (::fstatat(base_.get(), path, &status, 0) == 0 && S_ISDIR(status.st_mode)) {
      pending_.push_back({root, std::move(state)});
      walk_pending();
      return;
    }
    if (patterns_.accepts(state)) {
      add(base_.get(), path, root, state);
    }
  }

  void walk_pending() {
    while (!pending_.empty()) {
      const Pending folder = std::move(pending_.back());
      pending_.pop_back();
      if (seen_.insert(folder.path).second && patterns_.may_accept_below(folder.state)) {
        read_folder(folder);
      }
    }
  }

  void read_folder(const Pending& at) {
    const char* path = at.path.empty() ? "." : at.path.c_str();
    const int fd = ::openat(base_.get(), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
      if (!is_gone(errno)) {
        problem("read folder", path, errno);
      }
      return;
    }
    Folder folder(fd);
    while (const dirent* entry = folder.next()) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != ".." && name != kGit) {
        look_at(folder.fd(), *entry, at);
      }
    }
    if (errno != 0) {
      problem("read folder", path, errno);
    }
  }

  void look_at(int folder, const dirent& entry, const Pending& at) {
    PathPatterns::State state = patterns_.step(at.state, entry.d_name);
    const bool accepted = patterns_.accepts(state);
    const bool goes_on = patterns_.may_accept_below(state);
    if (!accepted && !goes_on) {
      return;
    }
    unsigned char type = entry.d_type;
    struct stat status {};
    if ((type == DT_UNKNOWN || (type == DT_DIR && without_)) &&
        ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
      type = S_ISDIR(status.st_mode) ? DT_DIR : DT_REG;
    }
    if (type != DT_DIR) {
      if (accepted) {
        add(folder, entry.d_name, join_path(at.path, entry.d_name), state);
      }
    } else if (goes_on && !is_without(status)) {
      pending_.push_back({join_path(at.path, entry.d_name), std::move(state)});
    }
  }

  void add(int folder, const char* name, std::string path, const PathPatterns::State& state) {
    struct stat status {};
    if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (!is_gone(errno)) {
        problem("look at", path, errno);
      }
      return;
    }
    if (S_ISDIR(status.st_mode)) {
      return;
    }
    FoundFile file{std::move(path), kind_of(status.st_mode), stamp_of(status), nullptr};
    if (file.kind == FileKind::link) {
      file.link = read_link(folder, name);
      if (file.link == nullptr) {
        return;
      }
    }
    patterns_.mark(state, out_.matched);
    out_.files.push_back(std::move(file));
  }

  // Null where it is no link any more.
  static std::shared_ptr<const LinkFacts> read_link(int folder, const char* name) {
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlinkat(folder, name, target.data(), target.size());
    if (size < 0) {
      return nullptr;
    }
    LinkFacts facts;
    facts.target.assign(target.data(), static_cast<std::size_t>(size));
    struct stat status {};
    if (::fstatat(folder, name, &status, 0) == 0 && S_ISREG(status.st_mode)) {
      facts.has_content = true;
      facts.content = stamp_of(status);
    }
    return std::make_shared<const LinkFacts>(std::move(facts));
  }

  const FileSetPlace& place_;
  const PathPatterns& patterns_;
  std::optional<std::pair<dev_t, ino_t>> without_;
  UniqueFd base_;
  std::vector<Pending> pending_;
  std::unordered_set<std::string> seen_;  // folders: roots may lie in each other
  FileSet out_;
};

}  // namespace

FileStamp stamp_of(const struct stat& status) noexcept {
  return {status.st_dev,
          status.st_ino,
          status.st_size,
          nanoseconds(status.st_mtim),
          nanoseconds(status.st_ctim),
          status.st_mode};
}

bool same_stamps(const FoundFile& a, const FoundFile& b) noexcept {
  return a.path == b.path && a.stamp == b.stamp && a.content_stamp() == b.content_stamp();
}

FileSet find_files(const FileSetPlace& place, const PathPatterns& patterns) {
  return Walk(place, patterns).run();
}

}  // namespace headway
