// Text in XML documents.
#include "report/xml_text.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

std::string text(std::string_view bytes) {
  std::string out;
  append_xml_text(out, bytes);
  return out;
}

std::string value(std::string_view bytes) {
  std::string out;
  append_xml_value(out, bytes);
  return out;
}

TEST(XmlText, markup_is_escaped) {
  EXPECT_EQ(text("a<b> & \"c\" ]]>"), "a&lt;b&gt; &amp; &quot;c&quot; ]]&gt;");
  EXPECT_EQ(value("a<b>\"'&"), "a&lt;b&gt;&quot;'&amp;");
}

TEST(XmlText, line_ends_are_kept_in_both_places) {
  EXPECT_EQ(text("a\n\tb\r"), "a\n\tb&#13;");
  EXPECT_EQ(value("a\n\tb\r"), "a&#10;&#9;b&#13;");
}

TEST(XmlText, what_is_no_character_of_xml_is_replaced) {
  EXPECT_EQ(text(std::string_view("a\0\x1b[31m", 7)), "a\uFFFD\uFFFD[31m");
  EXPECT_EQ(text("\xff"), "\uFFFD");
  EXPECT_EQ(text("x\xEF\xBF\xBFy"), "x\uFFFDy");
  EXPECT_EQ(text("gr\u00fc\u00df"), "gr\u00fc\u00df");
}

}  // namespace
}  // namespace headway
