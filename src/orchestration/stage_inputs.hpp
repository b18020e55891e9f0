// StageInputs: looks at what a stage reads and has left, says whether it is up to date, and keeps
// what it rested on once it has succeeded. Starts nothing; blocks while it reads.
#pragma once

#include "base/path_patterns.hpp"
#include "host/file_digests.hpp"
#include "model/stage_cause.hpp"
#include "model/workflow.hpp"
#include "record/run_folder.hpp"
#include "record/stage_imprint.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// What a look at one stage came to.
struct InputVerdict {
  StageCause cause;
  Nanos saved{};                     // what it took when it last succeeded; 0: not known
  std::vector<std::string> empty{};  // globs of `inputs` that mean no file
  std::string unsaved{};             // why its checkpoint could not be made; else empty

  bool up_to_date() const noexcept { return cause.kind == CauseKind::up_to_date; }
};

// What a stage stood on when it was looked at: kept until it has ended.
struct InputSnapshot {
  FileSet files;                       // stamps
  StageImprint imprint;                // definition and inputs
  std::optional<Error> unsuited = {};  // why nothing can be made of it
};

// Of one run, or of one plan. Not synchronised.
class StageInputs {
 public:
  // `workflow` and `lane`, by whose gates stages are judged, must outlive this. Reads the cache of
  // digests.
  // Once `stop` (may be null) is true, looks end early, as unreadable.
  StageInputs(const Workflow& workflow,
              const Lane& lane,
              StateFolder state,
              const std::atomic<bool>* stop = nullptr);

  // Looks at the stage, which declares inputs. `force`: it is not up to date whatever is found.
  // `out`, where given, gets what remember() wants.
  InputVerdict look(const Stage& stage, bool force, InputSnapshot* out = nullptr);

  // The stage succeeded in that run and took so long. Why it is not remembered: a fragment after
  // "not remembered: "; nothing where it is.
  std::optional<std::string> remember(const Stage& stage,
                                      InputSnapshot snapshot,
                                      std::string_view run_id,
                                      Nanos took);

  // What the stage says that it writes.
  static PathPatterns outputs_of(const Stage& writer);

  // Writes the cache of digests back, where anything was read.
  Result<void> save();
  // Why the cache began anew, or empty.
  const std::string& trouble() const noexcept { return cache_.trouble(); }

 private:
  FileSetPlace place() const { return {workflow_.directory, state_.path}; }
  std::string path_of(const Stage& stage) const;
  FileDigests digest(const FileSet& files, std::int64_t clock);
  std::vector<FileFact> outputs_now(const Stage& stage, const std::vector<FileFact>& known);

  const Workflow& workflow_;
  const Lane& lane_;
  StateFolder state_;
  const std::atomic<bool>* stop_;
  ContentCache cache_;
};

}  // namespace headway
