// Numbers as reports write them. Pure; no locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace headway {

// A whole number from 0 up to 2^53 (so that sums of many fit); nothing for anything else.
std::optional<std::int64_t> count_in(std::optional<std::string_view> text) noexcept;
// A finite number, spaces around it; groups of thousands ("1,234") and a percent sign may be there.
std::optional<double> number_in(std::string_view text) noexcept;

}  // namespace headway
