// VersionRange: which versions of a program will do: ">= 2.30", ">= 3.11, < 4". Pure; knows nothing
// of programs.
#pragma once

#include "headway/result.hpp"
#include "model/threshold.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Conditions on the numbers of a version, all of which must hold. Versions are compared number by
// number, a missing one is 0: "2.30" equals "2.30.0". What follows the numbers ("-rc1", "p1", "w")
// does not count. Immutable; safe from any thread.
class VersionRange {
 public:
  static constexpr std::size_t kMostConditions = 8;

  // Every version will do.
  VersionRange() = default;
  // One or more of `>= > <= < == !=` and numbers with dots, apart by commas. Error
  // invalid_argument for anything else.
  static Result<VersionRange> parse(std::string_view text);

  // False for what does not begin with a number.
  bool holds(std::string_view version) const;
  bool is_any() const noexcept { return conditions_.empty(); }
  // As it was written, with one blank where blanks may be: ">= 3.11, < 4".
  const std::string& text() const noexcept { return text_; }

 private:
  using Numbers = std::vector<std::uint64_t>;
  struct Condition {
    Comparison comparison{};
    Numbers numbers;
  };

  std::vector<Condition> conditions_;
  std::string text_;
};

}  // namespace headway
