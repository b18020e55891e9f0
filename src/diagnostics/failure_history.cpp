// Earlier failures and their endings: see the header.
#include "diagnostics/failure_history.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "record/run_reader.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <utility>

namespace headway {
namespace {

// One run in which the stage was started.
struct StageRun {
  std::string run_id;
  std::string commit;
  StageState stage;
};

std::int64_t size_of(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_size : 0;
}

std::vector<StageRun> runs_of(const StateFolder& state, const FailedStage& failed) {
  std::vector<StageRun> runs;  // newest first
  int looked_at = 0;
  std::int64_t bytes = 0;
  for (const std::string& run_id : list_runs(state)) {
    const RunFolder folder{.path = state.run(run_id)};
    bytes += size_of(folder.events());
    if (++looked_at > kRunsLookedBack || bytes > kMaxRecordBytes) {
      break;
    }
    const auto run = read_run(folder);
    if (!run) {
      continue;
    }
    for (const StageState& stage : run->stages) {
      if (stage.plan->key == failed.key && stage.attempts > 0) {
        runs.push_back({.run_id = run_id, .commit = run->start.repository.commit, .stage = stage});
      }
    }
  }
  return runs;
}

// What differs between a failure and the run that ended it.
PastFailure ended_by(const StageRun& failure, const StageRun& green, PastFailure past) {
  const auto& cause = green.stage.cause;
  if (cause != nullptr && !cause->changes.empty()) {
    const auto& before = failure.stage.cause;
    for (const StageChange& change : cause->changes) {
      const bool there =
          before != nullptr && std::find(before->changes.begin(), before->changes.end(), change) !=
                                   before->changes.end();
      if (!there) {
        past.ending = FailureEnding::change;
        past.changed = change.name;
        return past;
      }
    }
  }
  if (green.commit != failure.commit) {
    past.ending = FailureEnding::change;
    past.changed = "commit " + green.commit.substr(0, 7);
    return past;
  }
  past.ending = FailureEnding::rerun;
  return past;
}

// Earlier attempts of a run failed, or there would be no later ones.
void add_attempts(const StateFolder& state,
                  const StageRun& run,
                  int last,
                  std::vector<PastFailure>& to) {
  const RunFolder folder{.path = state.run(run.run_id)};
  for (int attempt = last; attempt >= 1; --attempt) {
    PastFailure past{.run_id = run.run_id, .log = folder.stage_log(run.stage.plan->key, attempt)};
    past.ending =
        run.stage.status == StageStatus::completed ? FailureEnding::retry : FailureEnding::open;
    to.push_back(std::move(past));
  }
}

Result<FailureExcerpt> excerpt_of(const std::string& log) {
  if (!path_exists(log) || size_of(log) > kMaxPastLogBytes) {
    return Error{.code = ErrorCode::not_found, .message = "read " + log};
  }
  auto source = LogSource::open(log);
  return source ? find_failing_part(*source, {}) : source.error();
}

std::string times(int count) {
  return count == 1 ? "once" : fmt::format("{} times", count);
}

}  // namespace

std::vector<PastFailure> past_failures(const StateFolder& state, const FailedStage& failed) {
  std::vector<PastFailure> past;
  const StageRun* green = nullptr;  // the oldest newer run that passed
  const std::vector<StageRun> runs = runs_of(state, failed);
  for (const StageRun& run : runs) {
    const bool older = run.run_id < failed.run_id;  // (an id begins with its time)
    const bool has_passed =
        run.stage.status == StageStatus::completed && run.stage.failure == FailureKind::none;
    if (has_passed) {
      if (older) {
        add_attempts(state, run, run.stage.attempts - 1, past);
      }
      green = &run;
    } else if (older && run.stage.status == StageStatus::failed) {
      PastFailure failure{.run_id = run.run_id,
                          .log = state.run(run.run_id) + "/" + run.stage.log()};
      past.push_back(green != nullptr ? ended_by(run, *green, std::move(failure))
                                      : std::move(failure));
    }
  }
  if (past.size() > kPastFailures) {
    past.resize(kPastFailures);
  }
  return past;
}

double likeness(const FailureExcerpt& a, const FailureExcerpt& b) {
  if (a.kinds.empty() || b.kinds.empty()) {
    return 0;
  }
  std::size_t both = 0;
  for (const std::uint32_t kind : a.kinds) {
    both += std::binary_search(b.kinds.begin(), b.kinds.end(), kind) ? 1 : 0;
  }
  return static_cast<double>(both) / static_cast<double>(std::max(a.kinds.size(), b.kinds.size()));
}

std::optional<Suggestion> suggestion_of_history(const FailureExcerpt& excerpt,
                                                const std::vector<PastFailure>& past) {
  int seen = 0, retried = 0, rerun = 0;
  std::map<std::string, int> changed;
  for (const PastFailure& failure : past) {
    const auto before = excerpt_of(failure.log);
    if (!before || likeness(excerpt, *before) < kSameFailure) {
      continue;
    }
    ++seen;
    retried += failure.ending == FailureEnding::retry ? 1 : 0;
    rerun += failure.ending == FailureEnding::rerun ? 1 : 0;
    if (failure.ending == FailureEnding::change) {
      ++changed[failure.changed];
    }
  }
  if (seen == 0) {
    return std::nullopt;
  }
  std::vector<std::string> endings;
  if (retried > 0) {
    endings.push_back(fmt::format("{} went away on retry", retried));
  }
  if (rerun > 0) {
    endings.push_back(fmt::format("{} in a later run of the same commit", rerun));
  }
  int most = retried + rerun, by_change = 0;
  for (const auto& [what, count] : changed) {
    endings.push_back(fmt::format("{} after {} changed", count, what));
    most = std::max(most, count);
    by_change += count;
  }
  const int open = seen - retried - rerun - by_change;
  if (open > 0) {
    endings.push_back(fmt::format("{} still open", open));
  }
  Suggestion suggestion;
  suggestion.id = most > 0 && most == retried + rerun ? "history.went_away" : "history.seen";
  suggestion.text = fmt::format("seen {}: {}", times(seen), join(endings, ", "));
  // Laplace's rule of succession over what ended them.
  suggestion.confidence = (most + 1.0) / (seen + 2.0);
  suggestion.source = "history";
  suggestion.evidence_lines = {excerpt.anchor_line};
  return suggestion;
}

}  // namespace headway
