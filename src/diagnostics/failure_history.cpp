// Earlier failures and their endings: see the header.
#include "diagnostics/failure_history.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "record/run_reader.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>
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

// "variable CC", "its run", "package-lock.json".
std::string name_of(const StageChange& change) {
  switch (change.thing) {
    case ChangedThing::environment:
      return "variable " + change.name;
    case ChangedThing::definition:
      return "its " + change.name;
    case ChangedThing::input:
    case ChangedThing::output:
      break;
  }
  return change.name;
}

// What differs between a failure and the run that ended it.
PastFailure ended_by(const StageRun& failure, const StageRun& green, PastFailure past) {
  past.ended_in = green.run_id;
  const auto& cause = green.stage.cause;
  if (cause != nullptr && !cause->changes.empty()) {
    const auto& before = failure.stage.cause;
    for (const StageChange& change : cause->changes) {
      const bool there =
          before != nullptr && std::find(before->changes.begin(), before->changes.end(), change) !=
                                   before->changes.end();
      if (!there) {
        past.ending = FailureEnding::change;
        past.what = name_of(change);
        return past;
      }
    }
  }
  const bool both_known = !green.commit.empty() && !failure.commit.empty();
  const bool differ = both_known && green.commit != failure.commit;
  past.ending = differ ? FailureEnding::commit : FailureEnding::rerun;
  past.what = both_known ? green.commit : "";
  return past;
}

// Earlier attempts of a run that passed failed, or there would be no later ones.
void add_attempts(const StateFolder& state,
                  const StageRun& run,
                  int last,
                  std::vector<PastFailure>& to) {
  const RunFolder folder{.path = state.run(run.run_id)};
  for (int attempt = last; attempt >= 1; --attempt) {
    PastFailure past{.run_id = run.run_id, .log = folder.stage_log(run.stage.plan->key, attempt)};
    past.ending = FailureEnding::retry;
    past.ended_in = run.run_id;
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

// How failures of one kind ended.
class Endings {
 public:
  void add(const PastFailure& failure) {
    ++seen_;
    open_ += failure.ending == FailureEnding::open ? 1 : 0;
    if (failure.ending == FailureEnding::open || !ended_in_.insert(failure.ended_in).second) {
      return;
    }
    switch (failure.ending) {
      case FailureEnding::open:
        break;
      case FailureEnding::retry:
        ++retried_;
        break;
      case FailureEnding::rerun:
        ++rerun_;
        ++others_[failure.what.empty() ? "in a later run" : "in a later run of the same commit"];
        break;
      case FailureEnding::change:
        ++others_[fmt::format("after {} changed", failure.what)];
        break;
      case FailureEnding::commit:
        commit_ = commit_.empty() || commit_ == failure.what ? failure.what : kSeveral;
        ++by_commit_;
        break;
    }
  }

  // Failures.
  int seen() const noexcept { return seen_; }
  // Streaks of them that are over.
  int ended() const noexcept { return static_cast<int>(ended_in_.size()); }
  // By themselves.
  int went_away() const noexcept { return retried_ + rerun_; }
  // How often what ended most of them did.
  int most() const {
    int most = std::max(went_away(), by_commit_);
    for (const auto& [how, count] : others_) {
      most = std::max(most, count);
    }
    return most;
  }

  std::string text() const {
    std::vector<Ending> endings = by_frequency();
    if (ended() == 1) {
      const int streak = seen_ - open_;
      return fmt::format("seen {}{}: it went away {}{}",
                         times(streak),
                         streak == 1 ? "" : " in a row",
                         endings.front().second,
                         open_text());
    }
    constexpr std::size_t kMostTold = 3;
    int untold = 0;
    for (; endings.size() > kMostTold; endings.pop_back()) {
      untold += endings.back().first;
    }
    std::string text = fmt::format("seen {} times: ", ended());
    for (std::size_t at = 0; at < endings.size(); ++at) {
      const auto& [count, how] = endings[at];
      text +=
          fmt::format("{}{}{} {}", at == 0 ? "" : ", ", count, at == 0 ? " went away" : "", how);
    }
    return text + (untold > 0 ? fmt::format(", {} in other ways", untold) : "") + open_text();
  }

 private:
  using Ending = std::pair<int, std::string>;
  static constexpr const char* kSeveral = "*";

  // Retries first, then the most frequent.
  std::vector<Ending> by_frequency() const {
    std::vector<Ending> endings;
    for (const auto& [how, count] : others_) {
      endings.emplace_back(count, how);
    }
    if (by_commit_ > 0) {
      endings.emplace_back(by_commit_,
                           commit_ == kSeveral ? "with a later commit"
                                               : "with commit " + commit_.substr(0, kShortCommit));
    }
    std::stable_sort(endings.begin(), endings.end(), [](const Ending& a, const Ending& b) {
      return a.first > b.first;
    });
    if (retried_ > 0) {
      endings.emplace(endings.begin(), retried_, "on retry");
    }
    return endings;
  }

  // What nothing has ended yet came after all that was ended.
  std::string open_text() const {
    return open_ == 0 ? "" : fmt::format("; since then {} more, not ended yet", times(open_));
  }

  static constexpr std::size_t kShortCommit = 7;
  int seen_ = 0, open_ = 0, retried_ = 0, rerun_ = 0, by_commit_ = 0;
  std::set<std::string> ended_in_;     // runs
  std::string commit_;                 // that ended some; kSeveral: not always the same
  std::map<std::string, int> others_;  // how, and how often
};

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
  Endings endings;
  for (const PastFailure& failure : past) {
    const auto before = excerpt_of(failure.log);
    if (before && likeness(excerpt, *before) >= kSameFailure) {
      endings.add(failure);
    }
  }
  if (endings.ended() == 0) {
    return std::nullopt;
  }
  const int most = endings.most();
  Suggestion suggestion;
  suggestion.id = most == endings.went_away() ? "history.went_away" : "history.seen";
  suggestion.text = endings.text();
  // Laplace's rule of succession over what ended them.
  suggestion.confidence = (most + 1.0) / (endings.seen() + 2.0);
  suggestion.source = "history";
  suggestion.evidence_lines = {excerpt.anchor_line};
  return suggestion;
}

}  // namespace headway
