// StageOutput: what one attempt prints, from its pipe to its log: masked, bounded, told to a
// listener. Knows nothing of processes.
#pragma once

#include "base/secrets.hpp"
#include "execution/backend.hpp"
#include "execution/bounded_log.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headway {

// How output is treated.
struct OutputRules {
  SecretSet secrets;
  std::int64_t max_log_bytes = 0;
  OutputListener* listener = nullptr;  // may be null
};

// One attempt's output. Not synchronised.
class StageOutput {
 public:
  // `log_path` empty: kept nowhere. `rules` must outlive this.
  StageOutput(int task, const std::string& log_path, const OutputRules& rules);

  void take(std::string_view bytes);
  // The end: what the masker held back is written.
  void finish();

  // Bytes taken so far, after masking.
  std::int64_t printed_bytes() const noexcept { return printed_; }
  // Those of them that the log does not have.
  std::int64_t lost_bytes() const noexcept { return log_ ? log_->lost_bytes() : 0; }

 private:
  void pass_on(std::string_view masked);

  int task_;
  OutputListener* listener_;
  SecretMasker masker_;
  std::optional<BoundedLog> log_;
  std::int64_t printed_ = 0;
};

}  // namespace headway
