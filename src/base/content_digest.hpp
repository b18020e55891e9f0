// ContentDigest: 128 bits that stand for the content of a file. XXH3 (xxHash specification 0.2.0,
// Collet 2021): fast and well spread, no defence against somebody who makes collisions on purpose.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace headway {

// Of equal content equal, of different content different but for one case in 2^128. Plain value.
struct ContentDigest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const ContentDigest&, const ContentDigest&) = default;
};

ContentDigest digest_of(std::string_view bytes) noexcept;
// 64 bits of the same family, for checksums and tables.
std::uint64_t short_digest_of(std::string_view bytes) noexcept;
// 32 digits, as `xxhsum -H2` prints them.
std::string to_hex(const ContentDigest& digest);
// 16 digits.
std::string to_hex(std::uint64_t digest);

// The digest of content that comes in pieces, equal to that of the whole. Not synchronised.
class DigestStream {
 public:
  DigestStream();
  ~DigestStream();
  DigestStream(const DigestStream&) = delete;
  DigestStream& operator=(const DigestStream&) = delete;

  void add(std::string_view bytes) noexcept;
  // Of all that was added since the last call; what follows begins anew.
  ContentDigest take() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
