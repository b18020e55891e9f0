// Threads that run jobs: none waits for another, and the end waits for all.
#include "execution/worker_threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

namespace headway {
namespace {

TEST(WorkerThreads, job_runs_on_another_thread) {
  std::thread::id there;
  {
    WorkerThreads threads;
    ASSERT_TRUE(threads.run([&there] { there = std::this_thread::get_id(); }));
  }
  EXPECT_NE(there, std::thread::id());
  EXPECT_NE(there, std::this_thread::get_id());
}

TEST(WorkerThreads, end_waits_for_every_job) {
  std::atomic<int> done{0};
  {
    WorkerThreads threads;
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(threads.run([&done] { ++done; }));
    }
  }
  EXPECT_EQ(done, 20);
}

TEST(WorkerThreads, end_waits_for_jobs_that_a_job_starts_meanwhile) {
  std::atomic<int> done{0};
  {
    std::function<void(int)> descend;
    WorkerThreads threads;
    descend = [&](int depth) {
      if (depth > 0) {
        ASSERT_TRUE(threads.run([&descend, depth] { descend(depth - 1); }));
        std::this_thread::yield();
      }
      ++done;
    };
    ASSERT_TRUE(threads.run([&descend] { descend(50); }));
  }
  EXPECT_EQ(done, 51);
}

TEST(WorkerThreads, job_may_wait_for_one_that_is_started_after_it) {
  WorkerThreads threads;
  std::latch second(1);
  std::latch first(1);
  ASSERT_TRUE(threads.run([&] {
    second.wait();
    first.count_down();
  }));
  ASSERT_TRUE(threads.run([&second] { second.count_down(); }));
  first.wait();
}

TEST(WorkerThreads, job_may_start_a_job_and_wait_for_it) {
  WorkerThreads threads;
  std::latch outer(1);
  ASSERT_TRUE(threads.run([&] {
    std::latch inner(1);
    ASSERT_TRUE(threads.run([&inner] { inner.count_down(); }));
    inner.wait();
    outer.count_down();
  }));
  outer.wait();
}

TEST(WorkerThreads, many_jobs_one_after_another_need_few_threads) {
  WorkerThreads threads;
  std::mutex mutex;
  std::set<std::thread::id> seen;
  constexpr int kJobs = 200;
  for (int i = 0; i < kJobs; ++i) {
    std::latch ended(1);
    ASSERT_TRUE(threads.run([&] {
      {
        const std::lock_guard lock(mutex);
        seen.insert(std::this_thread::get_id());
      }
      ended.count_down();
    }));
    ended.wait();
  }
  // One that has just told its end may not be idle yet; but it soon is.
  EXPECT_LT(seen.size(), kJobs / 2U);
}

TEST(WorkerThreads, what_a_job_holds_is_gone_before_the_end) {
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = held;
  {
    WorkerThreads threads;
    ASSERT_TRUE(threads.run([held = std::move(held)] { EXPECT_EQ(*held, 1); }));
  }
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace headway
