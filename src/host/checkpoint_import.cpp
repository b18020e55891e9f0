// See checkpoint_import.hpp. The grammar of the stream: git-fast-import(1).
#include "host/checkpoint_import.hpp"

#include "base/files.hpp"
#include "host/checkpoint_store.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr std::uint32_t kPermissions = 07777;

std::string_view git_mode(const SavedEntry& entry) {
  return entry.kind == SavedKind::link ? "120000" : (entry.mode & 0100) != 0 ? "100755" : "100644";
}

// True where a write error of ours hides what git itself says.
bool is_written(const Result<void>& sent, GitProcess& git, Result<void>& why) {
  if (sent) {
    return true;
  }
  why = git.finish();
  if (why) {
    why = sent.error();
  }
  return false;
}

}  // namespace

std::string quote_path(std::string_view path) {
  std::string out = "\"";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out.push_back(c);
    }
  }
  return out + '"';
}

Result<CheckpointImport> CheckpointImport::begin(const GitPlace& place,
                                                 const std::atomic<bool>* stop) {
  auto git =
      GitProcess::start(place, {"fast-import", "--quiet", "--done", "--depth=0"}, GitInput::stream);
  if (!git) {
    return std::move(git).error();
  }
  return CheckpointImport(std::move(*git), stop);
}

Result<void> CheckpointImport::send(std::string_view bytes) {
  if (stop_ != nullptr && *stop_) {
    return Error{ErrorCode::conflict, "save the paths: stopped"};
  }
  Result<void> why;
  return is_written(git_.send(bytes), git_, why) ? Result<void>() : why;
}

Result<void> CheckpointImport::send_blob(std::string_view content) {
  auto sent = send(fmt::format("blob\nmark :{}\ndata {}\n", ++marks_, content.size()));
  return sent ? send(std::string(content) + "\n") : sent;
}

Result<void> CheckpointImport::add(const Workspace& workspace, FoundName& name) {
  SavedEntry entry{name.path, SavedKind::folder, name.mode & kPermissions, "", 0};
  if (S_ISDIR(name.mode)) {
    added_.push_back({std::move(entry), 0});
    return {};
  }
  if (S_ISREG(name.mode)) {
    return add_file(workspace, name);
  }
  const auto target = workspace.link_target(name.path);
  if (!target) {
    return target.error().code == ErrorCode::not_found ? Result<void>() : target.error();
  }
  if (auto sent = send_blob(*target); !sent) {
    return sent;
  }
  entry.kind = SavedKind::link;
  entry.bytes = static_cast<std::int64_t>(target->size());
  added_.push_back({std::move(entry), marks_});
  return {};
}

Result<void> CheckpointImport::add_file(const Workspace& workspace, FoundName& name) {
  for (int reads = 1;; ++reads) {
    const auto reading = read_file_once(workspace, name);
    if (!reading) {
      return reading.error();
    }
    if (*reading == Reading::gone) {
      return {};
    }
    const bool is_last = reads == kMostReads;
    if (*reading == Reading::good || (*reading == Reading::changed && is_last)) {
      added_.push_back(
          {{name.path, SavedKind::file, name.mode & kPermissions, "", name.stamp.size}, marks_});
      return {};
    }
    if (is_last) {
      return Error{ErrorCode::conflict,
                   fmt::format("read {}: it changes all the time", name.path),
                   "save again when nothing writes to it"};
    }
  }
}

Result<CheckpointImport::Reading> CheckpointImport::read_file_once(const Workspace& workspace,
                                                                   FoundName& name) {
  const auto file = workspace.file(name.path);
  struct stat before {};
  if (!file) {
    return file.error().code == ErrorCode::not_found ? Result<Reading>(Reading::gone)
                                                     : file.error();
  }
  if (::fstat(file->get(), &before) != 0 || !S_ISREG(before.st_mode)) {
    return Reading::gone;
  }
  name.mode = before.st_mode;
  name.stamp = stamp_of(before);
  std::int64_t left = before.st_size;
  if (auto sent = send(fmt::format("blob\nmark :{}\ndata {}\n", ++marks_, left)); !sent) {
    return std::move(sent).error();
  }
  std::array<char, kPiece> piece{};
  bool is_torn = false;
  while (left > 0) {
    auto size = static_cast<ssize_t>(std::min<std::int64_t>(left, kPiece));
    const ssize_t got =
        is_torn ? 0 : ::read(file->get(), piece.data(), static_cast<std::size_t>(size));
    if (got < 0 && errno != EINTR) {
      return Workspace::trouble("read", name.path, errno);
    }
    if (got == 0) {  // it became shorter: what was announced must come all the same
      is_torn = true;
      piece.fill(0);
    } else {
      size = std::max<ssize_t>(got, 0);
    }
    if (auto sent = send({piece.data(), static_cast<std::size_t>(size)}); !sent) {
      return std::move(sent).error();
    }
    left -= size;
  }
  if (auto sent = send("\n"); !sent) {
    return std::move(sent).error();
  }
  struct stat after {};
  const bool is_same = ::fstat(file->get(), &after) == 0 && stamp_of(after) == name.stamp;
  return is_torn ? Reading::torn : is_same ? Reading::good : Reading::changed;
}

Result<void> CheckpointImport::commit(Checkpoint& facts) {
  std::vector<SavedEntry> entries;
  entries.reserve(added_.size());
  for (const Added& added : added_) {
    const SavedEntry& entry = added.entry;
    facts.files += entry.kind == SavedKind::file ? 1 : 0;
    facts.links += entry.kind == SavedKind::link ? 1 : 0;
    facts.folders += entry.kind == SavedKind::folder ? 1 : 0;
    facts.bytes += entry.kind == SavedKind::file ? entry.bytes : 0;
    entries.push_back(entry);
  }
  if (auto sent = send_blob(encode_modes(entries)); !sent) {
    return sent;
  }
  const std::string message = encode_checkpoint(facts);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(facts.made_at.time_since_epoch()).count();
  std::string text = fmt::format(
      "commit {}\ncommitter headway <headway> {} +0000\ndata {}\n{}\nM 100644 :{} modes\n",
      CheckpointStore::ref_of(facts.id),
      seconds,
      message.size(),
      message,
      marks_);
  for (const Added& added : added_) {
    if (added.entry.kind != SavedKind::folder) {
      text += fmt::format("M {} :{} {}\n",
                          git_mode(added.entry),
                          added.mark,
                          quote_path("files/" + store_path(added.entry.path)));
    }
  }
  if (auto sent = send(text + "\ndone\n"); !sent) {
    return sent;
  }
  return git_.finish();
}

}  // namespace headway
