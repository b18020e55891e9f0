// Entries: written as they are, and rendered as any other record.
#include "logging/plain_entry.hpp"

#include "base/secrets.hpp"
#include "logging/context_text.hpp"
#include "logging/log_json.hpp"
#include "logging/log_text.hpp"
#include "logging/plain_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace headway {
namespace {

using namespace std::chrono_literals;

// An entry with what stands around it in a ring.
struct Entry {
  std::vector<char> bytes;
  const char* data() const { return bytes.data(); }
};

const LogContext& context() {
  static const LogContext all{.workflow_id = "change-1",
                              .lane = "standard",
                              .stage_id = 4,
                              .stage_name = "Bu\"ild",
                              .user = "ana",
                              .additional = {{"team", "a b"}}};
  return all;
}

// The record as its caller would render it.
LogRecord record_of(const LogContext& its_context, std::string_view message, Fields fields) {
  LogRecord record;
  record.apply(its_context);
  record.time = WallTime(1'795'345'200'123ms);
  record.monotonic = 5ns;
  record.seq = 3;
  record.logger = "workflow";
  record.level = LogLevel::warning;
  record.message = message;
  record.pid = 10;
  record.tid = 11;
  record.place = {"/x/src/base/text.cpp", 7};
  for (const Field& field : fields) {
    record.set(field);
  }
  return record;
}

Entry entry_of(std::string_view message, Fields fields) {
  PlainRecord plain;
  plain.level = LogLevel::warning;
  plain.message = message;
  plain.place = "base/text.cpp:7";
  plain.fields = fields;
  plain.tid = 11;
  const std::size_t room = plain_entry_bytes(plain);
  Entry entry{std::vector<char>(room + kRingSlack)};
  const std::size_t bytes = write_plain_entry(entry.bytes.data(), room, plain);
  EXPECT_TRUE(bytes > 0 && bytes <= room && bytes % kEntryAlignment == 0);
  entry.bytes.resize(bytes + kRingSlack);
  return entry;
}

ContextSlot slot_of(const LogContext& its_context) {
  LogRecord record;
  record.apply(its_context);
  record.logger = "workflow";
  ContextSlot slot{};
  EXPECT_TRUE(render_context_slot(slot, record, nullptr));
  return slot;
}

constexpr EntryStamp kStamp{3, 5, 1'795'345'200'123'000'000};

void expect_the_same(std::string_view message, Fields fields) {
  const LogRecord record = record_of(context(), message, fields);
  std::string json;
  append_json_line(json, record, nullptr);
  std::string text;
  append_text_line(text, record, nullptr);
  const Entry entry = entry_of(message, fields);
  const ContextSlot slot = slot_of(context());
  EntryRenderer renderer(10);
  LineBuffer out;
  ASSERT_TRUE(renderer.append_json(out, entry.data(), slot, kStamp));
  EXPECT_EQ(out.view(), json);
  out.clear();
  ASSERT_TRUE(renderer.append_text(out, entry.data(), slot, kStamp));
  EXPECT_EQ(out.view(), text);
}

TEST(PlainEntry, is_rendered_as_its_caller_would) {
  expect_the_same("hello", {{"n", 1}, {"text", "a b"}, {"share", 0.25}, {"wait", 1500ms}});
  expect_the_same("", {});
  expect_the_same("x", {{"wait_seconds", 2s}, {"yes", true}, {"no", false}, {"none", nullptr}});
}

TEST(PlainEntry, keeps_the_ends_of_all_numbers) {
  expect_the_same("x",
                  {{"a", std::numeric_limits<std::int64_t>::min()},
                   {"b", std::numeric_limits<std::int64_t>::max()},
                   {"c", std::numeric_limits<std::uint64_t>::max()},
                   {"d", 0},
                   {"e", -9},
                   {"f", 99},
                   {"g", 100},
                   {"h", 12345}});
  expect_the_same("x",
                  {{"a", std::nan("")},
                   {"b", std::numeric_limits<double>::infinity()},
                   {"c", Seconds(-std::numeric_limits<double>::infinity())},
                   {"d", 1e300},
                   {"e", 5e-324},
                   {"f", 1e8}});
}

TEST(PlainEntry, escapes_like_any_record) {
  for (std::size_t length = 0; length < 40; ++length) {
    std::string text(length, 'x');
    expect_the_same(text, {{"k", text}});
    for (const char* odd : {"\"", "\\", "\n", "\x01", "\x7f", "\xC3\xBC", "\xFF", "\xE2\x82"}) {
      expect_the_same(text + odd, {{"k", odd + text}, {odd, 1}});
      expect_the_same(text + odd + text, {});
    }
  }
}

TEST(PlainEntry, is_not_made_of_what_is_unusual) {
  const auto is_plain = [](std::string_view message, Fields fields) {
    PlainRecord plain;
    plain.message = message;
    plain.fields = fields;
    std::vector<char> bytes(plain_entry_bytes(plain));
    return write_plain_entry(bytes.data(), bytes.size(), plain) > 0;
  };
  const std::string long_text(kMaxPlainTextBytes + 1, 'x');
  EXPECT_TRUE(is_plain("x", {{"a", 1}, {"b", 2}}));
  EXPECT_FALSE(is_plain("x", {{"a", 1}, {"a", 2}}));
  EXPECT_FALSE(is_plain("x", {{"a", 1s}, {"a_seconds", 2}}));
  EXPECT_FALSE(is_plain(long_text, {}));
  EXPECT_FALSE(is_plain("x", {{"a", long_text}}));
  EXPECT_FALSE(is_plain("x", {{long_text, 1}}));
}

TEST(PlainEntry, is_not_written_beyond_its_room) {
  PlainRecord plain;
  plain.message = "hello";
  plain.place = "base/text.cpp:7";
  const std::string text(100, 'x');
  const Fields fields = {{"n", 1}, {"text", text}};
  plain.fields = fields;
  const std::size_t most = plain_entry_bytes(plain);
  std::vector<char> bytes(most + 1, '#');
  const std::size_t written = write_plain_entry(bytes.data(), most, plain);
  EXPECT_GT(written, 0U);
  for (std::size_t room = 0; room < written - kEntryAlignment; ++room) {
    std::fill(bytes.begin(), bytes.end(), '#');
    EXPECT_EQ(write_plain_entry(bytes.data(), room, plain), 0U) << room;
    EXPECT_EQ(bytes[room], '#') << room;
  }
}

TEST(PlainEntry, numbers_of_any_size_have_their_digits) {
  std::array<char, 32> text{};
  const auto digits = [&](std::uint64_t value) {
    return std::string(text.data(), put_unsigned(text.data(), value));
  };
  std::uint64_t power = 1;
  for (int exponent = 0; exponent < 20; ++exponent, power *= 10) {
    for (const std::uint64_t near : {power - 1, power, power + 1, power * 7 / 3}) {
      EXPECT_EQ(digits(near), std::to_string(near));
    }
  }
  for (std::uint64_t value = 0; value < 100'000'000; value += 9'973) {
    ASSERT_EQ(digits(value), std::to_string(value));
  }
}

TEST(PlainEntry, tells_whether_it_holds_a_secret) {
  const SecretSet secrets({"hunter2secret"});
  const auto holds = [&](std::string_view message, Fields fields) {
    PlainRecord plain;
    plain.message = message;
    plain.fields = fields;
    return holds_secret(plain, secrets);
  };
  EXPECT_FALSE(holds("x", {{"a", 1}, {"b", "hunter2"}}));
  EXPECT_TRUE(holds("is hunter2secret", {}));
  EXPECT_TRUE(holds("x", {{"a", 1}, {"b", "hunter2secret"}}));
  EXPECT_TRUE(holds("x", {{"hunter2secret", 1}}));
}

TEST(PlainEntry, damaged_ones_are_refused) {
  const ContextSlot slot = slot_of(context());
  const Entry whole = entry_of("hello", {{"n", 1}, {"text", "a b"}});
  EntryRenderer renderer(10);
  LineBuffer out;
  for (std::size_t at = 0; at < whole.bytes.size() - kRingSlack; ++at) {
    if (at < offsetof(EntryHead, kind)) {
      continue;  // the ring looks at the size
    }
    Entry entry = whole;
    entry.bytes[at] = static_cast<char>(0xFF);
    static_cast<void>(renderer.append_json(out, entry.data(), slot, kStamp));
    static_cast<void>(renderer.append_text(out, entry.data(), slot, kStamp));
  }
  Entry entry = whole;
  entry.bytes[offsetof(EntryHead, message_bytes) + 1] = static_cast<char>(0xFF);
  out.clear();
  EXPECT_FALSE(renderer.append_json(out, entry.data(), slot, kStamp));
  EXPECT_TRUE(out.view().empty());
  ContextSlot bad = slot;
  bad.json_bytes = 0xFFFF;
  EXPECT_FALSE(renderer.append_json(out, whole.data(), bad, kStamp));
}

TEST(RenderedEntry, gets_its_number_when_it_is_written) {
  const RenderedRecord record{R"({"seq":)", ",\"x\":1}\n", "text\n"};
  Entry entry{std::vector<char>(rendered_entry_bytes(record) + kRingSlack)};
  write_rendered_entry(entry.bytes.data(), record);
  EntryRenderer renderer(10);
  LineBuffer out;
  EXPECT_TRUE(renderer.append_json(out, entry.data(), {}, kStamp));
  EXPECT_TRUE(renderer.append_text(out, entry.data(), {}, kStamp));
  EXPECT_EQ(out.view(), "{\"seq\":3,\"x\":1}\ntext\n");
}

TEST(ContextSlot, refuses_what_does_not_fit) {
  LogContext large = context();
  large.additional.emplace_back("k", std::string(kContextBytes, 'x'));
  LogRecord record;
  record.apply(large);
  ContextSlot slot{};
  EXPECT_FALSE(render_context_slot(slot, record, nullptr));
}

}  // namespace
}  // namespace headway
