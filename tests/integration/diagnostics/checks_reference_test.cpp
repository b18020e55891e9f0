// docs/reference/checks.md has every check, with the words of the code.
#include "base/files.hpp"
#include "diagnostics/check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

TEST(ChecksReference, every_check_is_told_with_its_words) {
  const auto text = read_file(std::string(HEADWAY_SOURCE_DIR) + "/docs/reference/checks.md");
  ASSERT_TRUE(text);
  for (const Check& check : all_checks()) {
    const std::string row =
        "| `" + std::string(check.id) + "` | " + std::string(check.about) + " |";
    EXPECT_NE(text->find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace headway
