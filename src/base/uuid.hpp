// Run ids: UUIDv7 (RFC 9562), ordered by time. Knows nothing of runs.
#pragma once

#include "headway/types.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace headway {

// The UUIDv7 text for that time and those random bytes (74 bits of them are used).
std::string uuid_v7(WallTime time, const std::array<std::uint8_t, 10>& random);
// The same with bytes from getrandom(2).
std::string new_uuid_v7(WallTime time);
// 36 characters, lower case, version 7.
bool is_uuid_v7(std::string_view text);
// What people see and may type: the last 8 characters.
std::string short_id(std::string_view uuid);

}  // namespace headway
