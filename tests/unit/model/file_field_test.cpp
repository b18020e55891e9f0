// How messages name keys and owners, and the rule for names.
#include "model/file_field.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

TEST(Describe, names_owner_part_and_key) {
  const YamlNode node;
  EXPECT_EQ(describe(Owner{}), "the workflow");
  EXPECT_EQ(describe(Owner{"defaults", ""}), "'defaults'");
  EXPECT_EQ(describe(Owner{"stage", "a"}), "stage 'a'");
  EXPECT_EQ(describe(Owner{"stage", "a", "retries"}), "'retries' of stage 'a'");
  EXPECT_EQ(describe(FileField{{}, "name", node}), "'name'");
  EXPECT_EQ(describe(FileField{{"stage", "a"}, "run", node}), "'run' of stage 'a'");
  EXPECT_EQ(describe(FileField{{"stage", "a", "env"}, "X", node}), "'env.X' of stage 'a'");
  EXPECT_EQ(describe(FileField{{"", "", "env"}, "X", node}), "'env.X'");
}

TEST(Identifier, letters_digits_and_three_signs) {
  for (const char* good : {"a", "_", "A9_.-", "unit.fast-2"}) {
    EXPECT_TRUE(is_identifier(good)) << good;
  }
  for (const char* bad : {"", "1a", "-a", ".a", "a b", "a/b", "\xC3\xA4", "a\n"}) {
    EXPECT_FALSE(is_identifier(bad)) << bad;
  }
  EXPECT_TRUE(is_identifier(std::string(kMaxNameBytes, 'a')));
  EXPECT_FALSE(is_identifier(std::string(kMaxNameBytes + 1, 'a')));
}

}  // namespace
}  // namespace headway
