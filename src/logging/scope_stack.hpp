// ScopeStack: the contexts that a thread has laid over its loggers. Knows nothing of records'
// formats.
#pragma once

#include "headway/logging.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace headway {

// One context of one thread. Owned by the thread's stack and by the LogScope together: either may
// go first.
struct ScopeEntry {
  std::uint64_t logger;
  LogContext context;
  std::atomic<bool> ended{false};

  ScopeEntry(std::uint64_t logger_id, LogContext of) : logger(logger_id), context(std::move(of)) {}
};

// What a LogScope holds on to: the entry whose life it ends.
struct LogScope::Node {
  std::shared_ptr<ScopeEntry> entry;
};

// How often a logger's own context has changed in this process, or a scope ended on a thread that
// is not its own: what a thread has rendered before is not to be used after.
extern std::atomic<std::uint64_t> context_changes;

// All of it is about the calling thread.
class ScopeStack {
 public:
  // How often it has changed. Cheap.
  static std::uint64_t changes() noexcept { return changes_; }

  // Puts a context on top.
  static std::shared_ptr<ScopeEntry> push(std::uint64_t logger, LogContext context);
  // Takes the ended ones off; whether there were any.
  static bool drop_ended();

  // Calls `visit(context)` for each living context of that logger, the oldest first. The contexts
  // stay where they are until this thread pushes or drops.
  template <typename Visit>
  static void for_each(std::uint64_t logger, Visit visit) {
    for (const auto& entry : entries()) {
      if (entry->logger == logger && !entry->ended.load(std::memory_order_acquire)) {
        visit(static_cast<const LogContext&>(entry->context));
      }
    }
  }

 private:
  static std::vector<std::shared_ptr<ScopeEntry>>& entries();

  static constinit thread_local std::uint64_t changes_;
};

}  // namespace headway
