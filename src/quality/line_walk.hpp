// A walk through text that comes in pieces, line by line, in bounded memory. Knows nothing of what
// the lines mean.
#pragma once

#include "base/byte_source.hpp"
#include "headway/result.hpp"

#include <cstddef>
#include <functional>
#include <string_view>

namespace headway {

// Of a longer line only the beginning is told.
inline constexpr std::size_t kMaxLineBytes = std::size_t{64} << 10;

// Tells each line without its end ("\n" or "\r\n"), the last one also where it has none.
Result<void> walk_lines(ByteSource& source, const std::function<void(std::string_view)>& tell);

}  // namespace headway
