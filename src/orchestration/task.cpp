// Task: counts who shares a callable, and keeps a Command where there is none. Knows nothing of
// running them. (Declared in headway/executor.hpp.)
#include "headway/executor.hpp"

#include <atomic>
#include <utility>

namespace headway {
namespace {

// A stage that is a process: told by command(), never called.
class CommandBody final : public TaskBody {
 public:
  explicit CommandBody(Command command) : command_(std::move(command)) {}
  std::any call(StageContext& /*context*/) override { return {}; }
  const Command* command() const noexcept override { return &command_; }

 private:
  Command command_;
};

}  // namespace

TaskBody::~TaskBody() = default;

const Command* TaskBody::command() const noexcept {
  return nullptr;
}

Task::Task(Command command) : body_(new CommandBody(std::move(command))) {}

Task::Task(const Task& other) noexcept : body_(other.body_) {
  if (body_ != nullptr) {
    std::atomic_ref(body_->owners_).fetch_add(1, std::memory_order_relaxed);
  }
}

Task::~Task() {
  if (body_ != nullptr &&
      std::atomic_ref(body_->owners_).fetch_sub(1, std::memory_order_acq_rel) == 1) {
    delete body_;
  }
}

}  // namespace headway
