// A mutex across fork(2).
#include "logging/fork_guard.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace headway {
namespace {

TEST(ForkGuard, no_child_finds_the_mutex_locked_by_a_thread_it_does_not_have) {
  Mutex mutex;
  const ForkGuard guard(mutex);
  std::atomic<bool> done{false};
  std::thread busy([&] {
    while (!done) {
      const MutexLock lock(mutex);
    }
  });
  int clean = 0;
  for (int i = 0; i < 200; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(10);  // a deadlock ends here, and is seen as a death by a signal
      const MutexLock lock(mutex);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    clean += status == 0 ? 1 : 0;
  }
  done = true;
  busy.join();
  EXPECT_EQ(clean, 200);
}

}  // namespace
}  // namespace headway
