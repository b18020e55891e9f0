// A set of bits by hash: see the header.
#include "diagnostics/log_difference.hpp"

#include "diagnostics/log_scanner.hpp"

namespace headway {
namespace {

constexpr std::uint32_t bit_of(std::uint32_t kind) noexcept {
  return kind & 0x3FFFFFU;
}

}  // namespace

Result<LogDifference> LogDifference::against(LogSource& passing) {
  LogDifference difference;
  LogScanner scanner;
  const auto take = [&](const LogLine& line, const RawRange& raw) {
    const std::uint32_t bit = bit_of(describe_line(line, raw).kind);
    difference.bits_[bit / 64U] |= std::uint64_t{1} << (bit % 64U);
  };
  if (auto read = passing.read_all([&](std::string_view bytes) { scanner.feed(bytes, take); });
      !read) {
    return std::move(read).error();
  }
  scanner.finish(take);
  return difference;
}

bool LogDifference::is_known(const LineRecord& record) const noexcept {
  const std::uint32_t bit = bit_of(record.kind);
  return record.blank() || ((bits_[bit / 64U] >> (bit % 64U)) & 1U) != 0;
}

}  // namespace headway
