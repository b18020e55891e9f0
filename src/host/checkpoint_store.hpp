// CheckpointStore: where checkpoints lie: a bare git repository of Headway's own, one ref a
// checkpoint, content addressed by what it is. Knows nothing of the workspace.
#pragma once

#include "base/unique_fd.hpp"
#include "headway/result.hpp"
#include "host/checkpoint.hpp"
#include "host/git_process.hpp"

#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The tree of a checkpoint's commit has `files/` (see store_path()) and `modes` (encode_modes());
// its message is encode_checkpoint(). Not synchronised; processes exclude each other by lock().
class CheckpointStore {
 public:
  // The repository lies in `folder`, which need not be there yet.
  explicit CheckpointStore(std::string folder);

  // Creates what is missing and takes the lock until this is gone: nobody else changes anything
  // then. Waits for it, 30 s at most, or until `stop` (may be null) is true. Leftovers of killed
  // commands are removed. Errors: conflict, unsupported (no git), io.
  Result<void> lock(const std::atomic<bool>* stop = nullptr);

  // Newest first; empty where there is no store. Those that cannot be read are passed over, and
  // their ids kept in `damaged` (may be null).
  Result<std::vector<Checkpoint>> list(std::vector<std::string>* damaged = nullptr) const;
  // Sorted by path. Errors: not_found, parse (damaged), io.
  Result<std::vector<SavedEntry>> entries(std::string_view id) const;
  // The contents of these objects, in that order: `begin` is told the number and the size of each,
  // `take` its bytes in pieces. Ends early where they give an error.
  struct Sink {
    std::function<Result<void>(std::size_t number, std::int64_t bytes)> begin;
    std::function<Result<void>(std::string_view piece)> take;
  };
  Result<void> read(const std::vector<std::string>& objects, const Sink& sink) const;

  // Under lock(). Removes the checkpoints; their content goes with shrink().
  Result<void> remove(const std::vector<std::string>& ids);
  // Under lock(). Packs what is kept anew and drops the rest.
  Result<void> shrink();
  // The names of the files with contents; and under lock(), removes those that came since: what is
  // in them belongs to no checkpoint any more.
  std::set<std::string> packs() const;
  void remove_packs_since(const std::set<std::string>& before) const;
  // Under lock(). Removes what gits that were killed or failed left.
  void sweep() const;
  // Whether enough packs have gathered that shrink() is worth it.
  bool is_scattered() const;

  // Where git is to work; the name of the ref of a checkpoint.
  const GitPlace& place() const noexcept { return place_; }
  static std::string ref_of(std::string_view id);
  const std::string& folder() const noexcept { return folder_; }

  static constexpr int kMostPacks = 40;

 private:
  bool exists() const;
  Result<void> need_git() const;
  Result<std::vector<Checkpoint>> read_refs(std::string_view refs,
                                            std::vector<std::string>& lost) const;
  Result<void> create();

  std::string folder_;
  GitPlace place_;
  UniqueFd lock_;
};

// What is said of one that is there and cannot be read. Error parse.
Error damaged_checkpoint(std::string_view id);

}  // namespace headway
