// An explanation as fields of JSON, and read back.
#include "model/failure_explained.hpp"

#include "base/json.hpp"
#include "base/json_writer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

FailureExplained example() {
  return {.category = "test_failure",
          .confidence = 0.75,
          .lines = 120,
          .anchor_line = 41,
          .excerpt = {{.first = 40, .last = 41, .text = "--- FAIL\n  got 3"}},
          .suggestions = {{.id = "go.test",
                           .text = "Test A failed.",
                           .command = "go test",
                           .source = "rule",
                           .confidence = 0.9,
                           .evidence_lines = {40, 41}}}};
}

Json written(const FailureExplained& explained, const SecretSet* secrets = nullptr) {
  std::string text;
  JsonWriter json(text, secrets);
  json.begin_object();
  write_explained(json, explained);
  json.end_object();
  auto parsed = Json::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : Json();
}

TEST(FailureExplained, what_is_written_is_read_back) {
  EXPECT_EQ(read_explained(written(example())), example());
}

TEST(FailureExplained, unknown_cause_without_lines_is_read_back) {
  const FailureExplained unknown;
  const Json json = written(unknown);
  EXPECT_TRUE(json["anchor_line"].is_null());
  EXPECT_EQ(read_explained(json), unknown);
}

TEST(FailureExplained, secrets_are_masked_in_all_that_is_free_text) {
  FailureExplained explained = example();
  explained.excerpt[0].text = "token hunter2hunter2";
  explained.suggestions[0].text = "hunter2hunter2 was refused";
  explained.suggestions[0].command = "login hunter2hunter2";
  const SecretSet secrets({"hunter2hunter2"});
  const FailureExplained masked = read_explained(written(explained, &secrets));
  EXPECT_EQ(masked.excerpt[0].text.find("hunter2"), std::string::npos);
  EXPECT_EQ(masked.suggestions[0].text.find("hunter2"), std::string::npos);
  EXPECT_EQ(masked.suggestions[0].command.find("hunter2"), std::string::npos);
}

TEST(FailureExplained, of_damaged_fields_what_there_is_is_kept) {
  const auto damaged = Json::parse(
      R"({"category": 3, "attempt": -5, "excerpt": [{"first": "x"}, 7], "suggestions": {"a": 1}})");
  ASSERT_TRUE(damaged);
  const FailureExplained explained = read_explained(*damaged);
  EXPECT_EQ(explained.attempt, 1);
  EXPECT_EQ(explained.anchor_line, 0);
  EXPECT_EQ(explained.excerpt.size(), 2U);
}

}  // namespace
}  // namespace headway
