// CapturePattern: a regular expression with a group, and what it captures in a text. RE2 does the
// matching, in time linear in the text; knows nothing of what is searched.
#pragma once

#include "headway/result.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace headway {

// Immutable; copies share one compiled expression; safe from any thread.
class CapturePattern {
 public:
  // RE2's syntax (as in Perl, without look-around and back references); `^` and `$` match at the
  // ends of lines. Errors invalid_argument: what RE2 does not understand, no group in it, or more
  // than kMaxBytes.
  static Result<CapturePattern> parse(std::string_view text);

  // What the first group captured at the first match; nothing where there is no match, or the group
  // took no part in it. Views `text`.
  std::optional<std::string_view> first_capture(std::string_view text) const;

  static constexpr std::size_t kMaxBytes = 4096;

 private:
  struct Compiled;
  explicit CapturePattern(std::shared_ptr<const Compiled> compiled);
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace headway
