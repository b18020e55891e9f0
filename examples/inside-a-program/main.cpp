// Stages inside a program: functions and a command in one graph, timed, kept in a history, logged.
// All that it writes goes into the working directory.
#include <cstdio>
#include <filesystem>
#include <headway/headway.hpp>

using namespace headway;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

static int task_func() {
  return 1;
}

static void with_arg(int) {}

// A stage may ask for its context: the results of its dependencies, its stop token, its logger.
static int sum(StageContext& context) {
  context.logger().info("adding up", {{"attempt", context.attempt()}});
  return *context.result<int>(1) + *context.result<int>(2);
}

static void tell_estimate(const TimingTracker& tracker) {
  auto estimator = PerformanceEstimator::open("timing_history.json");
  if (!estimator) {
    return;
  }
  auto estimate = estimator->estimate_remaining_time(
      {.current_profile = tracker.profile(), .completed_stage_id = 0, .lane = "standard"});
  if (estimate) {
    std::printf(
        "about %.1f s left (confidence %.1f)\n", estimate->estimated.count(), estimate->confidence);
  }
}

int main() {
  TimingTracker tracker("change-123", "standard", {.history = "timing_history.json"});
  tracker.start_stage(0, "Setup & Initialization");
  tracker.complete_stage();
  tell_estimate(tracker);

  StructuredLogger logger("workflow", fs::path("logs/"));
  logger.set_context({.workflow_id = "change-123", .lane = "standard", .user = "ana"});

  std::vector<ParallelStage> stages{
      {0, "Stage 0", {with_arg, 5}},
      {1, "Stage 1", task_func, {0}},
      {2, "Stage 2", task_func, {0}},
      {3, "Sum", sum, {1, 2}},
      {.stage_id = 4,
       .stage_name = "List",
       .task = Command{{"ls", "-l"}},
       .dependencies = {1, 2},
       .timeout = 30s},
  };
  AdaptiveParallelExecutor executor({.max_workers = 2, .history = "runs.db", .logger = &logger});
  auto outcome = executor.execute_parallel(stages);
  if (!outcome) {
    std::printf("failed to %s\n", outcome.error().message.c_str());
    return 2;
  }
  auto& [results, all_succeeded] = *outcome;
  for (const auto& result : results) {
    std::printf("%d %s: %s\n",
                result.stage_id,
                result.stage_name.c_str(),
                std::string(to_string(result.status)).c_str());
  }
  const ExecutionSummary summary = AdaptiveParallelExecutor::get_execution_summary(*outcome);
  std::printf("%d of %d stages, %d workers\n",
              summary.successful,
              summary.total_stages,
              summary.worker_count);
  std::printf("the sum is %d\n", std::any_cast<int>(results[3].result));

  logger.log_performance("all stages", summary.makespan);
  const DiagnosticReport report =
      DiagnosticCollector::generate_diagnostic_report(fs::path("logs/"), "status.json");
  std::printf("%s", report.to_json().empty() ? "no report\n" : "reported\n");
  if (!tracker.complete_workflow()) {
    return 3;
  }
  return all_succeeded && execute_parallel_stages(stages, {.max_workers = 4}) ? 0 : 1;
}
