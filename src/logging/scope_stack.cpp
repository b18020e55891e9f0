// The stack of a thread's contexts, and LogScope, which is one of them. Knows nothing of records'
// formats.
#include "logging/scope_stack.hpp"

#include <algorithm>

namespace headway {

std::vector<std::shared_ptr<ScopeEntry>>& ScopeStack::entries() {
  thread_local std::vector<std::shared_ptr<ScopeEntry>> stack;
  return stack;
}

std::shared_ptr<ScopeEntry> ScopeStack::push(std::uint64_t logger, LogContext context) {
  auto entry = std::make_shared<ScopeEntry>(logger, std::move(context));
  drop_ended();
  entries().push_back(entry);
  return entry;
}

void ScopeStack::drop_ended() {
  auto& stack = entries();
  stack.erase(
      std::remove_if(
          stack.begin(), stack.end(), [](const auto& entry) { return entry->ended.load(); }),
      stack.end());
}

LogScope::LogScope(Owned<Node> node) : node_(std::move(node)) {}

LogScope::LogScope(LogScope&& other) noexcept = default;

LogScope::~LogScope() {
  if (node_) {
    node_->entry->ended.store(true, std::memory_order_release);
    ScopeStack::drop_ended();  // on another thread than its own: the owner drops it at its next
                               // push
  }
}

}  // namespace headway
