// TaskGraph with real threads: random graphs under failures, stops and nested runs, at every number
// of workers; graphs used many times, by several threads, and dropped at once.
#include "headway/task_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace headway {
namespace {

using namespace std::chrono_literals;

void spin_for(std::chrono::nanoseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

// A random graph whose tasks check that what they need has run, in this very run, with plain
// variables: a missing order is a data race.
class CheckedGraph {
 public:
  struct Node {
    int last_run = 0;
    std::vector<std::size_t> needs{};
  };

  // `microseconds`: the longest a task takes.
  CheckedGraph(unsigned seed, int tasks, unsigned microseconds) : random_(seed) {
    TaskGraph graph;
    nodes_.resize(static_cast<std::size_t>(tasks));
    const std::size_t span = 1 + random_() % 40;  // how far back needs reach
    for (std::size_t task = 0; task < nodes_.size(); ++task) {
      const auto busy = random_() % (microseconds + 1);
      const TaskId added = graph.add([this, task, busy] { work(task, busy); });
      for (auto i = random_() % 4; i > 0 && task > 0; --i) {
        const std::size_t back = 1 + random_() % std::min(span, task);
        nodes_[task].needs.push_back(task - back);
        graph.precede({static_cast<std::uint32_t>(task - back)}, added);
      }
    }
    frozen_ = std::make_unique<FrozenTaskGraph>(*graph.freeze());
  }

  void fail_at(std::size_t task) { failing_ = task; }
  void call_at(std::size_t task, std::function<void()> action) {
    acting_ = task;
    action_ = std::move(action);
  }
  FrozenTaskGraph& frozen() { return *frozen_; }

  // One run, checked: each task ran once or is told, and none ran whose needs did not.
  GraphRun run(const GraphRunOptions& options) {
    ++run_;
    GraphRun run = *frozen_->run(options);
    std::vector<bool> told(nodes_.size());
    for (const TaskId task : run.not_run) {
      told[task.index] = true;
    }
    int unaccounted = 0;
    for (std::size_t task = 0; task < nodes_.size(); ++task) {
      unaccounted += (nodes_[task].last_run == run_) == told[task] ? 1 : 0;
    }
    EXPECT_EQ(unaccounted, 0);
    EXPECT_EQ(wrong_, 0);
    return run;
  }

 private:
  void work(std::size_t task, std::size_t busy_microseconds) {
    Node& node = nodes_[task];
    for (const std::size_t need : node.needs) {
      wrong_ += nodes_[need].last_run == run_ ? 0 : 1;
    }
    wrong_ += node.last_run == run_ ? 1 : 0;
    node.last_run = run_;
    if (busy_microseconds > 0) {
      spin_for(std::chrono::microseconds(busy_microseconds));
    }
    if (task == acting_) {
      action_();
    }
    if (task == failing_) {
      throw std::runtime_error("task " + std::to_string(task));
    }
  }

  static constexpr auto kNone = static_cast<std::size_t>(-1);
  std::mt19937 random_;
  std::vector<Node> nodes_;
  std::unique_ptr<FrozenTaskGraph> frozen_;
  std::size_t failing_ = kNone;
  std::size_t acting_ = kNone;
  std::function<void()> action_;
  int run_ = 0;
  std::atomic<int> wrong_{0};
};

GraphRunOptions options_of(unsigned number) {
  return {.workers = 1 + static_cast<int>(number % 8),
          .use = number % 3 == 0 ? WorkerUse::measured : WorkerUse::all};
}

TEST(TaskGraphThreads, random_graphs_keep_their_order_at_every_number_of_workers) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    CheckedGraph graph(seed, 1 + static_cast<int>(seed * 37 % 3'000), seed % 4 == 0 ? 3 : 0);
    for (unsigned i = 0; i < 8; ++i) {
      EXPECT_TRUE(graph.run(options_of(seed + i)).succeeded()) << "seed " << seed;
    }
  }
}

TEST(TaskGraphThreads, exception_at_any_task_keeps_back_only_what_needs_it) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::mt19937 random(seed);
    const int tasks = 1 + static_cast<int>(random() % 1'500);
    CheckedGraph graph(seed, tasks, seed % 5 == 0 ? 3 : 0);
    for (unsigned i = 0; i < 6; ++i) {
      const std::size_t bad = random() % static_cast<unsigned>(tasks);
      graph.fail_at(bad);
      const GraphRun run = graph.run(options_of(seed + i));
      EXPECT_EQ(run.status, GraphRunStatus::failed);
      ASSERT_EQ(run.failures.size(), 1U);
      EXPECT_EQ(run.failures[0].task.index, bad);
      for (const TaskId task : run.not_run) {
        EXPECT_GT(task.index, bad);
      }
    }
  }
}

TEST(TaskGraphThreads, stop_from_a_task_leaves_a_whole_account) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    StopFlag stop;
    CheckedGraph graph(seed, 2'000, seed % 5 == 0 ? 3 : 0);
    graph.call_at(seed * 31 % 2'000, [&stop] { stop.raise(); });
    for (unsigned i = 0; i < 4; ++i) {
      GraphRunOptions options = options_of(seed + i);
      options.stop = &stop;
      const GraphRun run = graph.run(options);
      EXPECT_EQ(run.status,
                run.not_run.empty() ? GraphRunStatus::completed : GraphRunStatus::cancelled);
      stop.lower();
    }
  }
}

TEST(TaskGraphThreads, stop_from_another_thread_at_any_moment_ends_the_run) {
  CheckedGraph graph(5, 20'000, 0);
  for (unsigned i = 0; i < 60; ++i) {
    StopFlag stop;
    std::thread stopper([&stop, i] {
      spin_for(std::chrono::microseconds(i * 7 % 200));
      stop.raise();
    });
    GraphRunOptions options = options_of(i);
    options.stop = &stop;
    const GraphRun run = graph.run(options);
    EXPECT_EQ(run.succeeded(), run.not_run.empty());
    stopper.join();
  }
}

TEST(TaskGraphThreads, graph_is_run_ten_thousand_times) {
  CheckedGraph graph(3, 60, 0);
  for (unsigned i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(graph
                    .run({.workers = 2 + static_cast<int>(i % 2),
                          .use = i % 2 == 0 ? WorkerUse::all : WorkerUse::measured})
                    .succeeded());
  }
}

TEST(TaskGraphThreads, graph_is_dropped_right_after_a_run) {
  for (unsigned i = 0; i < 200; ++i) {
    CheckedGraph graph(i, 200, i % 2);
    EXPECT_TRUE(graph.run({.workers = 4, .use = WorkerUse::all}).succeeded());
  }
}

TEST(TaskGraphThreads, two_threads_run_two_graphs) {
  std::vector<std::thread> threads;
  std::atomic<int> succeeded{0};
  for (unsigned t = 0; t < 2; ++t) {
    threads.emplace_back([t, &succeeded] {
      CheckedGraph graph(t, 1'000, 0);
      for (unsigned i = 0; i < 100; ++i) {
        succeeded += graph.run({.workers = 2, .use = WorkerUse::all}).succeeded() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(succeeded, 200);
}

TEST(TaskGraphThreads, graph_run_by_two_threads_at_once_refuses_one) {
  std::atomic<int> conflicts{0};
  FrozenTaskGraph* self = nullptr;
  TaskGraph graph;
  for (int i = 0; i < 4; ++i) {
    graph.add([&] {
      std::thread([&] {
        const auto run = self->run();
        conflicts += !run && run.error().code == ErrorCode::conflict ? 1 : 0;
      }).join();
    });
  }
  auto frozen = graph.freeze();
  self = &*frozen;
  EXPECT_TRUE(frozen->run({.workers = 2})->succeeded());
  EXPECT_EQ(conflicts, 4);
}

TEST(TaskGraphThreads, graphs_in_tasks_of_graphs_end) {
  std::vector<std::unique_ptr<CheckedGraph>> inner;
  std::atomic<int> succeeded{0};
  TaskGraph outer_graph;
  TaskId last{};
  for (unsigned i = 0; i < 12; ++i) {
    inner.push_back(std::make_unique<CheckedGraph>(i, 100, i % 2));
    const auto body = [&succeeded, graph = inner.back().get()] {
      succeeded += graph->run({.workers = 3, .use = WorkerUse::all}).succeeded() ? 1 : 0;
    };
    last = i % 4 == 3 ? outer_graph.add(body, {last}) : outer_graph.add(body);
  }
  auto outer = outer_graph.freeze();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(outer->run({.workers = 4, .use = WorkerUse::all})->succeeded());
  }
  EXPECT_EQ(succeeded, 240);
}

// Long tasks must not wait for one another without need, from the first run on: two that wait for
// each other end only if they run at the same time.
TEST(TaskGraphThreads, two_tasks_that_meet_run_at_the_same_time) {
  std::atomic<int> here{0};
  const auto meet = [&here] {
    ++here;
    while (here.load() % 2 != 0) {
      std::this_thread::yield();
    }
  };
  TaskGraph graph;
  const TaskId root = graph.add([] {});
  graph.add(meet, {root});
  graph.add(meet, {root});
  auto frozen = graph.freeze();
  EXPECT_TRUE(frozen->run({.workers = 2})->succeeded());
  EXPECT_EQ(here, 2);
}

TEST(TaskGraphThreads, graph_whose_tasks_become_long_and_short_again_completes) {
  std::atomic<int> microseconds{0};
  std::atomic<int> runs{0};
  TaskGraph graph;
  TaskId root = graph.add([] {});
  for (int i = 0; i < 2'000; ++i) {
    graph.add(
        [&] {
          ++runs;
          if (microseconds > 0) {
            spin_for(std::chrono::microseconds(microseconds.load()));
          }
        },
        {root});
  }
  auto frozen = graph.freeze();
  for (const int length : {0, 5, 0, 20, 0, 0, 1, 2, 0}) {
    microseconds = length;
    EXPECT_TRUE(frozen->run({.workers = 2})->succeeded());
  }
  EXPECT_EQ(runs, 9 * 2'000);
}

TEST(TaskGraphThreads, times_of_all_workers_lie_in_the_run) {
  CheckedGraph graph(11, 500, 20);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(graph.run({.workers = 3, .use = WorkerUse::all}).succeeded());
  const auto elapsed = std::chrono::steady_clock::now() - before;
  for (const TaskTime& time : graph.frozen().times()) {
    EXPECT_TRUE(time.has_run());
    EXPECT_GE(time.end, time.start);
    EXPECT_LE(time.end, elapsed + 1ms);
  }
}

}  // namespace
}  // namespace headway
