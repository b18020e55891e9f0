// CheckpointImport: paths as git fast-import reads them.
#include "host/checkpoint_import.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(QuotePath, anything_but_plain_ascii_is_octal) {
  EXPECT_EQ(quote_path("src/a b.cpp"), "\"src/a b.cpp\"");
  EXPECT_EQ(quote_path("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(quote_path("new\nline\t\x01"), "\"new\\012line\\011\\001\"");
  EXPECT_EQ(quote_path("\xff\xc3\xa4\x7f"), "\"\\377\\303\\244\\177\"");
}

}  // namespace
}  // namespace headway
