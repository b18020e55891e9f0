// libFuzzer target: the first byte chooses. Any bytes as an imprint or as the cache of digests (the
// checksum set right, so that what is behind it is reached), or as a glob and a path. Beyond "no
// crash": an imprint that is read is written as one that reads the same, and a walk that goes down
// to a path agrees with asking for it.
#include "base/path_patterns.hpp"
#include "base/text.hpp"
#include "host/content_cache.hpp"
#include "record/stage_imprint.hpp"

#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

void require(bool holds) {
  if (!holds) {
    abort();
  }
}

std::string with_sum(std::string bytes) {
  const std::uint64_t sum = headway::short_digest_of(bytes);
  for (unsigned shift = 0; shift < 64; shift += 8) {
    bytes += static_cast<char>(sum >> shift & 0xffU);
  }
  return bytes;
}

void check_glob(std::string_view text) {
  const std::size_t half = text.find('\n');
  const auto patterns = headway::PathPatterns::parse({std::string(text.substr(0, half))});
  if (!patterns || half == std::string_view::npos) {
    return;
  }
  const std::string_view path = text.substr(half + 1);
  headway::PathPatterns::State state = patterns->start();
  bool may = true;
  for (const std::string_view name : headway::split(path, '/')) {
    may = may && patterns->may_accept_below(state);
    state = patterns->step(state, name);
  }
  require(patterns->accepts(state) == patterns->matches(path));
  require(may || !patterns->matches(path));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 3 == 0) {
    if (const auto imprint = headway::decode_imprint(with_sum("HWINPUT1" + text))) {
      require(headway::decode_imprint(headway::encode_imprint(*imprint)) == imprint);
    }
  } else if (data[0] % 3 == 1) {
    static_cast<void>(headway::ContentCache::decode(with_sum(text), 1));
  } else {
    check_glob(text);
  }
  return 0;
}
