// Archives as tar and gzip read them.
#include "diagnostics/archive.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

TEST(Archive, blocks_name_size_and_checksum_are_those_of_ustar) {
  const std::string tar = make_tar({{"a/b.txt", "hello"}}, WallTime(std::chrono::seconds(8)));
  ASSERT_EQ(tar.size(), 4U * 512);
  EXPECT_STREQ(tar.substr(0, 100).c_str(), "a/b.txt");
  EXPECT_STREQ(tar.substr(124, 12).c_str(), "00000000005");
  EXPECT_STREQ(tar.substr(136, 12).c_str(), "00000000010");
  EXPECT_EQ(tar.substr(257, 8), std::string("ustar\00000", 8));
  EXPECT_EQ(tar.substr(512, 5), "hello");
  unsigned sum = 0;
  for (std::size_t at = 0; at < 512; ++at) {
    sum += at >= 148 && at < 156 ? ' ' : static_cast<unsigned char>(tar[at]);
  }
  EXPECT_EQ(std::stoul(tar.substr(148, 6), nullptr, 8), sum);
}

TEST(Archive, long_names_are_parted_or_shortened_and_stay_unlike) {
  const std::string folder(120, 'd');
  const std::string tar = make_tar({{folder + "/file", ""}}, {});
  EXPECT_STREQ(tar.substr(0, 100).c_str(), "file");
  EXPECT_EQ(tar.substr(345, 120), folder);
  const std::string first = make_tar({{std::string(300, 'x') + "1", ""}}, {});
  const std::string second = make_tar({{std::string(300, 'x') + "2", ""}}, {});
  EXPECT_NE(first.substr(0, 100), second.substr(0, 100));
}

TEST(Archive, gzip_has_its_header_and_is_smaller) {
  const auto packed = compress_gzip(std::string(100'000, 'a'));
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->substr(0, 2), "\x1f\x8b");
  EXPECT_LT(packed->size(), 1000U);
  EXPECT_TRUE(compress_gzip(""));
}

}  // namespace
}  // namespace headway
