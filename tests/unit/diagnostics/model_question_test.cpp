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

TEST(ModelRequest, asks_for_no_format_that_a_service_may_not_know) {
  EXPECT_EQ(model_request("small", question()).find("response_format"), std::string::npos);
}

TEST(ModelRequest, is_bounded_whatever_the_log_is) {
  ModelQuestion long_one = question();
  long_one.lines.assign(10'000, std::string(100, 'x'));
  EXPECT_LT(model_request("small", fitting(long_one)).size(), kMostQuestionBytes + 2000);
}

TEST(FittingQuestion, long_texts_are_cut_between_characters) {
  ModelQuestion long_one = question();
  long_one.command = std::string(5000, 'c');
  long_one.lines = {std::string(kMostTextBytes - 1, 'x') + "\xC3\xA9 and more", "last"};
  const ModelQuestion fit = fitting(long_one);
  EXPECT_EQ(fit.command.size(), kMostTextBytes);
  EXPECT_EQ(fit.lines, (std::vector<std::string>{std::string(kMostTextBytes - 1, 'x'), "last"}));
}

TEST(FittingQuestion, short_question_stays_as_it_is) {
  EXPECT_EQ(fitting(question()).lines, question().lines);
  EXPECT_EQ(fitting(question()).command, question().command);
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

TEST(ModelResponse, quote_of_several_lines_needs_every_one_of_them) {
  const auto answer = read_model_response(
      response(R"({"cause": "x", "quotes": ["3 |     foo x;\nmake: *** [all] Error 1\n"]})"),
      question());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->quoted, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(error_of(response(R"({"cause": "x", "quotes": ["3 |     foo x;\nmade up line"]})")),
            ErrorCode::conflict);
}

TEST(ModelResponse, thoughts_before_the_answer_are_no_part_of_it) {
  const auto answer = read_model_response(
      response(R"(<think>is it {"cause": "a"}?</think>{"cause": "It is b", "quotes": ["foo x;"]})"),
      question());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->text, "It is b.");
}

TEST(ModelResponse, answer_that_was_cut_off_says_so) {
  const auto answer = read_model_response(
      R"({"choices": [{"finish_reason": "length", "message": {"content": "{\"cause\": \"th"}}]})",
      question());
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("longer than"), std::string::npos);
}

TEST(ModelResponse, not_to_know_is_an_answer) {
  EXPECT_EQ(error_of(response(R"({"cause": "unknown"})")), ErrorCode::not_found);
  EXPECT_EQ(error_of(response(R"({"cause": "Unknown."})")), ErrorCode::not_found);
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

TEST(ServiceError, is_told_in_the_words_of_the_service_and_bounded) {
  EXPECT_EQ(service_error(R"({"error": {"message": "no such\nmodel"}})"), "no such model");
  EXPECT_EQ(service_error(R"({"error": "too many requests"})"), "too many requests");
  EXPECT_EQ(service_error("<html>"), "");
  EXPECT_EQ(service_error(R"({"choices": []})"), "");
  EXPECT_EQ(service_error(R"({"error": ")" + std::string(9000, 'x') + R"("})").size(),
            kMostErrorBytes);
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
