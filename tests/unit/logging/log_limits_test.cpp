// Cutting and masking of texts.
#include "logging/log_limits.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(CutText, leaves_what_fits) {
  EXPECT_EQ(cut_text("abc", 3), "abc");
  EXPECT_EQ(cut_text("", 0), "");
}

TEST(CutText, does_not_cut_inside_a_character) {
  EXPECT_EQ(cut_text("ab\xC3\xA9", 3), "ab");
  EXPECT_EQ(cut_text("ab\xC3\xA9x", 4), "ab\xC3\xA9");
  EXPECT_EQ(cut_text("\xF0\x9F\x9A\x80", 3), "");
}

TEST(CutText, cuts_bytes_that_are_no_characters_near_the_bound) {
  EXPECT_EQ(cut_text(std::string(100, '\x80'), 50).size(), 47U);
}

TEST(MaskedText, points_to_the_text_itself_where_there_is_no_secret) {
  const SecretSet secrets({"hunter2x"});
  const std::string text = "plain";
  std::string storage;
  EXPECT_EQ(masked_text(text, &secrets, storage).data(), text.data());
  EXPECT_EQ(masked_text(text, nullptr, storage).data(), text.data());
  EXPECT_EQ(masked_text("is hunter2x", &secrets, storage), "is ***");
}

}  // namespace
}  // namespace headway
