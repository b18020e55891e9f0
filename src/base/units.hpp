// Durations, sizes and times as people and JSON write them. Pure.
#pragma once

#include "base/clock.hpp"
#include "headway/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headway {

// "90s", "10m", "1h30m", "250ms", "1d": whole numbers, units from large to small, each at most
// once. A bare number is refused (no unit), and so are signs and overflow. Error message: a
// fragment naming the text and an example.
Result<Nanos> parse_duration(std::string_view text);

// Short for people: "850 ms", "4.2 s", "12 s", "3 min 20 s", "2 h 05 min", "3 d 04 h". Rounded to
// the nearest; a negative span has a minus sign.
std::string format_duration(Nanos span);

// "512MiB", "2GB", "1.5GiB", "4096B"; B, kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of
// 1024. At least 1 byte. A fraction is rounded down to whole bytes.
Result<std::int64_t> parse_size(std::string_view text);

// "1.5 GiB", "812 B".
std::string format_size(std::int64_t bytes);

// RFC 3339, UTC, milliseconds: "2026-11-22T11:00:00.000Z".
std::string to_rfc3339(WallTime time);
// The same at the end of `out`, without a temporary string.
void append_rfc3339(std::string& out, WallTime time);
// Any RFC 3339 time with offset or Z and 0 to 9 fraction digits, from 1678
// to 2261. A leap second (":60") is the second after it.
Result<WallTime> parse_rfc3339(std::string_view text);

}  // namespace headway
