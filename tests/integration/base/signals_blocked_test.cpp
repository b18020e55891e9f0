// Threads of the library beside signals of a program.
#include "base/signals_blocked.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace headway {
namespace {

bool takes(int signal) {
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return sigismember(&mask, signal) == 0;
}

TEST(SignalsBlocked, thread_started_meanwhile_takes_none_and_its_starter_does_again) {
  ASSERT_TRUE(takes(SIGTERM) && takes(SIGUSR1));
  bool does_take = true;
  std::thread thread;
  {
    const SignalsBlocked blocked;
    EXPECT_FALSE(takes(SIGTERM));
    thread = std::thread([&does_take] { does_take = takes(SIGTERM) || takes(SIGUSR1); });
  }
  thread.join();
  EXPECT_FALSE(does_take);
  EXPECT_TRUE(takes(SIGTERM) && takes(SIGUSR1));
}

}  // namespace
}  // namespace headway
