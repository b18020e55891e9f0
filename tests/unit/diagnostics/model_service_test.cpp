// What is sent to a model, and where it may not be sent.
#include "diagnostics/model_service.hpp"

#include "base/json.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(ModelService, loopback_is_told_by_the_address_alone) {
  for (const char* address : {"http://localhost:8080/v1",
                              "http://LocalHost/v1",
                              "https://127.0.0.1",
                              "http://127.8.9.1:1/x",
                              "http://[::1]:8080/v1"}) {
    EXPECT_TRUE(is_on_this_machine(address)) << address;
  }
  for (const char* address : {"http://example.com/v1",
                              "http://localhost.example.com",
                              "http://127.0.0.1.example.com",
                              "http://127.0.0.1@example.com/",
                              "http://localhost:80@example.com/",
                              "http://example.com#@localhost",
                              "http://example.com\\@localhost",
                              "http://10.0.0.1",
                              "http://[::2]",
                              "http://0.0.0.0",
                              "file:///etc/passwd",
                              "localhost:8080",
                              "http://",
                              ""}) {
    EXPECT_FALSE(is_on_this_machine(address)) << address;
  }
}

TEST(ModelService, another_machine_needs_leave_and_a_key_needs_encryption) {
  EXPECT_TRUE(check_model_service({"http://localhost:1/v1", "m", "key"}));
  const auto refused = check_model_service({"https://model.example/v1", "m", "key"});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("not this machine"), std::string::npos);
  ModelService remote{"https://model.example/v1", "m", "key", true};
  EXPECT_TRUE(check_model_service(remote));
  remote.address = "http://model.example/v1";
  EXPECT_FALSE(check_model_service(remote));
  remote.key.clear();
  EXPECT_TRUE(check_model_service(remote));
}

TEST(ModelService, what_is_no_address_no_name_or_no_key_is_refused) {
  EXPECT_FALSE(check_model_service({"ftp://localhost", "m"}));
  EXPECT_FALSE(check_model_service({"http://user:word@localhost", "m"}));
  EXPECT_FALSE(check_model_service({"http://localhost", ""}));
  EXPECT_FALSE(check_model_service({"http://localhost", "m", "key\nurl = x"}));
}

TEST(ModelService, a_question_is_redacted_and_its_lines_stay_lines) {
  Redactor redactor(SecretSet({"hunter2hunter2"}), {"/users/ana", "ana", "box"});
  const std::string key = "-----BEGIN " + std::string("PRIVATE KEY-----");
  const ModelQuestion question{"deploy",
                               "curl -H 'Authorization: Bearer abcdefghijkl1'",
                               "exit code 2 at box",
                               "unknown",
                               {"/users/ana/x: hunter2hunter2", key, "MIIEabcdefgh", "last line"}};
  const RedactedQuestion asked = redact_question(question, {"http://localhost", "m"}, redactor);
  ASSERT_EQ(asked.question.lines.size(), 4U);
  EXPECT_EQ(asked.question.lines[0], "~/x: ***");
  EXPECT_EQ(asked.question.lines[3], "last line");
  for (const char* secret : {"hunter2", "MIIE", "abcdefghijkl1", "ana", "box"}) {
    EXPECT_EQ(asked.body.find(secret), std::string::npos) << secret << asked.body;
  }
  EXPECT_EQ(asked.body, model_request("m", asked.question));
}

// Half of a secret is none that a redactor finds: lines are cut when it has seen them.
TEST(ModelService, a_line_is_cut_after_it_was_redacted) {
  Redactor redactor(SecretSet({"hunter2hunter2"}));
  const std::string lead(kMostTextBytes - 7, 'x');
  const RedactedQuestion asked =
      redact_question({"", "", "it failed", "unknown", {lead + "hunter2hunter2"}},
                      {"http://localhost", "m"},
                      redactor);
  EXPECT_EQ(asked.body.find("hunter"), std::string::npos) << asked.body;
  EXPECT_EQ(asked.question.lines[0], lead + "***");
}

TEST(ModelService, address_with_what_curl_might_read_otherwise_is_none) {
  EXPECT_TRUE(is_model_address("http://localhost:8080/v1"));
  EXPECT_TRUE(is_model_address("https://[::1]/v1/"));
  for (const char* address :
       {"", "localhost", "http://", "http:///v1", "http://a b", "http://u:p@h", "http://h?a=b"}) {
    EXPECT_FALSE(is_model_address(address)) << address;
  }
}

TEST(CurlConfiguration, says_all_and_nothing_can_end_a_value) {
  const std::string text =
      curl_configuration({"http://localhost:1/v1", "m", "the-key"}, "{\"a\":\"\\n\"}\nurl = x");
  EXPECT_NE(text.find("url = \"http://localhost:1/v1/chat/completions\"\n"), std::string::npos);
  EXPECT_NE(text.find("header = \"Authorization: Bearer the-key\"\n"), std::string::npos);
  EXPECT_NE(text.find("data-raw = \"{\\\"a\\\":\\\"\\\\n\\\"}\\nurl = x\"\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("noproxy = \"*\""), std::string::npos);
}

TEST(CurlConfiguration, proxies_are_for_other_machines_and_no_key_is_no_header) {
  const std::string text = curl_configuration({"https://model.example/v1", "m", "", true}, "{}");
  EXPECT_EQ(text.find("noproxy"), std::string::npos);
  EXPECT_EQ(text.find("Authorization"), std::string::npos);
}

}  // namespace
}  // namespace headway
