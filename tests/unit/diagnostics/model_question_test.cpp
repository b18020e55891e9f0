// What a model is asked, and what of its answer is believed.
#include "diagnostics/model_question.hpp"

#include "base/json.hpp"
#include "base/json_writer.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

ModelQuestion question() {
  return {"build",
          "make all",
          "exit code 2",
          "unknown",
          {"main.c:3:5: error: unknown type name 'foo'",
           "    3 |     foo x;",
           "make: *** [all] Error 1"}};
}

// A response whose message has that content.
std::string response(const std::string& content) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("choices").begin_array().begin_object().key("message").begin_object();
  json.field("role", "assistant").field("content", content);
  json.end_object().end_object().end_array().end_object();
  return text;
}

ErrorCode error_of(const std::string& body) {
  const auto answer = read_model_response(body, question());
  EXPECT_FALSE(answer) << body;
  return answer ? ErrorCode::internal : answer.error().code;
}

TEST(ModelRequest, has_the_lines_and_what_is_known) {
  const auto request = Json::parse(model_request("small", question()));
  ASSERT_TRUE(request);
  EXPECT_EQ((*request)["model"].as_string(), "small");
  EXPECT_EQ((*request)["temperature"].as_number(), 0);
  const auto& messages = (*request)["messages"].items();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0]["role"].as_string(), "system");
  const std::string& asked = messages[1]["content"].as_string();
  EXPECT_NE(asked.find("make: *** [all] Error 1\n"), std::string::npos);
  EXPECT_NE(asked.find("Command: make all\n"), std::string::npos);
  EXPECT_NE(asked.find("Outcome: exit code 2\n"), std::string::npos);
}

TEST(ModelRequest, is_bounded_whatever_the_log_is) {
  ModelQuestion long_one = question();
  long_one.lines.assign(10'000, std::string(100, 'x'));
  EXPECT_LT(model_request("small", long_one).size(), kMostQuestionBytes + 2000);
}

TEST(ModelResponse, answer_that_quotes_the_log_is_taken) {
  const auto answer = read_model_response(
      response(
          "```json\n{\"cause\": \"The type foo is\\n not declared.\", \"next_step\": \"Include its "
          "header.\", \"command\": \"grep -rn foo include\", \"quotes\": [\"error:  unknown type "
          "name 'foo'\", \"make: *** [all] Error 1\"]}\n```"),
      question());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->text, "The type foo is not declared. Include its header.");
  EXPECT_EQ(answer->command, "grep -rn foo include");
  EXPECT_EQ(answer->quoted, (std::vector<std::size_t>{0, 2}));
}

TEST(ModelResponse, answer_that_quotes_what_is_not_there_is_not_believed) {
  EXPECT_EQ(
      error_of(response(R"({"cause": "x", "quotes": ["error: undefined reference to bar"]})")),
      ErrorCode::conflict);
  EXPECT_EQ(error_of(response(R"({"cause": "x", "quotes": []})")), ErrorCode::conflict);
  EXPECT_EQ(error_of(response(R"({"cause": "x"})")), ErrorCode::conflict);
  EXPECT_EQ(error_of(response(R"({"cause": "x", "quotes": ["all"]})")),
            ErrorCode::conflict);  // anywhere
}

TEST(ModelResponse, not_to_know_is_an_answer) {
  EXPECT_EQ(error_of(response(R"({"cause": "unknown"})")), ErrorCode::not_found);
  EXPECT_EQ(error_of(response("{}")), ErrorCode::not_found);
}

TEST(ModelResponse, nonsense_is_refused) {
  for (const char* body :
       {"", "<html>", "{}", R"({"choices": []})", R"({"choices": [{"message": 3}]})"}) {
    EXPECT_EQ(error_of(body), ErrorCode::parse) << body;
  }
  EXPECT_EQ(error_of(response("I think that")), ErrorCode::parse);
  const auto refused =
      read_model_response(R"({"error": {"message": "no such\nmodel"}})", question());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("no such model"), std::string::npos);
}

TEST(ModelResponse, command_of_several_lines_and_control_characters_are_dropped) {
  const auto answer = read_model_response(
      response(R"({"cause": "a \u001b[31m b", "command": "one\ntwo", "quotes": ["foo x;"]})"),
      question());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->command, "");
  EXPECT_EQ(answer->text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace headway
