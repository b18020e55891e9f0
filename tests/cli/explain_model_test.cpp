// `headway explain` with a language model: what is sent, what of the answer is believed, and that
// an explanation stands without one. The service is a fake on loopback.
#include "support/fake_model.hpp"
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

constexpr const char* kLog =
    "$ frobnicate --all\n"
    "frobnicate: the flux of widget 7 is inverted\n"
    "error: frobnication failed\n";
constexpr const char* kGood =
    R"({"cause": "The flux is inverted", "next_step": "Turn the widget.", )"
    R"("command": "touch ran-by-headway", "quotes": ["the flux of widget 7 is inverted"]})";

class ExplainModelTest : public testing::Test {
 protected:
  ExplainModelTest() {
    program.write("build.log", kLog);
    configure("");
  }

  // The user's configuration, with further keys of `model`.
  void configure(const std::string& more) {
    program.write("../.config/headway/config.yaml",
                  "model: {name: small, address: '" + model.address() + "'" + more + "}\n");
  }
  ProgramResult explain(std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"explain", "build.log"});
    return program.run(words);
  }
  // The explanation stands, and one line says why the model has no part in it.
  void expect_none(const std::string& why) {
    const ProgramResult result = explain();
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_TRUE(has(result.out, "2 | frobnicate: the flux")) << result.out;
    EXPECT_FALSE(has(result.out, "language model")) << result.out;
    EXPECT_TRUE(has(result.err, why)) << result.err;
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  }

  FakeModel model;
  Program program;
};

TEST_F(ExplainModelTest, answer_that_quotes_the_log_is_the_last_advice) {
  model.say(kGood);
  const ProgramResult result = explain();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(
      result.out.ends_with("- The flux is inverted. Turn the widget.\n"
                           "    touch ran-by-headway\n"
                           "  a guess, not measured, language model small, line 2; read the "
                           "command before you use it\n"))
      << result.out;
}

TEST_F(ExplainModelTest, document_has_the_advice_and_nothing_was_executed) {
  model.say(kGood);
  const Json document = explain({"--json"}).json();
  ASSERT_FALSE(document["suggestions"].items().empty());
  const Json& advice = document["suggestions"].items().back();
  EXPECT_EQ(advice["source"].as_string(), "model");
  EXPECT_EQ(advice["id"].as_string(), "model.small");
  EXPECT_EQ(advice["command"].as_string(), "touch ran-by-headway");
  EXPECT_LT(advice["confidence"].as_number(), 0.4);
  ASSERT_EQ(advice["evidence_lines"].items().size(), 1U);
  EXPECT_EQ(advice["evidence_lines"].items()[0].as_integer(), 2);
  EXPECT_FALSE(std::filesystem::exists(program.path("ran-by-headway")));
}

TEST_F(ExplainModelTest, dry_run_shows_the_very_bytes_and_sends_none) {
  const ProgramResult shown = explain({"--dry-run"});
  EXPECT_EQ(shown.exit_code, 0);
  EXPECT_TRUE(has(shown.out, "POST " + model.address() + "/chat/completions")) << shown.out;
  const Json document = explain({"-n", "--json"}).json();
  EXPECT_EQ(model.requests(), "");
  model.say(kGood);
  explain();
  EXPECT_TRUE(has(shown.out, "\n" + model.body() + "\n")) << shown.out;
  EXPECT_EQ(document["body"].dump(), Json::parse(model.body())->dump());
  EXPECT_TRUE(has(model.requests(), "POST /v1/chat/completions HTTP/1.1\r\n"));
}

TEST_F(ExplainModelTest, dry_run_without_a_model_says_how_to_name_one) {
  program.set("HEADWAY_CONFIG", "/dev/null");
  const ProgramResult result = explain({"--dry-run"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(has(result.err, "none is configured")) << result.err;
  EXPECT_TRUE(has(result.err, "address: ")) << result.err;
  EXPECT_EQ(explain().err, "");
}

TEST_F(ExplainModelTest, dry_run_with_what_asks_no_model_is_refused) {
  EXPECT_EQ(explain({"--dry-run", "--no-model"}).exit_code, 2);
  EXPECT_EQ(program.run({"explain", "--dry-run", "--rule", "net.dns"}).exit_code, 2);
}

TEST_F(ExplainModelTest, nothing_is_asked_where_nothing_failed_or_by_no_model) {
  model.say(kGood);
  EXPECT_TRUE(has(explain({"--exit-code", "0"}).out, "nothing failed"));
  EXPECT_FALSE(has(explain({"--no-model"}).out, "language model"));
  EXPECT_EQ(model.requests(), "");
}

// Secrets by the workflow file, by the name of a variable, by their looks; and who and where one
// is.
TEST_F(ExplainModelTest, no_secret_is_in_any_byte_of_the_request) {
  const std::string home = program.path().substr(0, program.path().rfind('/'));
  const std::vector<std::string> canaries{"canary-by-file",
                                          "canary-by-name",
                                          "canary-of-the-key",
                                          "ghp_0123456789abcdefghijABCDEFGHIJ012345"};
  program.set("PLAIN_NAME", canaries[0]);
  program.set("DEPLOY_TOKEN", canaries[1]);
  program.set("OPENS_IT", canaries[2]);
  program.write("headway.yaml",
                "version: 1\nsecrets: [PLAIN_NAME]\nstages:\n"
                "  build: {run: 'cat build.log; : canary-by-file; exit 1'}\n");
  configure(", key_variable: OPENS_IT");
  std::string log = kLog;
  for (const std::string& canary : canaries) {
    log += "error: frobnication failed of " + canary + " in " + home + "/x\n";
  }
  log += "error: frobnication failed at https://ana:pAssw0rdOfTheUrl@example.org/\n";
  program.write("build.log", log);
  model.say(kGood);
  explain();
  program.run({"run"});
  program.run({"explain"});
  const std::string requests = model.requests();
  EXPECT_TRUE(has(requests, "Authorization: Bearer canary-of-the-key\r\n")) << requests;
  EXPECT_TRUE(has(requests, "Stage: build")) << requests;
  EXPECT_TRUE(has(requests, "frobnication failed")) << requests;
  std::string without_key = requests;
  for (std::size_t at; (at = without_key.find("Bearer canary-of-the-key")) != std::string::npos;) {
    without_key.erase(at, 24);
  }
  for (const std::string& canary : canaries) {
    EXPECT_FALSE(has(without_key, canary)) << canary << "\n" << without_key;
  }
  EXPECT_FALSE(has(without_key, "pAssw0rdOfTheUrl")) << without_key;
  EXPECT_FALSE(has(without_key, home)) << without_key;
}

TEST_F(ExplainModelTest, secrets_of_a_broken_workflow_file_are_not_known_so_nothing_is_sent) {
  program.write("headway.yaml", "version: 1\nsecrets: [PLAIN_NAME]\nstages: {build: {rum: x}}\n");
  model.say(kGood);
  const ProgramResult result = explain();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.err, "what is secret is not known")) << result.err;
  EXPECT_EQ(model.requests(), "");
}

