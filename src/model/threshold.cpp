// See threshold.hpp.
#include "model/threshold.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

namespace headway {
namespace {

// Longer signs before their beginnings.
constexpr std::pair<std::string_view, Comparison> kSigns[] = {{">=", Comparison::at_least},
                                                              {"<=", Comparison::at_most},
                                                              {"==", Comparison::equal},
                                                              {"!=", Comparison::not_equal},
                                                              {">", Comparison::above},
                                                              {"<", Comparison::below}};

Error refused(std::string_view text) {
  return {ErrorCode::invalid_argument,
          fmt::format("'{}' is no threshold", text),
          "one of >= > <= < == != and a number, such as '>= 80'"};
}

}  // namespace

bool Threshold::holds(double value) const noexcept {
  switch (comparison) {
    case Comparison::at_least:
      return value >= limit;
    case Comparison::above:
      return value > limit;
    case Comparison::at_most:
      return value <= limit;
    case Comparison::below:
      return value < limit;
    case Comparison::equal:
      return value == limit;
    case Comparison::not_equal:
      return !std::isnan(value) && value != limit;
  }
  return false;
}

Result<Threshold> parse_threshold(std::string_view text) {
  const std::string_view whole = trim(text);
  for (const auto& [sign, comparison] : kSigns) {
    if (!whole.starts_with(sign)) {
      continue;
    }
    const std::string_view number = trim(whole.substr(sign.size()));
    double limit = 0;
    const auto end = std::from_chars(number.data(), number.data() + number.size(), limit);
    const bool is_whole = end.ec == std::errc() && end.ptr == number.data() + number.size();
    if (!is_whole || !std::isfinite(limit)) {
      return refused(text);
    }
    return Threshold{comparison, limit};
  }
  return refused(text);
}

std::string to_string(const Threshold& threshold) {
  for (const auto& [sign, comparison] : kSigns) {
    if (comparison == threshold.comparison) {
      return fmt::format("{} {}", sign, threshold.limit);
    }
  }
  return {};
}

std::string metric_text(double value) {
  std::string text = fmt::format("{:.6f}", value);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
      text.pop_back();
    }
  }
  return text == "-0" ? "0" : text;
}

}  // namespace headway
