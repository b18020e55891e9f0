// From YAML to nodes: places, aliases, bounds.
#include "model/yaml_parser.hpp"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

class YamlParser : public testing::Test {
 protected:
  const YamlNode& root(const std::string& text) {
    document_ = parse_yaml(text, problems_);
    return document_.value().root();
  }

  // The only problem of a text that cannot be read.
  std::string refusal(const std::string& text) {
    EXPECT_FALSE(parse_yaml(text, problems_).has_value());
    const auto problems = problems_.take();
    return problems.size() == 1 ? to_string(problems.front()) : "";
  }

  ProblemList problems_{"f"};
  std::optional<YamlDocument> document_;
};

TEST_F(YamlParser, columns_count_characters_not_bytes) {
  const YamlNode& list = root("[\xC3\xA4\xC3\xB6, b]");
  const YamlNode& second = *++list.items().begin();
  EXPECT_EQ(second.text, "b");
  EXPECT_EQ(second.at().line, 1);
  EXPECT_EQ(second.at().column, 6);
}

TEST_F(YamlParser, byte_order_mark_does_not_move_columns) {
  EXPECT_EQ((*root("\xEF\xBB\xBF[a]").items().begin()).at().column, 2);
}

TEST_F(YamlParser, nested_containers_know_their_size) {
  const YamlNode& list = root("[{a: [1, 2]}, x]");
  std::vector<std::uint32_t> sizes;
  for (const YamlNode& item : list.items()) {
    sizes.push_back(item.size);
  }
  EXPECT_EQ(sizes, (std::vector<std::uint32_t>{5, 1}));
  EXPECT_EQ(list.size, 7U);
}

TEST_F(YamlParser, entries_come_in_the_order_of_the_file) {
  std::string seen;
  for (const auto& [key, value] : root("{b: 1, a: [2], c: 3}").entries()) {
    seen += std::string(key.text) + (value.is_sequence() ? "[]" : std::string(value.text)) + " ";
  }
  EXPECT_EQ(seen, "b1 a[] c3 ");
}

TEST_F(YamlParser, quoted_and_str_tagged_scalars_are_not_plain) {
  std::string plain;
  for (const YamlNode& item : root("[1, '1', \"1\", !!str 1]").items()) {
    plain += item.plain ? 'p' : 'q';
  }
  EXPECT_EQ(plain, "pqqq");
  EXPECT_TRUE(problems_.empty());
}

TEST_F(YamlParser, alias_is_a_copy_that_keeps_the_places_of_the_anchor) {
  const YamlNode& list = root("[&x {a: [b]}, *x]");
  const YamlNode& copy = *++list.items().begin();
  ASSERT_TRUE(copy.is_mapping());
  const YamlEntry entry = *copy.entries().begin();
  EXPECT_EQ(entry.key.text, "a");
  EXPECT_EQ((*entry.value.items().begin()).text, "b");
  EXPECT_EQ(entry.key.at().column, 6);
}

TEST_F(YamlParser, long_scalars_are_kept_whole) {
  const std::string text(300'000, 'x');
  EXPECT_EQ((*root("[" + text + ", y]").items().begin()).text, text);
}

TEST_F(YamlParser, deep_nesting_is_refused) {
  EXPECT_EQ(refusal(std::string(100'000, '[')), "f:1:65: nested deeper than 64 levels");
}

TEST_F(YamlParser, nesting_up_to_the_bound_is_read) {
  root(std::string(64, '[') + std::string(64, ']'));
  EXPECT_TRUE(problems_.empty());
}

TEST_F(YamlParser, nesting_by_aliases_is_bounded) {
  std::string text = "x0: &x0 [a]\n";
  for (int i = 1; i < 80; ++i) {
    text += fmt::format("x{0}: &x{0} [*x{1}]\n", i, i - 1);
  }
  EXPECT_EQ(refusal(text), "f:63:12: nested deeper than 64 levels by an alias");
}

TEST_F(YamlParser, billion_laughs_are_refused) {
  std::string text = "x0: &x0 [a,a,a,a,a,a,a,a,a,a]\n";
  for (int i = 1; i < 10; ++i) {
    text += fmt::format(
        "x{0}: &x{0} [*x{1},*x{1},*x{1},*x{1},*x{1},*x{1},*x{1},*x{1},*x{1},*x{1}]\n", i, i - 1);
  }
  EXPECT_EQ(refusal(text), "f:6:38: more than 1000000 values in one file, aliases counted");
}

TEST_F(YamlParser, duplicate_among_many_keys_is_found) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += fmt::format("k{}: x\n", i);
  }
  root(text + "k7: y\n");
  const auto problems = problems_.take();
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(to_string(problems[0]), "f:101:1: key 'k7' comes twice (first on line 8)");
}

TEST_F(YamlParser, every_mapping_has_keys_of_its_own) {
  root("{a: {a: 1}, b: {a: 1}}");
  EXPECT_TRUE(problems_.empty());
}

}  // namespace
}  // namespace headway
