// Hooks on their own: what must be so before a stage starts, by stage, looked at beside each other.
// Starts nothing but the programs that hooks name.
// layer: diagnostics
#pragma once

#include "headway/owned.hpp"
#include "headway/result.hpp"
#include "headway/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace headway {

// One hook, as in the workflow file. Exactly one of `tool`, `env`, `file`, `disk_bytes`,
// `memory_bytes`, `git`, `port` and `run` is given.
struct HookOptions {
  std::string tool{};                 // a program that must be in PATH
  std::string version{};              // of the tool: ">= 2.30", ">= 3.11, < 4"; empty: any
  std::string env{};                  // a variable that must be set and not empty
  std::string file{};                 // what must be there; relative to the registry's directory
  std::int64_t disk_bytes = 0;        // room that must be free there; 0: not looked at
  std::int64_t memory_bytes = 0;      // memory that must be available; 0: not looked at
  std::string git{};                  // clean, branch, no-conflicts or pushed
  std::string match{};                // of branch: a glob of its name
  std::vector<std::string> except{};  // of clean: globs of paths; of branch: globs of branches that
                                      // will not do
  int port = 0;                       // 1..65535: nobody may listen on it; 0: not looked at
  std::vector<std::string> run{};     // a program and its arguments that must end with 0
  bool is_warning = false;            // not met, it is told and the stage may start
  Seconds timeout{10};                // > 0: an answer that takes longer is none
  std::string hint{};                 // what to do; empty: what is known of the kind
};

// What came of one hook. Plain value; texts are for people, on one line.
struct HookResult {
  int stage_id = 0;
  std::string hook;  // "tool git >= 2.30"
  bool is_warning = false;
  bool passed = false;
  std::string found;     // "2.20.1 (/usr/bin/git)"
  std::string expected;  // ">= 2.30"
  std::string hint;      // empty where it passed
};

// Whether the stage may start: every hook passed that is more than a warning.
bool may_start(const std::vector<HookResult>& results) noexcept;

// Where hooks are looked at.
struct HookRegistryOptions {
  std::string directory{};      // empty: the working directory
  std::string change_folder{};  // of the change process: need not be clean; relative to `directory`
};

// The hooks of stages, by number. Not synchronised; check() alone may be called from many threads.
class HookRegistry {
 public:
  // With the hooks of the change process, on stages 0, 1, 10 and 12.
  explicit HookRegistry(HookRegistryOptions options = {});
  // Without any.
  static HookRegistry empty(HookRegistryOptions options = {});
  HookRegistry(HookRegistry&&) noexcept;
  HookRegistry& operator=(HookRegistry&&) noexcept;
  ~HookRegistry();

  // Error invalid_argument, naming what is wrong: a stage below 0, nothing or several things to
  // look at, a bad range of versions, glob or number.
  Result<void> add(int stage_id, const HookOptions& hook);
  // All of that stage are gone.
  void clear(int stage_id);
  // That have hooks, ascending.
  std::vector<int> stages() const;
  // What the hooks of that stage look at, in their order: "tool git >= 2.30".
  std::vector<std::string> get_hooks(int stage_id) const;

  // Looks at all hooks of that stage now, beside each other, with this process's environment; takes
  // as long as the slowest, at most about its timeout. Commands leave nothing behind in their
  // process group. Empty where the stage has none.
  std::vector<HookResult> check(int stage_id) const;

 private:
  struct State;
  explicit HookRegistry(Owned<State> state);
  Owned<State> state_;
};

}  // namespace headway
