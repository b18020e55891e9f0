// Colour by meaning; see paint.hpp. Knows no stream.
#include "cli/terminal/paint.hpp"

namespace headway::cli {
namespace {

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::normal:
      return "";
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[1;31m";
    case Tone::warning:
      return "\x1b[33m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::strong:
      return "\x1b[1m";
  }
  return "";
}

}  // namespace

std::string Paint::operator()(Tone tone, std::string_view text) const {
  if (!on_ || tone == Tone::normal || text.empty()) {
    return std::string(text);
  }
  return std::string(code_of(tone)).append(text).append("\x1b[0m");
}

Tone tone_of(StageStatus status) {
  switch (status) {
    case StageStatus::completed:
      return Tone::good;
    case StageStatus::failed:
    case StageStatus::interrupted:
      return Tone::bad;
    case StageStatus::cancelled:
      return Tone::warning;
    case StageStatus::running:
      return Tone::strong;
    case StageStatus::pending:
    case StageStatus::skipped:
      return Tone::dim;
  }
  return Tone::normal;
}

Tone tone_of(RunStatus status) {
  switch (status) {
    case RunStatus::completed:
      return Tone::good;
    case RunStatus::failed:
    case RunStatus::interrupted:
      return Tone::bad;
    case RunStatus::cancelled:
      return Tone::warning;
    case RunStatus::running:
      return Tone::strong;
    case RunStatus::none:
      return Tone::dim;
  }
  return Tone::normal;
}

}  // namespace headway::cli
