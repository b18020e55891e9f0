// A program on a pseudo-terminal, as a person would start it. For tests of the command line.
#pragma once

#include "support/headway_program.hpp"

#include <pty.h>

namespace headway {

// Whether this machine has pseudo-terminals.
inline bool has_terminals() {
  int terminal = -1;
  int other = -1;
  if (::openpty(&terminal, &other, nullptr, nullptr, nullptr) != 0) {
    return false;
  }
  ::close(terminal);
  ::close(other);
  return true;
}

// Runs `command` (of PATH) with a terminal of 60 x 20 as its stdin, stdout and stderr, on which
// `typed` stands already; all it wrote.
inline std::string command_on_terminal(std::vector<std::string> command,
                                       const std::vector<std::string>& variables,
                                       std::string_view typed = {}) {
  winsize size{.ws_row = 20, .ws_col = 60, .ws_xpixel = 0, .ws_ypixel = 0};
  int terminal = -1;
  const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (pid == 0) {
    for (const char* name : {"NO_COLOR", "CI", "CLICOLOR_FORCE"}) {
      ::unsetenv(name);
    }
    for (const std::string& variable : variables) {
      ::putenv(const_cast<char*>(variable.c_str()));
    }
    std::vector<char*> argv;
    for (std::string& word : command) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    ::execvp(argv.front(), argv.data());
    ::_exit(98);
  }
  (void)!::write(terminal, typed.data(), typed.size());
  std::string text;
  char piece[4096];
  for (ssize_t got = 0; (got = ::read(terminal, piece, sizeof piece)) > 0;) {
    text.append(piece, static_cast<std::size_t>(got));
  }
  ::close(terminal);
  ::waitpid(pid, nullptr, 0);
  return text;
}

// The same with the binary in the project.
inline std::string on_terminal(const Program& program,
                               const std::vector<std::string>& words,
                               const std::vector<std::string>& variables,
                               std::string_view typed = {}) {
  std::vector<std::string> all{HEADWAY_BINARY, "-C", program.path()};
  all.insert(all.end(), words.begin(), words.end());
  return command_on_terminal(std::move(all), variables, typed);
}

}  // namespace headway
