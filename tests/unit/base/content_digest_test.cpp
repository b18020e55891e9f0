// Tests of ContentDigest against the reference values of xxhsum.
#include "base/content_digest.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(ContentDigest, is_the_one_that_xxhsum_prints) {
  EXPECT_EQ(to_hex(digest_of("")), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(to_hex(digest_of("abc")), "06b05ab6733a618578af5f94892f3950");
}

TEST(ContentDigest, pieces_give_the_digest_of_the_whole) {
  const std::string text(100'000, 'x');
  DigestStream stream;
  for (std::size_t at = 0; at < text.size(); at += 777) {
    stream.add(std::string_view(text).substr(at, 777));
  }
  EXPECT_EQ(stream.take(), digest_of(text));
  stream.add("abc");
  EXPECT_EQ(stream.take(), digest_of("abc"));
}

TEST(ContentDigest, one_byte_makes_another) {
  EXPECT_NE(digest_of("abc"), digest_of("abd"));
  EXPECT_NE(short_digest_of("abc"), short_digest_of("abd"));
}

}  // namespace
}  // namespace headway
