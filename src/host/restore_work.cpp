// See restore_work.hpp. Names are changed relative to an open folder that was reached without
// following any link.
#include "host/restore_work.hpp"

#include "base/files.hpp"
#include "base/signals_blocked.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace headway {
namespace {

using Kind = RestoreStep::Kind;
namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{256} << 10;

Result<void> checked(int result, std::string_view verb, std::string_view path) {
  return result == 0 ? Result<void>() : Workspace::trouble(verb, path, errno);
}

// chmod of the name itself, never of what a link leads to: fchmodat(2) has no such flag.
int change_mode(const OpenParent& at, std::uint32_t mode) {
  const UniqueFd name(::openat(at.folder.get(), at.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!name || ::fstat(name.get(), &status) != 0) {
    return -1;
  }
  if (S_ISLNK(status.st_mode)) {
    errno = ELOOP;
    return -1;
  }
  return ::chmod(fmt::format("/proc/self/fd/{}", name.get()).c_str(), mode);
}

// A rename that replaces nothing, also where the file system has no such rename.
int rename_to_free_name(const std::string& from, const OpenParent& at) {
  const int renamed =
      ::renameat2(AT_FDCWD, from.c_str(), at.folder.get(), at.name.c_str(), RENAME_NOREPLACE);
  struct stat status {};
  if (renamed == 0 || (errno != EINVAL && errno != ENOSYS)) {
    return renamed;
  }
  if (::fstatat(at.folder.get(), at.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    return -1;
  }
  return ::renameat(AT_FDCWD, from.c_str(), at.folder.get(), at.name.c_str());
}

// A folder that the superuser makes in somebody's folder is theirs.
void give_to_owner_of_parent(const OpenParent& at) {
  struct stat status {};
  if (::geteuid() == 0 && ::fstat(at.folder.get(), &status) == 0) {
    (void)::fchownat(
        at.folder.get(), at.name.c_str(), status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW);
  }
}

Error changed_meanwhile(const std::string& path) {
  return {ErrorCode::conflict,
          fmt::format("'{}' changed while it was being restored", path),
          "restore again when nothing writes there"};
}

}  // namespace

RestoreWork::RestoreWork(const Workspace& workspace, const RestorePlan& plan, std::string folder)
    : workspace_(workspace), plan_(plan), folder_(std::move(folder)) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (plan.steps[i].kind == Kind::write) {
      writes_.push_back(i);
    }
  }
}

RestoreWork::~RestoreWork() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string RestoreWork::fresh(std::size_t step) const {
  return fmt::format("{}/new/{}", folder_, step);
}

std::string RestoreWork::former(std::size_t step) const {
  return fmt::format("{}/old/{}", folder_, step);
}

Result<void> RestoreWork::begin() {
  std::error_code error;
  fs::remove_all(folder_, error);
  for (const char* part : {"", "/new", "/old"}) {
    const std::string path = folder_ + part;
    if (::mkdir(path.c_str(), 0700) != 0) {
      return Workspace::trouble("make folder", path, errno);
    }
  }
  return {};
}

std::vector<std::string> RestoreWork::objects() const {
  std::vector<std::string> out;
  out.reserve(writes_.size());
  for (const std::size_t step : writes_) {
    out.push_back(plan_.steps[step].object);
  }
  return out;
}

