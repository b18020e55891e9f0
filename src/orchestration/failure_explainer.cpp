// The first failure, explained beside the run: see the header.
#include "orchestration/failure_explainer.hpp"

#include "base/files.hpp"
#include "base/signals_blocked.hpp"
#include "base/text.hpp"
#include "diagnostics/explanation.hpp"
#include "diagnostics/failed_stage.hpp"
#include "diagnostics/failure_history.hpp"
#include "diagnostics/line_signals.hpp"
#include "diagnostics/rule_pack.hpp"
#include "record/run_state.hpp"

#include <atomic>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

namespace headway {
namespace {

using MayBeExplained = std::optional<FailureExplained>;

bool can_be_explained(const StageFinished& body) {
  switch (body.failure) {
    case FailureKind::hook:
    case FailureKind::cancelled:
    case FailureKind::none:
      return false;
    default:
      return body.status == StageStatus::failed;
  }
}

// The stage as the record will have it.
StageState state_of(const StageFinished& body, std::shared_ptr<const PlannedStage> plan) {
  StageState stage;
  stage.plan = std::move(plan);
  stage.status = body.status;
  stage.reason = body.reason;
  stage.attempts = body.attempt;
  stage.failure = body.failure;
  stage.exit_code = body.exit_code;
  stage.signal = body.signal;
  stage.has_exit_code = body.failure != FailureKind::start_failed || body.exit_code != 0;
  return stage;
}

std::string cut_lines(const std::string& text) {
  std::string cut;
  for (const std::string_view line : split(text, '\n')) {
    cut += cut.empty() && line.data() == text.data() ? "" : "\n";
    const bool fits = line.size() <= FailureExplainer::kMaxLineBytes;
    cut += fits ? std::string(line)
                : to_valid_utf8(line.substr(0, FailureExplainer::kMaxLineBytes)) + "...";
  }
  return cut;
}

// What passed before, line by line; nothing where there is no such log.
std::optional<LogDifference> difference_to(const std::string& passing,
                                           const std::atomic<bool>& stop) {
  auto log = passing.empty() ? Result<LogSource>(Error{}) : LogSource::open(passing);
  if (!log) {
    return std::nullopt;
  }
  log->stop_with(stop);
  auto difference = LogDifference::against(*log);
  return difference ? std::optional<LogDifference>(std::move(*difference)) : std::nullopt;
}

MayBeExplained explain_failure_of(const ExplainerPlaces& places,
                                  const FailedStage& failed,
                                  const std::atomic<bool>& stop) {
  // What printed nothing has no log.
  auto log = LogSource::open(path_exists(failed.log) ? failed.log : "/dev/null");
  if (!log) {
    return std::nullopt;
  }
  log->stop_with(stop);
  const auto patterns = LineSignals::patterns();  // of this log and of earlier ones
  const LoadedRules rules = load_rules(rule_folders(places.workflow_directory));
  const auto difference = difference_to(failed.passing_log, stop);
  auto excerpt = find_failing_part(
      *log, {.passing = difference ? &*difference : nullptr, .rules = &rules.rules});
  if (!excerpt || stop) {
    return std::nullopt;
  }
  std::vector<Suggestion> history;
  if (auto seen = suggestion_of_history(*excerpt, past_failures(places.state, failed))) {
    history.push_back(*std::move(seen));
  }
  FailureExplained explained = told(explain(failed.facts, std::move(*excerpt), std::move(history)));
  explained.attempt = failed.attempt;
  for (ExplainedLines& block : explained.excerpt) {
    block.text = cut_lines(block.text);
  }
  return explained;
}

}  // namespace

struct FailureExplainer::State {
  explicit State(ExplainerPlaces the_places) : places(std::move(the_places)) {}
  ~State() {
    stop = true;
    if (thread.joinable()) {
      thread.join();
    }
  }
  void begin(const std::string& run_id, int position, StageState stage);

  const ExplainerPlaces places;
  PlannedStages stages;
  bool has_failed = false;
  std::atomic<bool> stop = false;
  std::future<MayBeExplained> result;  // valid while it is awaited
  std::thread thread;
};

// The log of the stage is whole: its output ended before it did.
void FailureExplainer::State::begin(const std::string& run_id, int position, StageState stage) {
  std::packaged_task<MayBeExplained()> work([this, run_id, position, stage = std::move(stage)] {
    auto explained = explain_failure_of(places, failed_stage_of(places.state, run_id, stage), stop);
    if (explained) {
      explained->stage = position;
    }
    return explained;
  });
  result = work.get_future();
  const SignalsBlocked blocked;
  try {
    thread = std::thread(std::move(work));
  } catch (const std::system_error&) {
    result = {};  // `headway explain` can say it later
  }
}

FailureExplainer::FailureExplainer(ExplainerPlaces places)
    : state_(std::make_unique<State>(std::move(places))) {}

FailureExplainer::~FailureExplainer() = default;

void FailureExplainer::on_event(const RunEvent& event) {
  if (const auto* started = std::get_if<RunStarted>(&event.body)) {
    state_->stages = started->stages;
  }
  const auto* finished = std::get_if<StageFinished>(&event.body);
  if (finished == nullptr || finished->status != StageStatus::failed || state_->has_failed) {
    return;
  }
  auto plan = state_->stages.share(static_cast<std::size_t>(finished->stage));
  if (plan->allow_failure) {
    return;  // the run goes on to its good end
  }
  state_->has_failed = true;
  if (can_be_explained(*finished)) {
    state_->begin(event.run_id, finished->stage, state_of(*finished, std::move(plan)));
  }
}

std::optional<FailureExplained> FailureExplainer::news(Nanos patience) {
  if (!state_->result.valid() || state_->result.wait_for(patience) != std::future_status::ready) {
    return std::nullopt;
  }
  return state_->result.get();
}

}  // namespace headway
