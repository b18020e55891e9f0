// Paint: colour by meaning, or none. Knows no stream.
#pragma once

#include "headway/types.hpp"
#include "model/run_event.hpp"

#include <string>
#include <string_view>

namespace headway::cli {

// What a piece of text means.
enum class Tone { normal, good, bad, warning, dim, strong };

// Wraps text in the escape sequences of a tone, or leaves it alone. Plain value.
class Paint {
 public:
  explicit Paint(bool on = false) : on_(on) {}

  std::string operator()(Tone tone, std::string_view text) const;
  bool on() const noexcept { return on_; }

 private:
  bool on_;
};

// The tone of a status.
Tone tone_of(StageStatus status);
Tone tone_of(RunStatus status);

}  // namespace headway::cli
