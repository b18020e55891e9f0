// Two documents read as one.
#include "model/yaml_overlay.hpp"

#include "model/yaml_parser.hpp"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

YamlDocument parsed(const std::string& text) {
  ProblemList problems("x");
  auto document = parse_yaml(text, problems);
  EXPECT_TRUE(document && problems.empty()) << text;
  return document ? std::move(*document) : YamlDocument();
}

// "{a: 1, b: [x, y]}", with a ' behind what comes from the overlay.
std::string words_of(const YamlNode& node) {
  const std::string mark = node.source == 0 ? "" : "'";
  if (node.is_scalar()) {
    return std::string(node.text) + mark;
  }
  std::string text;
  if (node.is_sequence()) {
    for (const YamlNode& item : node.items()) {
      text += (text.empty() ? "" : ", ") + words_of(item);
    }
    return "[" + text + "]" + mark;
  }
  for (const auto& [key, value] : node.entries()) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key.text, words_of(value));
  }
  return "{" + text + "}" + mark;
}

std::string together(const std::string& base, const std::string& over) {
  const YamlDocument other = parsed(over);
  const YamlDocument whole = overlay_yaml(parsed(base), other, 1);
  EXPECT_EQ(whole.root().size, whole.nodes.size());
  return words_of(whole.root());
}

TEST(YamlOverlay, single_keys_are_replaced_and_added) {
  EXPECT_EQ(together("{a: 1, b: 2}", "{b: 3, c: 4}"), "{a: 1, b: 3', c: 4'}");
}

TEST(YamlOverlay, mappings_are_put_together_to_any_depth) {
  EXPECT_EQ(together("{s: {x: {t: 1, u: 2}, y: {t: 3}}}", "{s: {x: {t: 9}}}"),
            "{s: {x: {t: 9', u: 2}, y: {t: 3}}}");
}

TEST(YamlOverlay, lists_and_other_kinds_are_replaced_whole) {
  EXPECT_EQ(together("{a: [1, 2], b: {x: 1}, c: 1}", "{a: [3], b: 2, c: {y: 1}}"),
            "{a: [3']', b: 2', c: {y: 1'}'}");
}

TEST(YamlOverlay, null_replaces_a_value_but_an_empty_document_nothing) {
  EXPECT_EQ(together("{a: 1, b: 2}", "{a: ~}"), "{a: ~', b: 2}");
  EXPECT_EQ(together("{a: 1}", "~"), "{a: 1}");
}

TEST(YamlOverlay, texts_outlive_the_document_they_come_from) {
  YamlDocument whole;
  {
    const YamlDocument over = parsed("{a: \"" + std::string(200, 'x') + "\"}");
    whole = overlay_yaml(parsed("{a: 1}"), over, 1);
  }
  EXPECT_EQ(words_of(whole.root()), "{a: " + std::string(200, 'x') + "'}");
}

}  // namespace
}  // namespace headway
