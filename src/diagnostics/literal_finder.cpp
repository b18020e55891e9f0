// Heads and bits: see the header.
#include "diagnostics/literal_finder.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kHeadBytes = 3;
constexpr std::uint32_t kHeadMask = 0xFFFFFF;

constexpr std::array<std::uint8_t, 256> small_letters() {
  std::array<std::uint8_t, 256> folded{};
  for (std::size_t byte = 0; byte < folded.size(); ++byte) {
    const bool is_capital = byte >= 'A' && byte <= 'Z';
    folded[byte] = static_cast<std::uint8_t>(is_capital ? byte - 'A' + 'a' : byte);
  }
  return folded;
}
constexpr std::array<std::uint8_t, 256> kSmall = small_letters();

std::uint8_t small(char c) noexcept {
  return kSmall[static_cast<unsigned char>(c)];
}

// Where the bit of three bytes is (multiplicative hashing; Knuth, TAOCP 3, 6.4).
std::size_t bit_of(std::uint32_t bytes) noexcept {
  return (bytes * 0x9E3779B1U) >> 17U;
}

}  // namespace

LiteralFinder::LiteralFinder(std::vector<std::string> literals) : literals_(std::move(literals)) {
  for (std::size_t index = 0; index < literals_.size(); ++index) {
    const std::string& literal = literals_[index];
    if (literal.size() < kHeadBytes) {
      continue;
    }
    std::uint32_t bytes = 0;
    for (std::size_t at = 0; at < kHeadBytes; ++at) {
      bytes = bytes << 8U | static_cast<unsigned char>(literal[at]);
    }
    heads_.push_back({.bytes = bytes, .index = static_cast<int>(index)});
    has_head_.set(bit_of(bytes));
  }
  std::sort(heads_.begin(), heads_.end(), [](const Head& a, const Head& b) {
    return std::pair(a.bytes, a.index) < std::pair(b.bytes, b.index);
  });
}

void LiteralFinder::find(std::string_view text, std::vector<int>& found) const {
  found.clear();
  std::uint32_t bytes = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    bytes = (bytes << 8U | small(text[at])) & kHeadMask;
    if (has_head_[bit_of(bytes)] && at + 1 >= kHeadBytes) {
      compare(bytes, text.substr(at + 1 - kHeadBytes), found);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
}

void LiteralFinder::compare(std::uint32_t bytes,
                            std::string_view rest,
                            std::vector<int>& found) const {
  auto head = std::lower_bound(
      heads_.begin(), heads_.end(), bytes, [](const Head& a, std::uint32_t wanted) {
        return a.bytes < wanted;
      });
  for (; head != heads_.end() && head->bytes == bytes; ++head) {
    const std::string& literal = literals_[static_cast<std::size_t>(head->index)];
    const bool is_there =
        literal.size() <= rest.size() &&
        std::equal(literal.begin(), literal.end(), rest.begin(), [](char wanted, char c) {
          return static_cast<unsigned char>(wanted) == small(c);
        });
    if (is_there) {
      found.push_back(head->index);
    }
  }
}

}  // namespace headway
