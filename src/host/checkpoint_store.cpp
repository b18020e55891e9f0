// See checkpoint_store.hpp.
#include "host/checkpoint_store.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/uuid.hpp"
#include "host/program_lookup.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

namespace headway {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRefs = "refs/checkpoints/";
constexpr std::string_view kFiles = "files/";
constexpr std::string_view kModes = "modes";
// Content of files that only their owner may read lies in there.
constexpr mode_t kFolderMode = 0700;
constexpr int kLockPolls = 600;
constexpr timespec kLockPoll{0, 50'000'000};
constexpr std::size_t kPiece = std::size_t{256} << 10;

std::string git_program() {
  const char* path = ::getenv("PATH");
  return find_program("git", {path == nullptr ? kDefaultPath : std::string_view(path), "/"})
      .value_or("");
}

std::string id_of(std::string_view ref) {
  return std::string(ref.substr(std::min(ref.size(), kRefs.size())));
}

// "MODE blob OBJECT  SIZE\tPATH" of `git ls-tree -l`; false where it is something else.
bool read_tree_line(std::string_view line, SavedEntry& entry) {
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos) {
    return false;
  }
  std::vector<std::string_view> words = split(line.substr(0, tab), ' ');
  std::erase(words, std::string_view());
  if (words.size() != 4 || words[1] != "blob") {
    return false;
  }
  const std::string_view size = words[3];
  const char* end = size.data() + size.size();
  entry.kind = words[0] == "120000" ? SavedKind::link : SavedKind::file;
  entry.mode = words[0] == "100755" ? 0755 : words[0] == "100644" ? 0644 : 0777;
  entry.object = words[2];
  entry.path = line.substr(tab + 1);
  return std::from_chars(size.data(), end, entry.bytes).ptr == end;
}

}  // namespace

Error damaged_checkpoint(std::string_view id) {
  return {
      ErrorCode::parse,
      fmt::format("checkpoint '{}' is damaged", id),
      fmt::format("`headway checkpoint delete {}` removes it, `headway checkpoint list` has the "
                  "others",
                  short_id(id))};
}

CheckpointStore::CheckpointStore(std::string folder) : folder_(std::move(folder)) {
  place_.program = git_program();
  place_.folder = folder_ + "/store.git";
}

std::string CheckpointStore::ref_of(std::string_view id) {
  return std::string(kRefs) + std::string(id);
}

bool CheckpointStore::exists() const {
  return path_exists(place_.folder + "/HEAD");
}

Result<void> CheckpointStore::need_git() const {
  if (place_.program.empty()) {
    return Error{ErrorCode::unsupported,
                 "checkpoints need git, which is not in PATH",
                 "install git, or set PATH"};
  }
  return {};
}

// The repository comes into being whole, by a rename.
Result<void> CheckpointStore::create() {
  const std::string draft = place_.folder + ".new";
  std::error_code ignored;
  fs::remove_all(draft, ignored);
  auto made =
      run_git({place_.program, draft, place_.held}, {"init", "--bare", "-q", "--template="});
  if (!made) {
    return std::move(made).error();
  }
  std::error_code error;
  fs::rename(draft, place_.folder, error);
  return error ? Error{ErrorCode::io, fmt::format("make {}: {}", place_.folder, error.message())}
               : Result<void>();
}

