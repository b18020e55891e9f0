// Reading of JSON.
#include "base/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace headway {
namespace {

Json parsed(std::string_view text) {
  auto result = Json::parse(text);
  EXPECT_TRUE(result) << text << ": " << (result ? "" : result.error().message);
  return result ? *result : Json();
}

TEST(Json, reads_every_kind_of_value) {
  const Json json = parsed(R"({"n":null,"t":true,"i":-7,"d":1.5,"s":"x\u00e9","a":[1,2],"o":{}})");
  EXPECT_TRUE(json["n"].is_null());
  EXPECT_TRUE(json["t"].as_bool());
  EXPECT_EQ(json["i"].as_integer(), -7);
  EXPECT_EQ(json["d"].as_number(), 1.5);
  EXPECT_EQ(json["s"].as_string(), "x\xC3\xA9");
  EXPECT_EQ(json["a"].items().size(), 2U);
  EXPECT_TRUE(json["o"].is_object());
}

TEST(Json, gives_fallbacks_for_what_it_is_not) {
  const Json json = parsed(R"({"s":"x"})");
  EXPECT_EQ(json["s"].as_integer(3), 3);
  EXPECT_EQ(json["s"].as_number(2.5), 2.5);
  EXPECT_TRUE(json["s"].as_bool(true));
  EXPECT_EQ(json["missing"]["deeper"].as_string(), "");
  EXPECT_TRUE(json["s"].items().empty());
  EXPECT_TRUE(json["s"].members().empty());
  EXPECT_FALSE(json.contains("missing"));
  EXPECT_TRUE(json.contains("s"));
}

TEST(Json, keeps_the_order_of_keys) {
  const Json json = parsed(R"({"z":1,"a":2,"m":3})");
  ASSERT_EQ(json.members().size(), 3U);
  EXPECT_EQ(json.members()[0].first, "z");
  EXPECT_EQ(json.members()[2].first, "m");
}

TEST(Json, a_key_that_comes_twice_has_the_last_value) {
  const Json json = parsed(R"({"a":1,"b":2,"a":3})");
  EXPECT_EQ(json.members().size(), 2U);
  EXPECT_EQ(json["a"].as_integer(), 3);
  EXPECT_EQ(json.dump(), R"({"a":3,"b":2})");
}

TEST(Json, many_keys_that_come_twice_have_the_last_value) {
  std::string text = "{";
  for (int i = 0; i < 200; ++i) {
    text += '"' + std::to_string(i % 100) + "\":" + std::to_string(i) + (i < 199 ? "," : "}");
  }
  const Json json = parsed(text);
  ASSERT_EQ(json.members().size(), 100U);
  EXPECT_EQ(json.members()[42].first, "42");
  EXPECT_EQ(json["42"].as_integer(), 142);
}

TEST(Json, large_numbers_saturate) {
  EXPECT_EQ(parsed("1e30").as_integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parsed("-1e30").as_integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parsed("18446744073709551615").as_number(), 18446744073709551615.0);
  EXPECT_EQ(parsed("9223372036854775807").as_integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parsed("-2.9").as_integer(), -2);
}

TEST(Json, an_error_says_line_column_and_reason) {
  const auto result = Json::parse("{\"a\": 1,\n  oops}");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::parse);
  EXPECT_EQ(result.error().message.find("read JSON at line 2, column 3: syntax error"), 0U)
      << result.error().message;
}

TEST(Json, refuses_half_texts_and_bad_bytes) {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "[1,",
                                      "\"abc",
                                      "{\"a\":}",
                                      "[1] x",
                                      "nul",
                                      "01",
                                      "1e999",
                                      "\"\xFF\"",
                                      "\"\n\""}) {
    EXPECT_FALSE(Json::parse(text)) << text;
  }
}

TEST(Json, nesting_of_256_is_read_and_257_refused) {
  EXPECT_TRUE(Json::parse(std::string(256, '[') + std::string(256, ']')));
  const auto result = Json::parse(std::string(257, '[') + std::string(257, ']'));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "read JSON: nested deeper than 256 levels");
  EXPECT_FALSE(Json::parse(std::string(1'000'000, '[')));
}

TEST(Json, dump_reads_back_the_same) {
  const std::string text = R"({"a":[1,2.5,"x\n\"",null,true,{"b":{}}],"c":-7})";
  EXPECT_EQ(parsed(text).dump(), text);
}

TEST(Json, an_object_made_by_hand_finds_its_last_twin) {
  const Json json(Json::Object{{"a", Json(std::int64_t{1})}, {"a", Json(std::int64_t{2})}});
  EXPECT_EQ(json["a"].as_integer(), 2);
}

TEST(Json, not_a_number_gives_the_fallback) {
  EXPECT_EQ(Json(std::nan("")).as_integer(5), 5);
}

}  // namespace
}  // namespace headway
