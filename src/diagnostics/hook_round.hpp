// HookRound: the hooks of one stage, looked at beside each other, none of them waited for beyond
// its deadline. Decides nothing about the stage.
#pragma once

#include "diagnostics/hook_check.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace headway {

// Begins at once. All calls from one thread.
class HookRound {
 public:
  explicit HookRound(std::vector<HookQuestion> questions);
  // Stops what is under way and waits for it, but not for what hangs in the kernel.
  ~HookRound();
  HookRound(const HookRound&) = delete;
  HookRound& operator=(const HookRound&) = delete;

  // True once every hook is answered, its deadline has passed or stop() was called; waits for that
  // at most `patience`.
  bool wait(Nanos patience);
  // Commands are killed; what is not answered yet counts as late.
  void stop();
  // By number of the question, once wait() was true; otherwise those that are not answered yet are
  // empty.
  std::vector<std::optional<HookFinding>> findings() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// All of them, to the end.
std::vector<HookFinding> check_hooks(std::vector<HookQuestion> questions);

}  // namespace headway