Result<void> CheckpointStore::lock(const std::atomic<bool>* stop) {
  if (auto has = need_git(); !has) {
    return has;
  }
  if (::mkdir(folder_.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return Error{ErrorCode::io, fmt::format("make {}", system_message(folder_, errno))};
  }
  const std::string path = folder_ + "/lock";
  lock_.reset(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_) {
    return Error{ErrorCode::io, fmt::format("open {}", system_message(path, errno))};
  }
  for (int poll = 0; ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0; ++poll) {
    const bool is_stopped = stop != nullptr && *stop;
    if (is_stopped || poll == kLockPolls || (errno != EWOULDBLOCK && errno != EINTR)) {
      return Error{ErrorCode::conflict,
                   "another command is at work on the checkpoints",
                   "try again when it has ended"};
    }
    ::nanosleep(&kLockPoll, nullptr);
  }
  place_.held = lock_.get();
  if (exists()) {
    sweep();
    return {};
  }
  return create();
}

// Nobody is at work under the lock.
void CheckpointStore::sweep() const {
  std::vector<fs::path> left;
  for (const char* folder : {"", "/refs", "/refs/checkpoints", "/objects/pack"}) {
    std::error_code error;
    for (fs::directory_iterator at(place_.folder + folder, error), end; at != end && !error;
         at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (name.ends_with(".lock") || name.starts_with("tmp_") ||
          name.starts_with("fast_import_crash_") || name.starts_with(".tmp-")) {
        left.push_back(at->path());
      }
    }
  }
  for (const fs::path& path : left) {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
}

Result<std::vector<Checkpoint>> CheckpointStore::list(std::vector<std::string>* damaged) const {
  std::vector<Checkpoint> out;
  if (!exists()) {
    return out;
  }
  if (auto has = need_git(); !has) {
    return std::move(has).error();
  }
  std::vector<std::string> lost;
  if (auto all = read_refs(kRefs, lost)) {
    out = *std::move(all);
  } else {
    // Git says nothing at all where it cannot read one of them: each by itself then.
    const auto names = run_git(
        place_, {"for-each-ref", "--sort=-refname", "--format=%(refname)", std::string(kRefs)});
    if (!names) {
      return names.error();
    }
    for (const std::string_view name : split(trim(*names), '\n')) {
      auto one = read_refs(name, lost);
      if (!one) {
        lost.push_back(id_of(name));
      } else {
        std::move(one->begin(), one->end(), std::back_inserter(out));
      }
    }
  }
  if (damaged != nullptr) {
    *damaged = std::move(lost);
  }
  return out;
}

// The checkpoints below `refs`, newest first, and the ids of those whose text is none of ours.
Result<std::vector<Checkpoint>> CheckpointStore::read_refs(std::string_view refs,
                                                           std::vector<std::string>& lost) const {
  const auto text = run_git(place_,
                            {"for-each-ref",
                             "--sort=-refname",
                             "--format=%(refname)%00%(contents)%00",
                             std::string(refs)});
  if (!text) {
    return text.error();
  }
  std::vector<Checkpoint> out;
  const auto pieces = split(*text, '\0');
  for (std::size_t i = 0; i + 1 < pieces.size(); i += 2) {
    const std::string_view ref = trim(pieces[i]);
    auto checkpoint = decode_checkpoint(pieces[i + 1]);
    if (checkpoint && ref == ref_of(checkpoint->id)) {
      out.push_back(std::move(*checkpoint));
    } else {
      lost.push_back(id_of(ref));
    }
  }
  return out;
}

Result<std::vector<SavedEntry>> CheckpointStore::entries(std::string_view id) const {
  if (auto has = need_git(); !has) {
    return std::move(has).error();
  }
  const auto text = run_git(place_, {"ls-tree", "-r", "-l", "-z", "--full-tree", ref_of(id)});
  if (!text) {
    return text.error();
  }
  std::vector<SavedEntry> out;
  std::string modes_object;
  for (const std::string_view line : split(*text, '\0')) {
    SavedEntry entry;
    if (line.empty()) {
      continue;
    }
    if (!read_tree_line(line, entry)) {
      return damaged_checkpoint(id);
    }
    if (entry.path.starts_with(kFiles)) {
      entry.path = workspace_path(std::string_view(entry.path).substr(kFiles.size()));
      out.push_back(std::move(entry));
    } else if (entry.path == kModes) {
      modes_object = entry.object;
    }
  }
  const auto modes = run_git(place_, {"cat-file", "blob", modes_object});
  return modes ? with_modes(std::move(out), *modes) : damaged_checkpoint(id);
}

Result<void> CheckpointStore::read(const std::vector<std::string>& objects,
                                   const Sink& sink) const {
  if (objects.empty()) {
    return {};
  }
  auto git = GitProcess::start(
      place_, {"cat-file", "--batch"}, GitInput::text, join(objects, "\n") + "\n");
  if (!git) {
    return std::move(git).error();
  }
  std::array<char, kPiece> piece{};
  for (std::size_t number = 0; number < objects.size(); ++number) {
    const std::string head = git->receive_line().value_or("");
    const auto words = split(head, ' ');
    std::int64_t left = 0;
    if (words.size() != 3 || words[0] != objects[number] || words[1] != "blob" ||
        std::from_chars(words[2].data(), words[2].data() + words[2].size(), left).ec !=
            std::errc{}) {
      auto ended = git->finish();
      return ended ? Error{ErrorCode::parse,
                           fmt::format("read object {} of the checkpoints", objects[number])}
                   : std::move(ended).error();
    }
    auto done = sink.begin(number, left);
    while (done && left > 0) {
      const auto size = static_cast<std::size_t>(std::min<std::int64_t>(left, kPiece));
      const auto got = git->receive(piece.data(), size);
      if (!got || *got != size) {
        auto ended = git->finish();
        return ended ? Error{ErrorCode::parse, "the checkpoints are damaged"}
                     : std::move(ended).error();
      }
      left -= static_cast<std::int64_t>(size);
      done = sink.take({piece.data(), size});
    }
    if (!done) {
      return done;
    }
    (void)git->receive(piece.data(), 1);  // the newline after it
  }
  return git->finish();
}

Result<void> CheckpointStore::remove(const std::vector<std::string>& ids) {
  std::string orders;
  for (const std::string& id : ids) {
    orders += fmt::format("delete {}\n", ref_of(id));
  }
  auto done = run_git(place_, {"update-ref", "--stdin"}, orders);
  return done ? Result<void>() : std::move(done).error();
}

Result<void> CheckpointStore::shrink() {
  auto done = run_git(place_, {"repack", "-a", "-d", "-q"});
  return done ? Result<void>() : std::move(done).error();
}

std::set<std::string> CheckpointStore::packs() const {
  std::set<std::string> out;
  std::error_code error;
  for (fs::directory_iterator at(place_.folder + "/objects/pack", error), end; at != end && !error;
       at.increment(error)) {
    out.insert(at->path().filename().string());
  }
  return out;
}

// In the order of their names: the index of a pack goes before the pack.
void CheckpointStore::remove_packs_since(const std::set<std::string>& before) const {
  for (const std::string& name : packs()) {
    if (before.count(name) == 0) {
      std::error_code ignored;
      fs::remove(place_.folder + "/objects/pack/" + name, ignored);
    }
  }
}

bool CheckpointStore::is_scattered() const {
  const std::set<std::string> names = packs();
  return std::count_if(names.begin(), names.end(), [](const std::string& name) {
           return name.ends_with(".pack");
         }) > kMostPacks;
}

}  // namespace headway
