// See version_range.hpp.
#include "model/version_range.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kMostNumbers = 8;
// The longer signs first: they begin with the shorter ones.
constexpr std::array<std::pair<std::string_view, Comparison>, 6> kSigns{
    {{">=", Comparison::at_least},
     {"<=", Comparison::at_most},
     {"==", Comparison::equal},
     {"!=", Comparison::not_equal},
     {">", Comparison::above},
     {"<", Comparison::below}}};

// The numbers at the head of a version; what is left of the text stays in `text`.
std::vector<std::uint64_t> take_numbers(std::string_view& text) {
  std::vector<std::uint64_t> numbers;
  while (numbers.size() < kMostNumbers) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) {
      break;
    }
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool goes_on = text.size() > 1 && text[0] == '.' && text[1] >= '0' && text[1] <= '9';
    if (!goes_on) {
      break;
    }
    text.remove_prefix(1);
  }
  while (!numbers.empty() && numbers.back() == 0) {
    numbers.pop_back();  // "2.0" is "2"
  }
  return numbers;
}

bool starts_with_digit(std::string_view text) {
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

bool holds_for(Comparison comparison, std::strong_ordering order) {
  switch (comparison) {
    case Comparison::at_least:
      return order >= 0;
    case Comparison::above:
      return order > 0;
    case Comparison::at_most:
      return order <= 0;
    case Comparison::below:
      return order < 0;
    case Comparison::equal:
      return order == 0;
    case Comparison::not_equal:
      return order != 0;
  }
  return false;
}

std::optional<Comparison> take_sign(std::string_view& text, std::string& shown) {
  for (const auto& [sign, comparison] : kSigns) {
    if (text.starts_with(sign)) {
      text.remove_prefix(sign.size());
      shown = sign;
      return comparison;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<VersionRange> VersionRange::parse(std::string_view text) {
  const Error wrong{ErrorCode::invalid_argument,
                    fmt::format("'{}' is no range of versions", text),
                    "such as '>= 2.30' or '>= 3.11, < 4'"};
  VersionRange range;
  for (std::string_view piece : split(text, ',')) {
    piece = trim(piece);
    std::string sign;
    const auto comparison = take_sign(piece, sign);
    piece = trim(piece);
    const std::string shown(piece);
    if (!comparison || !starts_with_digit(piece)) {
      return wrong;
    }
    Numbers numbers = take_numbers(piece);
    if (!piece.empty() || range.conditions_.size() == kMostConditions) {
      return wrong;
    }
    range.conditions_.push_back({*comparison, std::move(numbers)});
    range.text_ += fmt::format("{}{} {}", range.text_.empty() ? "" : ", ", sign, shown);
  }
  return range;
}

bool VersionRange::holds(std::string_view version) const {
  if (!starts_with_digit(version)) {
    return false;
  }
  const Numbers numbers = take_numbers(version);
  return std::all_of(conditions_.begin(), conditions_.end(), [&](const Condition& condition) {
    return holds_for(
        condition.comparison,
        std::lexicographical_compare_three_way(
            numbers.begin(), numbers.end(), condition.numbers.begin(), condition.numbers.end()));
  });
}

}  // namespace headway
