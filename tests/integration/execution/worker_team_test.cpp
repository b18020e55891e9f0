// Tests of WorkerTeam with real threads.
#include "execution/worker_team.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <set>
#include <thread>

namespace headway {
namespace {

// Notes who comes; each stays until it is let go.
class Visits : public TeamWork {
 public:
  void help(int worker) override {
    {
      const MutexLock lock(mutex_);
      workers_.insert(worker);
    }
    ++inside_;
    while (!may_go_) {
      std::this_thread::yield();
    }
    --inside_;
    ++visits_;
  }
  bool has_work() const override { return has_more_.exchange(false); }

  void await_inside(int count) const {
    while (inside_ != count) {
      std::this_thread::yield();
    }
  }
  void let_go() { may_go_ = true; }
  void hold() { may_go_ = false; }
  void offer_more() { has_more_ = true; }
  int visits() const { return visits_; }
  std::multiset<int> workers() {
    const MutexLock lock(mutex_);
    return workers_;
  }

 private:
  std::atomic<int> inside_{0};
  std::atomic<int> visits_{0};
  std::atomic<bool> may_go_{false};
  mutable std::atomic<bool> has_more_{false};
  Mutex mutex_;
  std::multiset<int> workers_ HEADWAY_GUARDED_BY(mutex_);
};

TEST(WorkerTeam, nobody_comes_uninvited) {
  Visits visits;
  {
    WorkerTeam team(visits);
    team.open(3);
    EXPECT_TRUE(team.has_absent());
    team.close();
    EXPECT_EQ(team.helpers_seen(), 0);
  }
  EXPECT_EQ(visits.visits(), 0);
}

TEST(WorkerTeam, as_many_come_as_are_invited_each_with_its_number) {
  Visits visits;
  WorkerTeam team(visits);
  team.open(2);
  team.invite(5);
  visits.await_inside(2);
  EXPECT_FALSE(team.has_absent());
  EXPECT_EQ(visits.workers(), (std::multiset<int>{1, 2}));
  visits.let_go();
  team.close();
  EXPECT_EQ(team.helpers_seen(), 2);
  EXPECT_EQ(visits.visits(), 2);
}

// Notes whether its thread would take a signal.
class SignalMask : public TeamWork {
 public:
  void help(int /*worker*/) override {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    takes_ = sigismember(&mask, SIGTERM) == 0;
    is_known_ = true;
  }
  bool has_work() const override { return false; }

  std::atomic<bool> takes_{true};
  std::atomic<bool> is_known_{false};
};

TEST(WorkerTeam, helpers_take_no_signal_of_the_program) {
  // Bug: a program's handlers ran on the threads of a graph.
  SignalMask mask;
  WorkerTeam team(mask);
  team.open(1);
  team.invite(1);
  while (!mask.is_known_) {
    std::this_thread::yield();
  }
  team.close();
  EXPECT_FALSE(mask.takes_);
}

TEST(WorkerTeam, helpers_come_again_in_the_next_session) {
  Visits visits;
  WorkerTeam team(visits);
  for (int session = 0; session < 50; ++session) {
    visits.hold();
    team.open(1);
    team.invite(1);
    visits.await_inside(1);
    visits.let_go();
    team.close();
  }
  EXPECT_EQ(visits.visits(), 50);
}

TEST(WorkerTeam, helper_that_leaves_while_work_appears_looks_again) {
  Visits visits;
  WorkerTeam team(visits);
  team.open(1);
  team.invite(1);
  visits.await_inside(1);
  visits.offer_more();
  visits.let_go();
  while (visits.visits() < 2) {
    std::this_thread::yield();
  }
  team.close();
  EXPECT_EQ(visits.visits(), 2);
}

TEST(WorkerTeam, closed_team_takes_no_invitation) {
  Visits visits;
  visits.let_go();
  WorkerTeam team(visits);
  team.open(1);
  team.close();
  team.invite(1);
  EXPECT_FALSE(team.has_absent());
  EXPECT_EQ(visits.visits(), 0);
}

TEST(WorkerTeam, sleeping_caller_is_woken_by_an_invitation_and_by_the_end) {
  Visits visits;
  WorkerTeam team(visits);
  team.open(0);
  std::thread waker([&team] {
    while (!team.has_absent()) {
      std::this_thread::yield();
    }
    team.invite(1);
    while (!team.has_absent()) {
      std::this_thread::yield();
    }
    team.end_work();
  });
  team.sleep_as_caller();
  team.sleep_as_caller();
  waker.join();
  team.sleep_as_caller();  // over: returns at once
  team.close();
}

}  // namespace
}  // namespace headway
