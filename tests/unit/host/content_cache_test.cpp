// Tests of ContentCache: what it remembers, what it refuses to believe.
#include "host/content_cache.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

FileStamp stamp(std::int64_t changed_ns = 10 * kSecond + 7) {
  return {1, 2, 3, 4 * kSecond, changed_ns, 0100644};
}

TEST(ContentCache, stamp_that_differs_in_anything_is_not_found) {
  ContentCache cache;
  cache.put(7, stamp(), digest_of("x"));
  EXPECT_EQ(cache.find(7, stamp()), digest_of("x"));
  EXPECT_FALSE(cache.find(8, stamp()));
  for (auto field : {&FileStamp::size, &FileStamp::modified_ns, &FileStamp::changed_ns}) {
    FileStamp other = stamp();
    ++(other.*field);
    EXPECT_FALSE(cache.find(7, other));
  }
  for (auto field : {&FileStamp::device, &FileStamp::inode}) {
    FileStamp other = stamp();
    ++(other.*field);
    EXPECT_FALSE(cache.find(7, other));
  }
}

TEST(ContentCache, comes_back_as_it_was) {
  ContentCache cache;
  for (std::uint64_t place = 0; place < 1000; ++place) {
    cache.put(place, stamp(), digest_of(std::to_string(place)));
  }
  const std::string bytes = cache.encode(5);
  EXPECT_EQ(bytes.size(), 32 + 64 * 1000 + 8U);
  auto back = ContentCache::decode(bytes, 5);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->find(999, stamp()), digest_of("999"));
  EXPECT_FALSE(back->is_changed());
}

TEST(ContentCache, every_damaged_byte_and_every_cut_is_noticed) {
  ContentCache cache;
  cache.put(7, stamp(), digest_of("x"));
  const std::string good = cache.encode(5);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    EXPECT_FALSE(ContentCache::decode(bad, kSecond)) << at;
    EXPECT_FALSE(ContentCache::decode(good.substr(0, at), kSecond)) << at;
  }
  EXPECT_FALSE(ContentCache::decode(good + "x", kSecond));
}

TEST(ContentCache, written_when_the_clock_was_ahead_it_is_not_believed) {
  ContentCache cache;
  cache.put(7, stamp(), digest_of("x"));
  EXPECT_FALSE(ContentCache::decode(cache.encode(20 * kSecond), 19 * kSecond));
  EXPECT_TRUE(ContentCache::decode(cache.encode(20 * kSecond), 20 * kSecond));
}

TEST(ContentCache, change_shows_only_in_a_stamp_older_than_the_tick_and_finer_than_a_second) {
  EXPECT_TRUE(shows_changes(stamp(10 * kSecond + 7), 11 * kSecond));
  EXPECT_FALSE(shows_changes(stamp(10 * kSecond + 7), 10 * kSecond + 7));
  EXPECT_FALSE(shows_changes(stamp(10 * kSecond + 7), 10 * kSecond + 7 + kFileClockTickNs));
  EXPECT_FALSE(shows_changes(stamp(12 * kSecond + 7), 11 * kSecond));
  EXPECT_FALSE(shows_changes(stamp(10 * kSecond), 11 * kSecond));
  EXPECT_FALSE(shows_changes(stamp(), 0)) << "no clock";
}

TEST(ContentCache, full_one_keeps_what_was_used) {
  ContentCache cache;
  for (std::uint64_t place = 0; place <= ContentCache::kMaxEntries; ++place) {
    cache.put(place, stamp(), {});
  }
  auto back = ContentCache::decode(cache.encode(1), 1);
  ASSERT_TRUE(back);
  back->find(5, stamp());
  back->put(ContentCache::kMaxEntries + 5, stamp(), {});
  EXPECT_EQ(ContentCache::decode(back->encode(1), 1)->size(), 2U);
}

}  // namespace
}  // namespace headway