TEST_F(ExplainModelTest, key_that_is_not_set_is_told_and_nothing_is_sent) {
  configure(", key_variable: OPENS_IT");
  const ProgramResult result = explain();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.out, "cause: ")) << result.out;
  EXPECT_TRUE(has(result.err, "the variable 'OPENS_IT' of its key is not set")) << result.err;
  EXPECT_EQ(explain({"--dry-run"}).exit_code, 2);
  EXPECT_EQ(model.requests(), "");
}

TEST_F(ExplainModelTest, another_machine_is_asked_only_by_leave) {
  program.write("../.config/headway/config.yaml",
                "model: {name: small, address: 'https://model.invalid/v1'}\n");
  const ProgramResult refused = explain();
  EXPECT_EQ(refused.exit_code, 0);
  EXPECT_TRUE(has(refused.err, "it is not this machine")) << refused.err;
  EXPECT_TRUE(has(refused.err, "remote: true")) << refused.err;
  const ProgramResult shown = explain({"--dry-run", "--json"});
  EXPECT_EQ(shown.exit_code, 2);
  EXPECT_TRUE(has(shown.json()["refusal"].as_string(), "not this machine"));
  EXPECT_FALSE(shown.json()["on_this_machine"].as_bool());
}

TEST_F(ExplainModelTest, model_that_lies_is_not_believed) {
  model.say(R"({"cause": "The disk is full", "quotes": ["No space left on device"]})");
  expect_none("it quotes what is not in the log");
  model.say(R"({"cause": "The disk is full", "quotes": []})");
  expect_none("it quotes nothing of the log");
  model.say(R"({"cause": "unknown"})");
  expect_none("the model does not know one either");
}

TEST_F(ExplainModelTest, service_that_gives_no_answer_is_told) {
  model.serve("500", R"({"error": {"message": "out of widgets"}})");
  expect_none("HTTP status 500: out of widgets");
  model.serve("200", "<html>hello</html>");
  expect_none("it is no JSON");
  model.say("I think that the flux is inverted.");
  expect_none("not the JSON that was asked for");
  model.serve("200", std::string(1 << 20, ' '));
  expect_none("over 256 KiB");
}

TEST_F(ExplainModelTest, service_that_is_slow_or_has_no_end_is_given_up) {
  configure(", timeout: 1s");
  model.serve("hang", "");
  expect_none("ask the model at " + model.address());
  model.serve("endless", "");
  expect_none("ask the model at " + model.address());
}

TEST_F(ExplainModelTest, service_that_is_not_there_is_told) {
  program.write("../.config/headway/config.yaml",
                "model: {name: small, address: 'http://127.0.0.1:1/v1'}\n");
  expect_none("ask the model at http://127.0.0.1:1/v1: curl: (7)");
}

// The explanation is there before the answer; nothing is left that still talks to the service.
TEST_F(ExplainModelTest, interrupt_ends_the_question_and_leaves_nothing_running) {
  for (const int signal : {SIGINT, SIGKILL}) {
    FakeModel slow;
    slow.serve("hang", "");
    program.write("../.config/headway/config.yaml",
                  "model: {name: small, address: '" + slow.address() + "'}\n");
    Program::Process process = program.start({"explain", "build.log"});
    EXPECT_TRUE(eventually([&] { return !slow.requests().empty(); }));
    EXPECT_TRUE(has(process.out(), "cause: ")) << process.out();
    process.send(signal);
    EXPECT_EQ(process.wait().exit_code, 128 + signal);
    EXPECT_TRUE(eventually([&] { return slow.was_left(); }));
  }
}

TEST_F(ExplainModelTest, run_asks_nobody) {
  program.write("headway.yaml", "version: 1\nstages:\n  build: {run: 'cat build.log; exit 1'}\n");
  model.say(kGood);
  EXPECT_EQ(program.run({"run"}).exit_code, 1);
  EXPECT_EQ(model.requests(), "");
}

}  // namespace
}  // namespace headway
