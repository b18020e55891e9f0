// Checkpoints: paths of a workspace are saved, listed, restored and forgotten. Puts the store, the
// look at the disk and the work of a restore together. Knows no workflow and prints nothing.
#pragma once

#include "base/clock.hpp"
#include "headway/result.hpp"
#include "host/checkpoint.hpp"
#include "host/checkpoint_store.hpp"
#include "host/restore_plan.hpp"
#include "host/workspace.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// What is to be saved, and what is said of it.
struct SaveRequest {
  std::vector<std::string> paths;  // relative to the workspace
  CheckpointReason reason = CheckpointReason::by_hand;
  std::string label{};
  std::string run_id{}, stage{}, restored{};
  std::string instead_of{};  // id of a checkpoint that goes once this one is there; or empty
  const std::atomic<bool>* stop = nullptr;  // once true, save() ends early, as an error
  bool must_exist = false;  // a path where nothing is is an error, else saved as that
};

// What a restore did, or would do.
struct RestoreReport {
  Checkpoint before;  // what was saved first; without id after a dry run
  RestorePlan plan;
  std::string trouble{};  // what went wrong beside it, or empty
};

// A restore that was cut off: by a kill or a power cut.
struct CutRestore {
  std::string restored;  // id of what was being restored
  std::string before;    // id of what was there before
};

// The checkpoints of one workspace. Not synchronised; processes exclude each other.
class Checkpoints {
 public:
  // `folder` is the workspace, `state` the state folder, both absolute. Creates nothing. Error
  // where the workspace cannot be opened.
  static Result<Checkpoints> open(const std::string& folder, const std::string& state);

  // A path that a person gave, for SaveRequest.
  Result<std::string> relative(std::string_view base, std::string_view path) const {
    return workspace_.relative(base, path);
  }

  // Newest first; empty where there are none. `damaged` gets the ids of those that cannot be read.
  Result<std::vector<Checkpoint>> list(std::vector<std::string>* damaged = nullptr) const {
    return store_.list(damaged);
  }
  Result<std::vector<SavedEntry>> entries(const Checkpoint& checkpoint) const {
    return store_.entries(checkpoint.id);
  }

  // Saves files, folders (empty ones too), links and modes. `trouble`: what went wrong beside it.
  // The state folder must be there. Errors: not_found (with must_exist), invalid_argument (a path
  // that cannot be), unsupported (no git), conflict, io: nothing is saved then.
  Result<Checkpoint> save(const SaveRequest& request, const Clock& clock, std::string& trouble);

  // Saves what the paths of `checkpoint` hold now, then makes them hold what they held then. Error:
  // nothing was changed, or the error says what was. `dry_run`: only says what would be done.
  Result<RestoreReport> restore(const Checkpoint& checkpoint, const Clock& clock, bool dry_run);

  // Removes them. `trouble`: why their room could not be given back.
  Result<void> remove(const std::vector<std::string>& ids, std::string& trouble);

  std::optional<CutRestore> cut_restore() const;

  // Of checkpoints that nobody made by hand, so many are kept.
  static constexpr std::size_t kKeptAutomatic = 100;

 private:
  struct Saved {
    Checkpoint checkpoint;
    FoundNames found;
  };

  Checkpoints(Workspace workspace, std::string folder, std::string aside)
      : workspace_(std::move(workspace)), store_(std::move(folder)), aside_(std::move(aside)) {}
  Result<Saved> take(const SaveRequest& request, const Clock& clock);
  Result<Saved> send_in(const SaveRequest& request, const Clock& clock);
  Result<void> carry_out(const Checkpoint& checkpoint, const Saved& now, RestoreReport& report);
  void forget_old(std::string& trouble);
  std::string journal() const { return store_.folder() + "/restoring.json"; }
  Result<void> write_journal(const CutRestore& cut) const;

  Workspace workspace_;
  CheckpointStore store_;
  std::string aside_;  // where contents wait to be renamed to their places
};

}  // namespace headway
