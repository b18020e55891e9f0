// See terminal_loan.hpp; tcsetpgrp(3), "Job control" of the GNU C library's manual.
#include "execution/terminal_loan.hpp"

#include <signal.h>
#include <unistd.h>

#include <initializer_list>

namespace headway {
namespace {

// Without it the kernel stops a process in the background that changes the terminal.
class NoStop {
 public:
  NoStop() {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    ::pthread_sigmask(SIG_BLOCK, &stop, &before_);
  }
  ~NoStop() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoStop(const NoStop&) = delete;
  NoStop& operator=(const NoStop&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

TerminalLoan::TerminalLoan() {
  find();
}

TerminalLoan::~TerminalLoan() {
  take_back();
}

void TerminalLoan::find() {
  terminal_ = -1;
  for (const int fd : {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO}) {
    if (::isatty(fd) == 1 && ::tcgetpgrp(fd) == ::getpgrp() && ::tcgetattr(fd, &modes_) == 0) {
      terminal_ = fd;
      return;
    }
  }
}

void TerminalLoan::take_back() {
  if (terminal_ < 0) {
    return;
  }
  const NoStop in_background;
  ::tcsetpgrp(terminal_, ::getpgrp());
  ::tcsetattr(terminal_, TCSADRAIN, &modes_);
}

void TerminalLoan::stop_with(pid_t group) {
  termios theirs{};
  const bool was_lent = terminal_ >= 0 && ::tcgetattr(terminal_, &theirs) == 0;
  take_back();
  ::kill(0, SIGTSTP);
  // Here again once somebody goes on with this process; at once where nobody could (its group is an
  // orphaned one, which the kernel does not stop).
  find();
  if (terminal_ < 0) {
    return;
  }
  const NoStop in_background;
  if (was_lent) {
    ::tcsetattr(terminal_, TCSADRAIN, &theirs);
  }
  ::tcsetpgrp(terminal_, group);
}

}  // namespace headway
