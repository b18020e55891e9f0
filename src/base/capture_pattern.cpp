// See capture_pattern.hpp.
#include "base/capture_pattern.hpp"

#include <fmt/format.h>

#include <re2/re2.h>

#include <array>
#include <string>
#include <utility>

namespace headway {
namespace {

RE2::Options options() {
  RE2::Options chosen;
  chosen.set_log_errors(false);
  chosen.set_max_mem(std::int64_t{8} << 20);
  return chosen;
}

}  // namespace

// Of one expression.
struct CapturePattern::Compiled {
  explicit Compiled(const std::string& text) : expression(text, options()) {}
  RE2 expression;
};

CapturePattern::CapturePattern(std::shared_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)) {}

Result<CapturePattern> CapturePattern::parse(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("a pattern of more than {} bytes", kMaxBytes)};
  }
  auto compiled = std::make_shared<const Compiled>("(?m)" + std::string(text));
  if (!compiled->expression.ok()) {
    return Error{ErrorCode::invalid_argument, compiled->expression.error()};
  }
  if (compiled->expression.NumberOfCapturingGroups() == 0) {
    return Error{ErrorCode::invalid_argument,
                 "it captures nothing: put the number in a group, as in '(\\d+)'"};
  }
  return CapturePattern(std::move(compiled));
}

std::optional<std::string_view> CapturePattern::first_capture(std::string_view text) const {
  std::array<re2::StringPiece, 2> groups;
  const re2::StringPiece subject(text.data(), text.size());
  const bool is_found = compiled_->expression.Match(
      subject, 0, subject.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()));
  if (!is_found || groups[1].data() == nullptr) {
    return std::nullopt;
  }
  return std::string_view(groups[1].data(), groups[1].size());
}

}  // namespace headway
