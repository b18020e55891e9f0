// SignalsBlocked: threads of the library take no signals. Knows nothing of what the threads do.
#pragma once

#include <pthread.h>

#include <csignal>

namespace headway {

// While it lives this thread takes no signal, and a thread that it starts never does: signals are
// the main thread's, or those of the program around the library.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace headway
