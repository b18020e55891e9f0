// What would be asked, as it is shown before anything is sent.
#include "cli/text/model_text.hpp"

#include "base/json.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

ModelRequest request() {
  ModelRequest request;
  request.service = {.address = "http://localhost:1/v1", .model = "small", .key = "the-key"};
  request.key_variable = "MODEL_KEY";
  request.asked.question = {"unit", "make", "exit code 2", "unknown", {"one \x1b[31m", "two"}};
  request.asked.body = model_request("small", request.asked.question);
  return request;
}

TEST(ModelRequestText, has_the_place_the_body_as_it_is_sent_and_its_lines) {
  const std::string text = model_request_text(request());
  EXPECT_TRUE(text.starts_with("POST http://localhost:1/v1/chat/completions  (this machine)\n"));
  EXPECT_TRUE(has(text, "\n\n" + request().asked.body + "\n\n")) << text;
  EXPECT_TRUE(has(text, "\n  Command: make\n  Log:\n")) << text;
  EXPECT_TRUE(has(text, "\n  two\n")) << text;
  EXPECT_TRUE(has(text, "nothing was sent"));
}

TEST(ModelRequestText, key_and_control_characters_are_not_shown) {
  const std::string text = model_request_text(request());
  EXPECT_FALSE(has(text, "the-key"));
  EXPECT_TRUE(has(text, "Authorization: Bearer $MODEL_KEY\n")) << text;
  EXPECT_FALSE(has(text, "\x1b"));
  ModelRequest open = request();
  open.key_variable.clear();
  EXPECT_FALSE(has(model_request_text(open), "Authorization"));
}

TEST(ModelRequestDocument, body_is_the_one_that_is_sent) {
  const std::string text = model_request_document(request());
  EXPECT_TRUE(has(text, request().asked.body)) << text;
  const auto document = Json::parse(text);
  ASSERT_TRUE(document) << text;
  EXPECT_EQ((*document)["format"].as_integer(), 1);
  EXPECT_EQ((*document)["method"].as_string(), "POST");
  EXPECT_EQ((*document)["url"].as_string(), "http://localhost:1/v1/chat/completions");
  EXPECT_TRUE((*document)["on_this_machine"].as_bool());
  EXPECT_EQ((*document)["headers"]["Authorization"].as_string(), "Bearer $MODEL_KEY");
  EXPECT_TRUE((*document)["refusal"].is_null());
  EXPECT_FALSE(has(text, "the-key"));
}

TEST(ModelRequestDocument, says_why_it_would_not_be_sent) {
  ModelRequest unset = request();
  unset.service.key.clear();
  const auto document = Json::parse(model_request_document(unset));
  ASSERT_TRUE(document);
  EXPECT_TRUE(has((*document)["refusal"].as_string(), "'MODEL_KEY'"));
  EXPECT_FALSE(has(model_request_text(unset), "nothing was sent"));
}

TEST(AskingText, says_who_where_and_how_long) {
  EXPECT_EQ(asking_text({.address = "http://localhost:1/v1", .model = "small"}),
            "asking the language model 'small' at http://localhost:1/v1, 60 s at most");
}

}  // namespace
}  // namespace headway::cli
