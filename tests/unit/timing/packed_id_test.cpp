// Tests of ids in few bytes.
#include "timing/packed_id.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(PackedId, commit_takes_half_its_digits_and_comes_back) {
  const std::string commit = "0123456789abcdef0123456789abcdef01234567";
  const auto packed = pack_hex(commit);
  ASSERT_TRUE(packed.has_value());
  EXPECT_EQ(packed->size(), 20U);
  EXPECT_EQ(unpack_hex(*packed), commit);
}

TEST(PackedId, text_that_would_not_come_back_is_not_packed) {
  for (const char* text : {"", "abc", "ABCD", "12 4", "v1.0"}) {
    EXPECT_FALSE(pack_hex(text).has_value()) << text;
  }
}

TEST(PackedId, uuid_takes_sixteen_bytes_and_comes_back) {
  const std::string uuid = "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
  const auto packed = pack_uuid(uuid);
  ASSERT_TRUE(packed.has_value());
  EXPECT_EQ(packed->size(), 16U);
  EXPECT_EQ(unpack_uuid(*packed), uuid);
}

TEST(PackedId, uuid_with_its_dashes_elsewhere_or_in_capitals_is_none) {
  for (const char* text : {"019ab3c45-d6e-7f80-9a1b-2c3d4e5f6071",
                           "019AB3C4-5D6E-7F80-9A1B-2C3D4E5F6071",
                           "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f60711",
                           "------------------------------------",
                           "release 7 of the thing, in 36 letter"}) {
    EXPECT_FALSE(pack_uuid(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace headway
