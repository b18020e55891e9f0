// A record as JSON: its fields, its bounds, and what cannot break it.
#include "logging/log_json.hpp"

#include "base/json.hpp"
#include "logging/log_limits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace headway {
namespace {

using namespace std::chrono_literals;

LogRecord record_of(std::string_view message) {
  LogRecord record;
  record.time = WallTime(1'795'345'200s);
  record.monotonic = 5ns;
  record.seq = 3;
  record.message = message;
  record.pid = 10;
  record.tid = 11;
  return record;
}

std::string line_of(const LogRecord& record, const SecretSet* secrets = nullptr) {
  std::string line;
  append_json_line(line, record, secrets);
  return line;
}

Json parsed(const std::string& line) {
  EXPECT_LE(line.size(), kMaxRecordBytes);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  auto json = Json::parse(line);
  EXPECT_TRUE(json) << line.substr(0, 200);
  return json ? *json : Json();
}

TEST(LogJson, has_the_fields_of_the_format_in_their_order) {
  const LogContext context{.workflow_id = "change-1",
                           .lane = "standard",
                           .stage_id = 4,
                           .stage_name = "Build",
                           .user = "ana",
                           .environment = "ci",
                           .version = "1.2",
                           .run_id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
                           .workflow = "main",
                           .attempt = 2};
  LogRecord record = record_of("hello");
  record.apply(context);
  record.place = {"/x/src/base/text.cpp", 7};
  record.set(LogAttribute{"n", std::int64_t{1}});
  EXPECT_EQ(line_of(record),
            R"({"v":1,"ts":"2026-11-22T11:00:00.000Z","mono_ns":5,"seq":3,"sev":9,"lvl":"info",)"
            R"("event":"log","msg":"hello","trace_id":"017f22e279b07cc398c4dc0c0c07398f",)"
            R"("run":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","wf":"main","change_id":"change-1",)"
            R"("lane":"standard","stage_id":4,"stage_name":"Build","attempt":2,"user":"ana",)"
            R"("environment":"ci","version":"1.2","pid":10,"tid":11,"src":"base/text.cpp:7",)"
            R"("attr":{"n":1}})"
            "\n");
}

TEST(LogJson, leaves_out_what_is_not_known) {
  EXPECT_EQ(line_of(record_of("")),
            R"({"v":1,"ts":"2026-11-22T11:00:00.000Z","mono_ns":5,"seq":3,"sev":9,"lvl":"info",)"
            R"("event":"log","msg":"","pid":10,"tid":11})"
            "\n");
}

TEST(LogJson, user_fields_cannot_overwrite_the_envelope) {
  LogRecord record = record_of("hello");
  for (const char* name : {"msg", "ts", "lvl", "seq", "pid", "v"}) {
    record.set(LogAttribute{name, std::string_view("mine")});
  }
  const Json json = parsed(line_of(record));
  EXPECT_EQ(json["msg"].as_string(), "hello");
  EXPECT_EQ(json["lvl"].as_string(), "info");
  EXPECT_EQ(json["seq"].as_integer(), 3);
  EXPECT_EQ(json["attr"]["msg"].as_string(), "mine");
}

TEST(LogJson, what_is_no_number_is_a_string) {
  LogRecord record = record_of("x");
  record.set(LogAttribute{"nan", std::nan("")});
  record.set(LogAttribute{"inf", std::numeric_limits<double>::infinity()});
  record.set(LogAttribute{"endless", Seconds(-std::numeric_limits<double>::infinity())});
  const Json attr = parsed(line_of(record))["attr"];
  EXPECT_EQ(attr["nan"].as_string(), "NaN");
  EXPECT_EQ(attr["inf"].as_string(), "Infinity");
  EXPECT_EQ(attr["endless_seconds"].as_string(), "-Infinity");
}

TEST(LogJson, bad_bytes_and_odd_paths_do_not_break_it) {
  LogRecord record = record_of("bad \xFF byte\nnew line");
  record.set(LogAttribute{"path", std::string_view("C:\\a\\\"b\"/\xC3")});
  const Json json = parsed(line_of(record));
  EXPECT_EQ(json["msg"].as_string(), "bad \xEF\xBF\xBD byte\nnew line");
  EXPECT_EQ(json["attr"]["path"].as_string(), "C:\\a\\\"b\"/\xEF\xBF\xBD");
}

TEST(LogJson, exception_has_type_message_and_chain) {
  LogRecord record = record_of("failed");
  record.exception = {{"Outer", "o"}, {"Inner", "i"}};
  record.set(LogAttribute{"exception", std::string_view("mine")});
  record.set(LogAttribute{"n", std::int64_t{1}});
  const Json attr = parsed(line_of(record))["attr"];
  EXPECT_EQ(attr["exception"].dump(),
            R"({"type":"Outer","message":"o","chain":[{"type":"Inner","message":"i"}]})");
  EXPECT_EQ(attr["n"].as_integer(), 1);
}

TEST(LogJson, a_long_field_is_cut_and_noted) {
  const std::string text(40'000, 'x');
  LogRecord record = record_of(text);
  record.set(LogAttribute{"log", std::string_view(text)});
  const Json json = parsed(line_of(record));
  EXPECT_EQ(json["msg"].as_string().size(), kMaxFieldBytes);
  EXPECT_EQ(json["attr"]["log"].as_string().size(), kMaxFieldBytes);
  EXPECT_EQ(json["trunc"]["msg"].as_integer(), 40'000);
  EXPECT_EQ(json["trunc"]["attr.log"].as_integer(), 40'000);
}

TEST(LogJson, a_record_stays_in_its_bounds_whatever_comes) {
  const std::string text(kMaxFieldBytes, '\x01');  // each byte becomes six
  std::vector<std::string> keys;
  for (int i = 0; i < 5000; ++i) {
    keys.push_back("some_long_key_of_a_field_" + std::to_string(i));
  }
  LogRecord record = record_of(text);
  record.stage_name = text;
  record.user = text;
  record.exception.assign(16, {"T", text});
  for (const std::string& key : keys) {
    record.attributes.push_back({key, std::string_view(text)});
  }
  const Json json = parsed(line_of(record));
  EXPECT_EQ(json["trunc"]["stage_name"].as_integer(), static_cast<std::int64_t>(kMaxFieldBytes));
  EXPECT_GT(json["trunc"]["fields"].as_integer(), 1000);
}

TEST(LogJson, many_numbers_stay_in_the_bounds_too) {
  std::vector<std::string> keys;
  for (int i = 0; i < 20'000; ++i) {
    keys.push_back("k" + std::to_string(i));
  }
  LogRecord record = record_of("x");
  for (const std::string& key : keys) {
    record.attributes.push_back({key, std::numeric_limits<std::int64_t>::min()});
  }
  const Json json = parsed(line_of(record));
  EXPECT_EQ(json["attr"].members().size() +
                static_cast<std::size_t>(json["trunc"]["fields"].as_integer()),
            20'000U);
}

TEST(LogJson, secrets_are_masked_in_every_value_even_at_a_cut) {
  const SecretSet secrets({"hunter2secret"});
  const std::string text = std::string(kMaxFieldBytes - 5, 'x') + "hunter2secret";
  LogRecord record = record_of(text);
  record.user = "hunter2secret";
  record.exception = {{"T", "hunter2secret"}};
  record.set(LogAttribute{"a", std::string_view("is hunter2secret")});
  const std::string line = line_of(record, &secrets);
  EXPECT_EQ(line.find("hunte"), std::string::npos);
  const Json json = parsed(line);
  EXPECT_EQ(json["user"].as_string(), "***");
  EXPECT_EQ(json["attr"]["a"].as_string(), "is ***");
}

TEST(LogJson, secret_in_a_key_is_masked_and_so_is_its_note) {
  // Bug: keys of fields and of a context's additional pairs were written as they came.
  const SecretSet secrets({"hunter2secret"});
  const std::string text(kMaxFieldBytes + 1, 'x');
  LogRecord record = record_of("x");
  record.set(LogAttribute{"of hunter2secret", std::string_view(text)});
  record.set(LogAttribute{"hunter2secret", Seconds(1)});
  const std::string line = line_of(record, &secrets);
  EXPECT_EQ(line.find("hunte"), std::string::npos);
  const Json json = parsed(line);
  EXPECT_EQ(json["trunc"]["attr.of ***"].as_integer(), static_cast<std::int64_t>(text.size()));
  EXPECT_EQ(json["attr"]["***_seconds"].as_number(), 1);
}

TEST(LogJson, attempt_and_stage_number_are_there_only_where_they_are_known) {
  LogRecord record = record_of("x");
  Json json = parsed(line_of(record));
  EXPECT_FALSE(json.contains("attempt"));
  EXPECT_FALSE(json.contains("stage_id"));
  EXPECT_FALSE(json.contains("attr"));
  EXPECT_FALSE(json.contains("trunc"));
  record.attempt = 2;
  record.stage_id = 0;
  json = parsed(line_of(record));
  EXPECT_EQ(json["attempt"].as_integer(), 2);
  EXPECT_TRUE(json.contains("stage_id"));
}

TEST(LogJson, field_that_just_fits_is_not_cut) {
  const std::string text(kMaxFieldBytes, 'x');
  const Json json = parsed(line_of(record_of(text)));
  EXPECT_EQ(json["msg"].as_string().size(), kMaxFieldBytes);
  EXPECT_FALSE(json.contains("trunc"));
}

}  // namespace
}  // namespace headway
