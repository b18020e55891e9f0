// See terminal_loan.hpp; tcsetpgrp(3), "Job control" of the GNU C library's manual.
#include "execution/terminal_loan.hpp"

#include <signal.h>
#include <unistd.h>

#include <initializer_list>

namespace headway {

TerminalLoan::TerminalLoan() {
  for (const int fd : {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO}) {
    if (::isatty(fd) == 1 && ::tcgetpgrp(fd) == ::getpgrp() && ::tcgetattr(fd, &modes_) == 0) {
      terminal_ = fd;
      return;
    }
  }
}

TerminalLoan::~TerminalLoan() {
  if (terminal_ < 0) {
    return;
  }
  // This process is in the background now: SIGTTOU would stop it.
  sigset_t stop;
  sigset_t before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  ::pthread_sigmask(SIG_BLOCK, &stop, &before);
  ::tcsetpgrp(terminal_, ::getpgrp());
  ::tcsetattr(terminal_, TCSADRAIN, &modes_);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace headway
