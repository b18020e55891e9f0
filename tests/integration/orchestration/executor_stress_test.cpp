// Random graphs with failures of every kind, cancels at random moments and nested runs, from
// several threads on one executor. Every result must be explained by the results around it. Run it
// with the thread sanitizer; HEADWAY_STRESS_ROUNDS makes it longer.
#include "headway/executor.hpp"
#include "headway/stop_token.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>

namespace headway {
namespace {

using namespace std::chrono_literals;

struct Odd {
  int number;
};

// What a stage of the random graphs does.
enum class Kind { returns, throws, throws_odd, flaky, obeys, deaf, nests, cancels };

int rounds() {
  const char* wanted = std::getenv("HEADWAY_STRESS_ROUNDS");
  return wanted == nullptr ? 60 : std::atoi(wanted);
}

// One thread's source of random runs.
class RandomRuns {
 public:
  RandomRuns(AdaptiveParallelExecutor& executor, std::uint64_t seed)
      : executor_(executor), random_(seed) {}

  // Returns what is wrong with the outcome, or nothing.
  std::string run(int depth) {
    const std::vector<ParallelStage> stages = make(depth);
    const auto outcome = executor_.execute_parallel(stages);
    return outcome ? check(stages, *outcome) : outcome.error().message;
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::vector<ParallelStage> make(int depth) {
    std::vector<ParallelStage> stages;
    const int count = static_cast<int>(below(depth == 0 ? 40 : 6));
    for (int id = 0; id < count; ++id) {
      ParallelStage stage{id, "stage", task_of(pick(depth), depth)};
      for (std::uint64_t i = 0; id > 0 && i < below(4); ++i) {
        stage.dependencies.push_back(static_cast<int>(below(static_cast<std::uint64_t>(id))));
      }
      stage.timeout = Seconds(0.001 + 0.002 * static_cast<double>(below(3)));
      stage.grace = 1ms;
      stage.retries = {static_cast<int>(below(3)), Seconds(0.0005), 2};
      stage.resources.memory_bytes = static_cast<std::int64_t>(below(80));
      if (below(5) == 0) {
        stage.resources.locks = {"a"};
      }
      stages.push_back(std::move(stage));
    }
    return stages;
  }

  Kind pick(int depth) {
    const auto number = below(100);
    if (number < 6 && depth < 2) {
      return Kind::nests;
    }
    return number < 74   ? Kind::returns
           : number < 80 ? Kind::throws
           : number < 84 ? Kind::throws_odd
           : number < 92 ? Kind::flaky
           : number < 96 ? Kind::obeys
           : number < 98 ? Kind::deaf
                         : Kind::cancels;
  }

  Task task_of(Kind kind, int depth) {
    switch (kind) {
      case Kind::throws:
        return [] { throw std::runtime_error("boom"); };
      case Kind::throws_odd:
        return []() -> int { throw Odd{3}; };
      case Kind::flaky:
        return [](StageContext& context) {
          if (context.attempt() == 1) {
            throw std::logic_error("once");
          }
        };
      case Kind::obeys:
        return [](StageContext& context) { return context.wait_for_stop(10s); };
      case Kind::deaf:
        return [] { std::this_thread::sleep_for(8ms); };
      case Kind::nests:
        return [seed = random_(), depth, executor = &executor_] {
          const std::string wrong = RandomRuns(*executor, seed).run(depth + 1);
          EXPECT_EQ(wrong, "");
        };
      case Kind::cancels:
        return [executor = &executor_] { executor->cancel(); };
      default:
        return [](StageContext& context) {
          context.progress(0.5);
          int known = 0;
          for (int id = 0; id < context.stage_id(); ++id) {
            known += context.result_of(id) != nullptr ? 1 : 0;
          }
          return std::make_shared<int>(known);
        };
    }
  }

  static std::string check(const std::vector<ParallelStage>& stages,
                           const ParallelOutcome& outcome) {
    if (outcome.results.size() != stages.size()) {
      return "results are missing";
    }
    for (std::size_t i = 0; i < stages.size(); ++i) {
      const std::string wrong = check(outcome.results[i], stages[i], outcome);
      if (!wrong.empty()) {
        return "stage " + std::to_string(i) + ": " + wrong;
      }
    }
    return "";
  }

  static std::string check(const StageExecutionResult& result,
                           const ParallelStage& stage,
                           const ParallelOutcome& outcome) {
    if (result.stage_id != stage.stage_id || result.attempts > stage.retries.max + 1) {
      return "not its result";
    }
    if (result.status == StageStatus::completed) {
      return result.reason.empty() && result.attempts > 0 ? ran_in_order(result, outcome)
                                                          : "completed with a reason";
    }
    if (result.reason.empty()) {
      return "no reason";
    }
    if (result.status == StageStatus::skipped) {
      return result.attempts == 0 ? "" : "skipped but started";
    }
    if (result.status == StageStatus::failed) {
      return result.error_type.empty() ? "failed without a type" : ran_in_order(result, outcome);
    }
    return result.status == StageStatus::cancelled ? "" : "not ended";
  }

  static std::string ran_in_order(const StageExecutionResult& result,
                                  const ParallelOutcome& outcome) {
    for (const int id : result.dependencies) {
      const auto& dependency = outcome.results[static_cast<std::size_t>(id)];
      if (dependency.status != StageStatus::completed) {
        return "ran though a dependency is not completed";
      }
      if (dependency.ended > result.started) {
        return "ran before a dependency had ended";
      }
    }
    return "";
  }

  AdaptiveParallelExecutor& executor_;
  std::mt19937_64 random_;
};

void stress(ExecutorOptions options) {
  AdaptiveParallelExecutor executor(std::move(options));
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&executor, thread] {
      for (int round = 0; round < rounds(); ++round) {
        const auto seed = 1000 * thread + static_cast<unsigned>(round);
        ASSERT_EQ(RandomRuns(executor, seed).run(0), "") << "seed " << seed;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(ExecutorStress, one_worker) {
  stress({.max_workers = 1, .memory_bytes = 100});
}

TEST(ExecutorStress, several_workers) {
  stress({.max_workers = 4, .memory_bytes = 100});
}

TEST(ExecutorStress, several_workers_that_continue_on_failure) {
  stress({.max_workers = 4, .continue_on_failure = true, .memory_bytes = 100});
}

TEST(ExecutorStress, long_chain_and_wide_fan) {
  AdaptiveParallelExecutor executor({.max_workers = 4});
  std::vector<ParallelStage> stages{{0, "s", [] { return 0; }}};
  for (int id = 1; id < 4000; ++id) {
    const int need = id < 2000 ? id - 1 : 1999;
    stages.push_back(
        {id,
         "s",
         {[](StageContext& context, int of) { return *context.result<int>(of) + 1; }, need},
         {need}});
  }
  const auto outcome = executor.execute_parallel(stages);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->all_succeeded);
  EXPECT_EQ(std::any_cast<int>(outcome->results[3999].result), 2000);
}

}  // namespace
}  // namespace headway
