// Tests of TaskGraph and FrozenTaskGraph as one worker sees them: building, order, failures,
// stopping, times, memory. (Threads: tests/integration.)
#include "headway/task_graph.hpp"

#include "execution/task_graph_state.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace headway {
namespace {

constexpr GraphRunOptions kOneWorker{.workers = 1};

std::string text_of(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST(TaskGraph, empty_graph_completes) {
  TaskGraph graph;
  auto frozen = graph.freeze();
  ASSERT_TRUE(frozen);
  EXPECT_EQ(frozen->size(), 0);
  EXPECT_TRUE(frozen->times().empty());
  const auto run = frozen->run(kOneWorker);
  ASSERT_TRUE(run);
  EXPECT_TRUE(run->succeeded());
  EXPECT_TRUE(frozen->run()->succeeded());
}

TEST(TaskGraph, one_task_runs_once_a_run) {
  int runs = 0;
  TaskGraph graph;
  graph.add([&runs] { ++runs; });
  auto frozen = graph.freeze();
  ASSERT_TRUE(frozen);
  EXPECT_TRUE(frozen->run()->succeeded());
  EXPECT_TRUE(frozen->run(kOneWorker)->succeeded());
  EXPECT_EQ(runs, 2);
}

TEST(TaskGraph, needs_run_first_however_they_were_said) {
  std::vector<char> seen;
  TaskGraph graph;
  const TaskId last = graph.add([&seen] { seen.push_back('c'); });
  const TaskId first = graph.add([&seen] { seen.push_back('a'); });
  const TaskId middle = graph.add([&seen] { seen.push_back('b'); }, {first});
  graph.precede(middle, last);
  graph.add([&seen] { seen.push_back('d'); }, std::vector<TaskId>{last, first});
  auto frozen = graph.freeze();
  ASSERT_TRUE(frozen);
  EXPECT_TRUE(frozen->run(kOneWorker)->succeeded());
  EXPECT_EQ(seen, (std::vector<char>{'a', 'b', 'c', 'd'}));
}

TEST(TaskGraph, callables_of_many_kinds_are_called) {
  static int plain_calls = 0;
  plain_calls = 0;
  struct Plain {
    static void call() { ++plain_calls; }
    int operator()() { return ++plain_calls; }
  };
  auto movable = std::make_unique<int>(5);
  const std::array<int, 64> large{1};
  TaskGraph graph;
  graph.add(&Plain::call);
  graph.add(Plain{});
  graph.add([held = std::move(movable)] { plain_calls += *held; });
  graph.add([large] { plain_calls += large[0]; });
  const auto copied = [calls = &plain_calls] { ++*calls; };
  graph.add(copied);
  auto frozen = graph.freeze();
  ASSERT_TRUE(frozen);
  EXPECT_TRUE(frozen->run(kOneWorker)->succeeded());
  EXPECT_EQ(plain_calls, 9);
}

TEST(TaskGraph, callable_that_throws_while_it_is_added_is_not_there) {
  struct Stubborn {
    Stubborn() = default;
    Stubborn(const Stubborn& /*other*/) { throw std::runtime_error("no copies"); }
    Stubborn(Stubborn&&) noexcept {}
    void operator()() const {}
  };
  TaskGraph graph;
  const Stubborn stubborn;
  EXPECT_THROW(graph.add(stubborn), std::runtime_error);
  EXPECT_EQ(graph.size(), 0);
  EXPECT_EQ(graph.add([] {}).index, 0U);
  EXPECT_TRUE(graph.freeze());
}

TEST(TaskGraph, cycle_is_told_in_the_order_of_running_with_names) {
  TaskGraph graph;
  const TaskId a = graph.add([] {});
  const TaskId b = graph.add([] {});
  const TaskId c = graph.add([] {});
  graph.precede(a, b);
  graph.precede(b, c);
  graph.precede(c, a);
  graph.set_name(b, "parse");
  const auto frozen = graph.freeze();
  ASSERT_FALSE(frozen);
  EXPECT_EQ(frozen.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(frozen.error().message,
            "freeze the task graph: cycle 'task 0' -> 'parse' -> 'task 2' -> 'task 0'");
  EXPECT_EQ(graph.size(), 3) << "the graph is as it was";
}

TEST(TaskGraph, long_cycle_is_cut_short) {
  TaskGraph graph;
  for (int i = 0; i < 1000; ++i) {
    graph.add([] {});
  }
  for (std::uint32_t i = 0; i < 1000; ++i) {
    graph.precede({i}, {(i + 1) % 1000});
  }
  const auto frozen = graph.freeze();
  ASSERT_FALSE(frozen);
  EXPECT_NE(frozen.error().message.find("'task 19' -> ... (980 more) -> 'task 0'"),
            std::string::npos)
      << frozen.error().message;
}

TEST(TaskGraph, edge_to_a_task_that_is_not_there_is_refused) {
  TaskGraph graph;
  const TaskId only = graph.add([] {});
  graph.precede(only, {7});
  const auto frozen = graph.freeze();
  ASSERT_FALSE(frozen);
  EXPECT_EQ(frozen.error().message,
            "freeze the task graph: an edge names task 7, and there are 1 tasks");
}

TEST(TaskGraph, builder_is_empty_after_freezing_and_may_build_again) {
  TaskGraph graph;
  graph.add([] {});
  const auto first = graph.freeze();
  EXPECT_EQ(graph.size(), 0);
  const TaskId again = graph.add([] {});
  EXPECT_EQ(again.index, 0U);
  const auto second = graph.freeze();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->size(), 1);
}

TEST(TaskGraph, names_are_the_last_given_or_made_of_the_number) {
  TaskGraph graph;
  const TaskId named = graph.add([] {});
  const TaskId unnamed = graph.add([] {});
  graph.set_name(named, "first");
  graph.set_name(named, "second");
  const auto frozen = graph.freeze();
  ASSERT_TRUE(frozen);
  EXPECT_EQ(frozen->name(named), "second");
  EXPECT_EQ(frozen->name(unnamed), "task 1");
  EXPECT_EQ(frozen->name({9}), "");
}

TEST(TaskGraph, exception_is_kept_whole_and_what_needs_the_task_does_not_run) {
  std::vector<int> seen;
  TaskGraph graph;
  const TaskId root = graph.add([&seen] { seen.push_back(0); });
  const TaskId bad = graph.add([]() -> void { throw std::out_of_range("too far"); }, {root});
  const TaskId after = graph.add([&seen] { seen.push_back(2); }, {bad});
  const TaskId beside = graph.add([&seen] { seen.push_back(3); }, {root});
  const TaskId last = graph.add([&seen] { seen.push_back(4); }, {after, beside});
  auto frozen = graph.freeze();
  ASSERT_TRUE(frozen);
  const auto run = frozen->run(kOneWorker);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->status, GraphRunStatus::failed);
  ASSERT_EQ(run->failures.size(), 1U);
  EXPECT_EQ(run->failures[0].task, bad);
  EXPECT_THROW(std::rethrow_exception(run->failures[0].exception), std::out_of_range);
  EXPECT_EQ(run->not_run, (std::vector<TaskId>{after, last}));
  EXPECT_EQ(seen, (std::vector<int>{0, 3}));
  EXPECT_TRUE(frozen->time(bad).has_run());
  EXPECT_FALSE(frozen->time(after).has_run());
}

TEST(TaskGraph, all_failures_are_told_in_the_order_seen) {
  TaskGraph graph;
  graph.add([]() -> void { throw std::runtime_error("one"); });
  graph.add([]() -> void { throw std::runtime_error("two"); });
  auto frozen = graph.freeze();
  const auto run = frozen->run(kOneWorker);
  ASSERT_EQ(run->failures.size(), 2U);
  EXPECT_EQ(text_of(run->failures[0].exception), "one");
  EXPECT_EQ(text_of(run->failures[1].exception), "two");
  EXPECT_TRUE(run->not_run.empty());
}

TEST(TaskGraph, of_many_failures_each_names_its_task) {
  constexpr std::uint32_t kTasks = 3000;
  TaskGraph graph;
  std::vector<TaskId> tasks;
  for (std::uint32_t i = 0; i < kTasks; ++i) {
    tasks.push_back(graph.add([i]() -> void { throw std::runtime_error(std::to_string(i)); }));
  }
  // (half of them are moved behind a task of another level)
  const TaskId first = graph.add([] {});
  for (std::uint32_t i = 0; i < kTasks; i += 2) {
    graph.precede(first, tasks[i]);
  }
  auto frozen = graph.freeze();
  const auto run = frozen->run(kOneWorker);
  ASSERT_EQ(run->failures.size(), kTasks);
  for (const auto& failure : run->failures) {
    EXPECT_EQ(text_of(failure.exception), std::to_string(failure.task.index));
  }
}

TEST(TaskGraph, run_after_a_failed_one_starts_clean) {
  bool should_throw = true;
  int after_runs = 0;
  TaskGraph graph;
  const TaskId bad = graph.add([&should_throw] {
    if (should_throw) {
      throw std::runtime_error("once");
    }
  });
  graph.add([&after_runs] { ++after_runs; }, {bad});
  auto frozen = graph.freeze();
  EXPECT_FALSE(frozen->run(kOneWorker)->succeeded());
  should_throw = false;
  const auto second = frozen->run(kOneWorker);
  EXPECT_TRUE(second->succeeded());
  EXPECT_TRUE(second->not_run.empty());
  EXPECT_EQ(after_runs, 1);
}

TEST(TaskGraph, raised_flag_runs_nothing) {
  int runs = 0;
  StopFlag stop;
  stop.raise();
  TaskGraph graph;
  const TaskId first = graph.add([&runs] { ++runs; });
  const TaskId second = graph.add([&runs] { ++runs; }, {first});
  auto frozen = graph.freeze();
  const auto run = frozen->run({.workers = 1, .stop = &stop});
  EXPECT_EQ(run->status, GraphRunStatus::cancelled);
  EXPECT_EQ(run->not_run, (std::vector<TaskId>{first, second}));
  EXPECT_EQ(runs, 0);
  stop.lower();
  EXPECT_TRUE(frozen->run({.workers = 1, .stop = &stop})->succeeded());
  EXPECT_EQ(runs, 2);
}

TEST(TaskGraph, flag_raised_by_a_task_stops_what_has_not_begun) {
  StopFlag stop;
  TaskGraph graph;
  const TaskId first = graph.add([&stop] { stop.raise(); });
  const TaskId second = graph.add([] {}, {first});
  auto frozen = graph.freeze();
  const auto run = frozen->run({.workers = 1, .stop = &stop});
  EXPECT_EQ(run->status, GraphRunStatus::cancelled);
  EXPECT_EQ(run->not_run, std::vector<TaskId>{second});
}

TEST(TaskGraph, flag_raised_by_the_last_task_changes_nothing) {
  StopFlag stop;
  TaskGraph graph;
  graph.add([&stop] { stop.raise(); });
  auto frozen = graph.freeze();
  EXPECT_TRUE(frozen->run({.workers = 1, .stop = &stop})->succeeded());
}

TEST(TaskGraph, graph_that_runs_itself_is_refused_not_hung) {
  FrozenTaskGraph* self = nullptr;
  ErrorCode code{};
  TaskGraph graph;
  graph.add([&] { code = self->run().error().code; });
  auto frozen = graph.freeze();
  self = &*frozen;
  EXPECT_TRUE(frozen->run(kOneWorker)->succeeded());
  EXPECT_EQ(code, ErrorCode::conflict);
}

TEST(TaskGraph, graph_in_a_task_of_another_runs) {
  int inner_runs = 0;
  TaskGraph inner_graph;
  inner_graph.add([&inner_runs] { ++inner_runs; });
  auto inner = inner_graph.freeze();
  TaskGraph outer_graph;
  outer_graph.add([&inner] { (void)inner->run(kOneWorker); });
  auto outer = outer_graph.freeze();
  EXPECT_TRUE(outer->run(kOneWorker)->succeeded());
  EXPECT_EQ(inner_runs, 1);
}

TEST(TaskGraph, fewer_than_no_workers_is_refused) {
  TaskGraph graph;
  auto frozen = graph.freeze();
  const auto run = frozen->run({.workers = -1});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(run.error().message, "run the task graph: workers is -1");
}

TEST(TaskGraph, times_follow_the_order_of_one_worker_without_gaps) {
  TaskGraph graph;
  TaskId last = graph.add([] {});
  for (int i = 0; i < 100; ++i) {
    last = graph.add([] {}, {last});
  }
  auto frozen = graph.freeze();
  EXPECT_FALSE(frozen->time(last).has_run());
  EXPECT_TRUE(frozen->run(kOneWorker)->succeeded());
  const std::vector<TaskTime> times = frozen->times();
  ASSERT_EQ(times.size(), 101U);
  EXPECT_EQ(times[0].start.count(), 0);
  for (std::size_t i = 0; i < times.size(); ++i) {
    EXPECT_TRUE(times[i].has_run());
    EXPECT_LE(times[i].start, times[i].end);
    if (i > 0) {
      EXPECT_EQ(times[i].start, times[i - 1].end);
    }
  }
  EXPECT_FALSE(frozen->time({1000}).has_run());
}

TEST(TaskGraph, moved_graph_runs) {
  int runs = 0;
  TaskGraph graph;
  graph.add([&runs] { ++runs; });
  TaskGraph moved = std::move(graph);
  auto frozen = moved.freeze();
  FrozenTaskGraph other = std::move(*frozen);
  EXPECT_TRUE(other.run(kOneWorker)->succeeded());
  EXPECT_EQ(runs, 1);
}

TEST(TaskGraph, callables_are_destroyed_with_the_frozen_graph) {
  auto held = std::make_shared<int>(1);
  TaskGraph graph;
  graph.add([held] {});
  graph.add([held, padding = std::array<char, 100>{}] { (void)padding; });
  {
    const auto frozen = graph.freeze();
    EXPECT_EQ(held.use_count(), 3);
  }
  EXPECT_EQ(held.use_count(), 1);
}

// Random layers, four needs a task: the shape that holds the most edges of those that are measured.
TEST(TaskGraph, frozen_graph_takes_at_most_68_bytes_a_task_beside_its_callables) {
  constexpr std::size_t kTasks = 100'000;
  constexpr std::uint32_t kWidth = 1'000;
  std::mt19937 random(1);
  TaskGraph graph;
  int dummy = 0;
  const auto body = [&dummy] { (void)dummy; };
  for (std::uint32_t task = 0; task < kTasks; ++task) {
    const TaskId added = graph.add(body);
    const std::uint32_t layer = task / kWidth * kWidth;
    for (int i = 0; i < 4 && layer > 0; ++i) {
      graph.precede({layer - kWidth + static_cast<std::uint32_t>(random() % kWidth)}, added);
    }
  }
  auto frozen = graph.freeze();
  ASSERT_TRUE(frozen);
  EXPECT_LE(static_cast<double>(frozen->bytes()) / kTasks - sizeof(body), 68);
}

}  // namespace
}  // namespace headway
