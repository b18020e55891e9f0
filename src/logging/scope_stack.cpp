// The stack of a thread's contexts, and LogScope, which is one of them. Knows nothing of records'
// formats.
#include "logging/scope_stack.hpp"

namespace headway {

std::atomic<std::uint64_t> context_changes{0};
constinit thread_local std::uint64_t ScopeStack::changes_ = 0;

std::vector<std::shared_ptr<ScopeEntry>>& ScopeStack::entries() {
  thread_local std::vector<std::shared_ptr<ScopeEntry>> stack;
  return stack;
}

std::shared_ptr<ScopeEntry> ScopeStack::push(std::uint64_t logger, LogContext context) {
  auto entry = std::make_shared<ScopeEntry>(logger, std::move(context));
  drop_ended();
  entries().push_back(entry);
  ++changes_;
  return entry;
}

bool ScopeStack::drop_ended() {
  const auto dropped =
      std::erase_if(entries(), [](const auto& each) { return each->ended.load(); });
  changes_ += dropped;
  return dropped > 0;
}

LogScope::LogScope(Owned<Node> node) : node_(std::move(node)) {}

LogScope::LogScope(LogScope&& other) noexcept = default;

LogScope::~LogScope() {
  if (node_) {
    node_->entry->ended.store(true, std::memory_order_release);
    // On another thread than its own: the owner drops it at its next push.
    if (!ScopeStack::drop_ended()) {
      context_changes.fetch_add(1, std::memory_order_release);
    }
  }
}

}  // namespace headway
