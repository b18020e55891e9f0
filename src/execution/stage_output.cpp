// See stage_output.hpp.
#include "execution/stage_output.hpp"

namespace headway {

StageOutput::StageOutput(int task, const std::string& log_path, const OutputRules& rules)
    : task_(task), listener_(rules.listener), masker_(rules.secrets) {
  if (!log_path.empty()) {
    log_.emplace(log_path, rules.max_log_bytes);
  }
}

void StageOutput::take(std::string_view bytes) {
  pass_on(masker_.feed(bytes));
}

void StageOutput::finish() {
  pass_on(masker_.finish());
  if (log_) {
    log_->finish();
  }
}

void StageOutput::pass_on(std::string_view masked) {
  if (masked.empty()) {
    return;
  }
  printed_ += static_cast<std::int64_t>(masked.size());
  if (log_) {
    log_->append(masked);
  }
  if (listener_ != nullptr) {
    listener_->on_output(task_, masked);
  }
}

}  // namespace headway
