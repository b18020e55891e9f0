// One hook, looked at now: what was found, what was expected, what to do. The checks are those of
// doctor. Decides nothing about a stage.
#pragma once

#include "model/hook.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace headway {

// Where hooks are looked at: of one stage.
struct HookPlace {
  std::string directory;                 // absolute: of the workflow file
  std::vector<std::string> environment;  // "NAME=value", of the stage
  std::string sysroot{};                 // of /proc and /sys
  std::string unasked_folder{};          // programs below it are not started; empty: all may be
};

// One hook to look at. Owns all, so that it may be looked at beside the caller.
struct HookQuestion {
  Hook hook;
  std::vector<std::string> argv;  // of `run`: what it becomes
  std::shared_ptr<const HookPlace> place;
};

// What came of it. Plain value; texts are for people, on one line.
struct HookFinding {
  bool passed = false;
  std::string found;        // "2.20.1 (/usr/bin/git)"
  std::string expected;     // ">= 2.30"
  std::string hint;         // the hook's own, else what is known of its kind; empty where it passed
  bool is_answered = true;  // false: no answer in time, or a program that may not be asked
};

// Looks at it: about as long as the hook's timeout where a program is asked; as long as the file
// system takes where that hangs (see HookRound). Once `stop` (may be null) is true it ends early. A
// command is started in a process group of its own and leaves nothing behind. Safe from any thread.
HookFinding check_hook(const HookQuestion& question, const std::atomic<bool>* stop = nullptr);

// That of a hook that did not answer in time.
HookFinding late_finding(const Hook& hook);

}  // namespace headway
