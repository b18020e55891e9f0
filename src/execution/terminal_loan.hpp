// TerminalLoan: the terminal of this process, lent to a child's process group and taken back.
// Knows nothing of stages.
#pragma once

#include <sys/types.h>
#include <termios.h>

namespace headway {

// From before the child is started until its end. The child makes its own group the foreground one
// (ChildSpec::terminal); the destructor makes this process's group that again, with the modes that
// the terminal had before. Does nothing where this process has no terminal, or is in the
// background. Not synchronised.
class TerminalLoan {
 public:
  TerminalLoan();
  ~TerminalLoan();
  TerminalLoan(const TerminalLoan&) = delete;
  TerminalLoan& operator=(const TerminalLoan&) = delete;

  // The terminal; -1: there is none to lend.
  int terminal() const noexcept { return terminal_; }
  // The borrower's group was stopped (Ctrl-Z, or it read in the background): takes the terminal
  // back and stops this process's whole group, as the key would have done had it come here. Returns
  // when it goes on (`fg`); the group, which still stands, has the terminal again where this
  // process has.
  void stop_with(pid_t group);

 private:
  void find();
  void take_back();

  int terminal_ = -1;
  termios modes_{};
};

}  // namespace headway
