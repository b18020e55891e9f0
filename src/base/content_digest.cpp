// See content_digest.hpp. xxhash.h is compiled into this file alone: no library at run time.
#include "base/content_digest.hpp"

#include <fmt/format.h>

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): how xxhash.h is told to bring its code along
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace headway {
namespace {

ContentDigest plain(XXH128_hash_t hash) noexcept {
  return {hash.low64, hash.high64};
}

}  // namespace

struct DigestStream::State {
  XXH3_state_t xxh;
};

ContentDigest digest_of(std::string_view bytes) noexcept {
  return plain(XXH3_128bits(bytes.data(), bytes.size()));
}

std::uint64_t short_digest_of(std::string_view bytes) noexcept {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::string to_hex(const ContentDigest& digest) {
  return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

std::string to_hex(std::uint64_t digest) {
  return fmt::format("{:016x}", digest);
}

DigestStream::DigestStream() : state_(std::make_unique<State>()) {
  XXH3_128bits_reset(&state_->xxh);
}

DigestStream::~DigestStream() = default;

void DigestStream::add(std::string_view bytes) noexcept {
  XXH3_128bits_update(&state_->xxh, bytes.data(), bytes.size());
}

ContentDigest DigestStream::take() noexcept {
  const ContentDigest digest = plain(XXH3_128bits_digest(&state_->xxh));
  XXH3_128bits_reset(&state_->xxh);
  return digest;
}

}  // namespace headway
