// Writing of JSON text.
#include "base/json_writer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

namespace headway {
namespace {

using namespace std::chrono_literals;

std::string written(const std::function<void(JsonWriter&)>& write,
                    const SecretSet* secrets = nullptr) {
  std::string out;
  JsonWriter writer(out, secrets);
  write(writer);
  return out;
}

std::string in_quotes(std::string_view text) {
  return written([&](JsonWriter& w) { w.string(text); });
}

std::string numbered(double value) {
  return written([&](JsonWriter& w) { w.number(value); });
}

TEST(JsonWriter, sets_commas_between_members_and_items) {
  EXPECT_EQ(
      written([](JsonWriter& w) {
        w.begin_object().field("a", 1).key("b").begin_array();
        w.number(std::int64_t{1}).begin_object().end_object().null().begin_array().end_array();
        w.end_array().field("c", true).field("d", "x").end_object();
      }),
      R"({"a":1,"b":[1,{},null,[]],"c":true,"d":"x"})");
}

TEST(JsonWriter, appends_behind_what_is_there) {
  std::string out = "x";
  JsonWriter(out).begin_array().end_array();
  EXPECT_EQ(out, "x[]");
}

TEST(JsonWriter, escapes_at_every_place_of_a_word_of_eight) {
  for (std::size_t place = 0; place < 20; ++place) {
    for (const char special : {'"', '\\', '\x01', '\x1F', '\n'}) {
      std::string text(20, 'a');
      text[place] = special;
      const std::string json = in_quotes(text);
      EXPECT_EQ(json.find(special == '"' ? "\\\"" : special == '\\' ? "\\\\" : "\\"), place + 1);
      EXPECT_EQ(json.size(), special == '\x01' || special == '\x1F' ? 27U : 23U);
    }
  }
}

TEST(JsonWriter, leaves_all_other_ascii_alone) {
  std::string text;
  for (char c = 0x20; c < 0x7F; ++c) {
    if (c != '"' && c != '\\') {
      text += c;
    }
  }
  text += '\x7F';
  EXPECT_EQ(in_quotes(text), '"' + text + '"');
}

TEST(JsonWriter, escapes_control_characters) {
  EXPECT_EQ(in_quotes("\b\f\n\r\t\x01\x1f"), R"("\b\f\n\r\t\u0001\u001f")");
  EXPECT_EQ(in_quotes(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(JsonWriter, keeps_utf8_and_replaces_bad_bytes) {
  EXPECT_EQ(in_quotes("gr\xC3\xBC\xC3\x9F"), "\"gr\xC3\xBC\xC3\x9F\"");
  EXPECT_EQ(in_quotes("a\xFF\xE2\x82z"), "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"");
}

TEST(JsonWriter, numbers_are_the_shortest_that_read_back) {
  EXPECT_EQ(numbered(0.1), "0.1");
  EXPECT_EQ(numbered(5.0), "5");
  EXPECT_EQ(numbered(1e300), "1e+300");
  EXPECT_EQ(written([](JsonWriter& w) { w.number(std::numeric_limits<std::int64_t>::min()); }),
            "-9223372036854775808");
}

TEST(JsonWriter, what_is_no_number_is_a_string) {
  EXPECT_EQ(numbered(std::nan("")), R"("NaN")");
  EXPECT_EQ(numbered(std::numeric_limits<double>::infinity()), R"("Infinity")");
  EXPECT_EQ(numbered(-std::numeric_limits<double>::infinity()), R"("-Infinity")");
}

TEST(JsonWriter, seconds_have_microsecond_digits) {
  const auto seconds = [](Nanos span) { return written([&](JsonWriter& w) { w.seconds(span); }); };
  EXPECT_EQ(seconds(5s), "5");
  EXPECT_EQ(seconds(1250ms), "1.25");
  EXPECT_EQ(seconds(1us), "0.000001");
  EXPECT_EQ(seconds(1600ns), "0.000002");
  EXPECT_EQ(seconds(-1500ms), "-1.5");
  EXPECT_EQ(seconds(-1600ns), "-0.000002");
  EXPECT_EQ(seconds(Nanos::max()), "9223372036.854776");
  EXPECT_EQ(seconds(Nanos::min()), "-9223372036.854776");
}

TEST(JsonWriter, time_is_rfc3339) {
  EXPECT_EQ(written([](JsonWriter& w) { w.time(WallTime(1'795'345'200s)); }),
            R"("2026-11-22T11:00:00.000Z")");
}

TEST(JsonWriter, masks_strings_but_not_tokens_and_keys) {
  const SecretSet secrets({"hunter2secret"});
  EXPECT_EQ(written(
                [](JsonWriter& w) {
                  w.begin_object().field("a", "my hunter2secret!");
                  w.field_token("hunter2secret", "hunter2secret").end_object();
                },
                &secrets),
            R"({"a":"my ***!","hunter2secret":"hunter2secret"})");
}

}  // namespace
}  // namespace headway