Result<void> RestoreWork::begin_content(std::size_t number, std::int64_t bytes) {
  if (auto ended = finish_file(); !ended) {
    return ended;
  }
  writing_ = number + 1;
  const std::size_t step = writes_[number];
  if (plan_.steps[step].is_link) {
    return {};
  }
  file_.reset(::open(fresh(step).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file_) {
    return Workspace::trouble("write", fresh(step), errno);
  }
  // The room is taken before it is needed; a file system that cannot do that finds out later.
  if (bytes > 0 && ::fallocate(file_.get(), 0, 0, bytes) != 0 && errno == ENOSPC) {
    return Workspace::trouble("make room for", plan_.steps[step].path, ENOSPC);
  }
  return {};
}

Result<void> RestoreWork::add_content(std::string_view piece) {
  if (!file_) {
    link_.append(piece);
    return {};
  }
  auto written = write_all(file_.get(), piece);
  if (!written) {
    const RestoreStep& step = plan_.steps[writes_[writing_ - 1]];
    return Error{ErrorCode::io, fmt::format("write {}: {}", step.path, written.error().message)};
  }
  return written;
}

Result<void> RestoreWork::finish_file() {
  if (writing_ == 0) {
    return {};
  }
  const std::size_t step = writes_[writing_ - 1];
  writing_ = 0;
  if (plan_.steps[step].is_link) {
    const std::string target = std::exchange(link_, {});
    return checked(
        ::symlink(target.c_str(), fresh(step).c_str()), "make link", plan_.steps[step].path);
  }
  auto moded = checked(
      ::fchmod(file_.get(), plan_.steps[step].mode), "set the mode of", plan_.steps[step].path);
  file_.reset();
  return moded;
}

Result<void> RestoreWork::end_content() {
  if (auto ended = finish_file(); !ended) {
    return ended;
  }
  const UniqueFd folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return checked(folder ? ::syncfs(folder.get()) : -1, "write to the disk", folder_);
}

Result<void> RestoreWork::apply(const FoundNames& found) {
  const SignalsBlocked blocked;
  for (const FoundName& name : found.names) {
    found_.emplace(name.path, &name);
  }
  for (std::size_t number = 0; number < plan_.steps.size(); ++number) {
    Done done{number};
    auto made = make(number, done);
    if (!made) {
      undo_all();
      Error error = std::move(made).error();
      error.message +=
          torn_ ? "; not all of what was changed before could be undone" : "; nothing was changed";
      return error;
    }
    done_.push_back(done);
  }
  return {};
}

Result<void> RestoreWork::make(std::size_t number, Done& done) {
  const RestoreStep& step = plan_.steps[number];
  auto at = workspace_.parent_of(step.path);
  if (!at) {
    return std::move(at).error();
  }
  const int folder = at->folder.get();
  const char* name = at->name.c_str();
  switch (step.kind) {
    case Kind::set_mode:
      if (auto same = check_unchanged(*at, step); !same) {
        return same;
      }
      [[fallthrough]];
    case Kind::open_folder:
      return checked(change_mode(*at, step.mode), "set the mode of", step.path);
    case Kind::remove_file:
      return remove_file(*at, number, done);
    case Kind::remove_folder:
      return checked(::unlinkat(folder, name, AT_REMOVEDIR), "remove folder", step.path);
    case Kind::make_parent:
      done.was_made = ::mkdirat(folder, name, 0777) == 0;
      if (done.was_made) {
        give_to_owner_of_parent(*at);
      }
      return done.was_made || errno == EEXIST ? Result<void>()
                                              : Workspace::trouble("make folder", step.path, errno);
    case Kind::make_folder:
      if (auto made = checked(::mkdirat(folder, name, step.mode), "make folder", step.path);
          !made) {
        return made;
      }
      give_to_owner_of_parent(*at);
      return {};
    case Kind::write:
      break;
  }
  return write(*at, number, done);
}

// A file or link is still what was saved before this restore. (Folders change as their names do.)
Result<void> RestoreWork::check_unchanged(const OpenParent& at, const RestoreStep& step) const {
  const auto known = found_.find(step.path);
  if (known == found_.end() || S_ISDIR(known->second->mode)) {
    return {};
  }
  struct stat status {};
  if (::fstatat(at.folder.get(), at.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return changed_meanwhile(step.path);
  }
  if (S_ISDIR(status.st_mode) && step.kind == Kind::set_mode) {
    return {};  // made by a step before, in the place of what was known
  }
  FileStamp stamp = stamp_of(status);
  if (status.st_nlink > 1) {  // (putting another name of it aside changes its ctime)
    stamp.changed_ns = known->second->stamp.changed_ns;
  }
  return stamp == known->second->stamp ? Result<void>() : changed_meanwhile(step.path);
}

Result<void> RestoreWork::remove_file(const OpenParent& at, std::size_t number, Done& done) {
  const RestoreStep& step = plan_.steps[number];
  if (auto same = check_unchanged(at, step); !same) {
    return same;
  }
  if (::renameat(at.folder.get(), at.name.c_str(), AT_FDCWD, former(number).c_str()) == 0) {
    done.is_aside = true;
    return {};
  }
  if (errno != EXDEV) {
    return Workspace::trouble("remove", step.path, errno);
  }
  return checked(::unlinkat(at.folder.get(), at.name.c_str(), 0), "remove", step.path);
}

Result<void> RestoreWork::write(const OpenParent& at, std::size_t number, Done& done) {
  const RestoreStep& step = plan_.steps[number];
  keep_owner(at, number);
  if (!step.replaces) {
    if (rename_to_free_name(fresh(number), at) == 0) {
      return {};
    }
    if (errno == EEXIST) {
      return changed_meanwhile(step.path);
    }
  } else {
    if (auto same = check_unchanged(at, step); !same) {
      return same;
    }
    // A second name of what is there, so that it is never gone.
    done.is_aside =
        ::linkat(at.folder.get(), at.name.c_str(), AT_FDCWD, former(number).c_str(), 0) == 0;
    if (::renameat(AT_FDCWD, fresh(number).c_str(), at.folder.get(), at.name.c_str()) == 0) {
      return {};
    }
  }
  return errno == EXDEV ? bring_across(at, number) : Workspace::trouble("write", step.path, errno);
}

// Into a folder that lies on another file system than what was put aside: through a name beside it.
Result<void> RestoreWork::bring_across(const OpenParent& at, std::size_t number) const {
  const RestoreStep& step = plan_.steps[number];
  const int folder = at.folder.get();
  const std::string beside = fmt::format(".headway-restore-{}-{}", ::getpid(), number);
  std::error_code error;
  if (step.is_link) {
    const std::string target = fs::read_symlink(fresh(number), error).string();
    if (error || ::symlinkat(target.c_str(), folder, beside.c_str()) != 0) {
      return Workspace::trouble("make link", step.path, errno);
    }
  } else {
    const UniqueFd from(::open(fresh(number).c_str(), O_RDONLY | O_CLOEXEC));
    const UniqueFd to(::openat(
        folder, beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    std::array<char, kPiece> piece{};
    Result<void> copied =
        from && to ? Result<void>() : Workspace::trouble("write", step.path, errno);
    ssize_t size = 1;
    while (copied && size > 0) {
      size = ::read(from.get(), piece.data(), piece.size());
      copied = size < 0 ? Workspace::trouble("read", fresh(number), errno)
                        : write_all(to.get(), {piece.data(), static_cast<std::size_t>(size)});
    }
    if (copied) {
      copied = checked(::fchmod(to.get(), step.mode), "set the mode of", step.path);
    }
    if (!copied) {
      ::unlinkat(folder, beside.c_str(), 0);
      return copied;
    }
  }
  const int renamed = ::renameat(folder, beside.c_str(), folder, at.name.c_str());
  const int reason = errno;
  if (renamed != 0) {
    ::unlinkat(folder, beside.c_str(), 0);
    return Workspace::trouble("write", step.path, reason);
  }
  return {};
}

// The superuser restores other people's files: they stay theirs.
void RestoreWork::keep_owner(const OpenParent& at, std::size_t number) const {
  const RestoreStep& step = plan_.steps[number];
  struct stat status {};
  const int looked = step.replaces
                         ? ::fstatat(at.folder.get(), at.name.c_str(), &status, AT_SYMLINK_NOFOLLOW)
                         : ::fstat(at.folder.get(), &status);
  if (::geteuid() != 0 || looked != 0 || (status.st_uid == 0 && status.st_gid == 0)) {
    return;
  }
  const std::string path = fresh(number);
  if (::lchown(path.c_str(), status.st_uid, status.st_gid) == 0 && !step.is_link) {
    (void)::chmod(path.c_str(), step.mode);  // a change of owner drops setuid
  }
}

bool RestoreWork::undo(const Done& done) {
  const RestoreStep& step = plan_.steps[done.step];
  const auto at = workspace_.parent_of(step.path);
  if (!at) {
    return false;
  }
  const int folder = at->folder.get();
  const char* name = at->name.c_str();
  switch (step.kind) {
    case Kind::open_folder:
      return change_mode(*at, step.mode_before) == 0;
    case Kind::set_mode:
      return change_mode(*at, step.mode_before) == 0;
    case Kind::remove_file:
      return done.is_aside && rename_to_free_name(former(done.step), *at) == 0;
    case Kind::remove_folder:
      return ::mkdirat(folder, name, step.mode_before | 0700) == 0;
    case Kind::make_parent:
      return !done.was_made || ::unlinkat(folder, name, AT_REMOVEDIR) == 0;
    case Kind::make_folder:
      return ::unlinkat(folder, name, AT_REMOVEDIR) == 0;
    case Kind::write:
      break;
  }
  if (!step.replaces) {
    return ::unlinkat(folder, name, 0) == 0;
  }
  return done.is_aside && ::renameat(AT_FDCWD, former(done.step).c_str(), folder, name) == 0;
}

void RestoreWork::undo_all() {
  for (auto done = done_.rbegin(); done != done_.rend(); ++done) {
    torn_ = !undo(*done) || torn_;
  }
  // Once their names are back, folders get the modes that they had.
  for (const Done& done : done_) {
    const RestoreStep& step = plan_.steps[done.step];
    if (step.kind == Kind::remove_folder) {
      const auto at = workspace_.parent_of(step.path);
      torn_ = !at || change_mode(*at, step.mode_before) != 0 || torn_;
    }
  }
  done_.clear();
}

}  // namespace headway
