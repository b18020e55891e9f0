// read_user_config: settings below those of the environment, and the model's.
#include "cli/project/user_config.hpp"

#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using cli::EnvironmentSettings;

std::vector<Problem> read(std::string_view text, EnvironmentSettings& settings) {
  return cli::read_user_config(text, "c.yaml", settings);
}

// The one mistake of the text.
std::string mistake(std::string_view text) {
  EnvironmentSettings settings;
  const auto problems = read(text, settings);
  return problems.size() == 1 ? to_string(problems.front())
                              : std::to_string(problems.size()) + " mistakes";
}

TEST(UserConfig, fills_only_what_the_environment_does_not_set) {
  EnvironmentSettings settings{.jobs = "2"};
  EXPECT_TRUE(read("jobs: 50%\noutput: plain\ncolor: never\nstate_dir: /s\n", settings).empty());
  EXPECT_EQ(settings.jobs, "2");
  EXPECT_EQ(settings.output, "plain");
  EXPECT_EQ(settings.color, "never");
  EXPECT_EQ(settings.state_directory, "/s");
}

TEST(UserConfig, empty_file_and_one_of_comments_say_nothing) {
  EnvironmentSettings settings;
  EXPECT_TRUE(read("", settings).empty());
  EXPECT_TRUE(read("# nothing\n", settings).empty());
  EXPECT_TRUE(settings.model.address.empty());
}

TEST(UserConfig, model_has_address_name_and_the_variable_of_its_key) {
  EnvironmentSettings settings;
  EXPECT_TRUE(
      read("model: {address: 'http://[::1]:8080/v1/', name: m, key_variable: KEY}\n", settings)
          .empty());
  EXPECT_EQ(settings.model.address, "http://[::1]:8080/v1");
  EXPECT_EQ(settings.model.name, "m");
  EXPECT_EQ(settings.model.key_variable, "KEY");
  EXPECT_FALSE(settings.model.is_remote);
  EXPECT_EQ(settings.model.timeout, std::chrono::seconds(60));
}

TEST(UserConfig, model_may_be_on_another_machine_and_slow) {
  EnvironmentSettings settings;
  EXPECT_TRUE(
      read("model: {address: 'https://h/v1', name: m, remote: true, timeout: 5m}\n", settings)
          .empty());
  EXPECT_TRUE(settings.model.is_remote);
  EXPECT_EQ(settings.model.timeout, std::chrono::minutes(5));
  EXPECT_TRUE(has(mistake("model: {name: m, address: 'http://h', remote: perhaps}\n"),
                  "'remote' of 'model' must be true or false"));
  EXPECT_TRUE(has(mistake("model: {name: m, address: 'http://h', timeout: 100ms}\n"),
                  "'timeout' of 'model' must be from 1s to 1h"));
}

TEST(UserConfig, password_in_an_address_is_refused_and_not_repeated) {
  const std::string told = mistake("model: {name: m, address: 'http://ana:hunter2@h/v1'}\n");
  EXPECT_TRUE(has(told, "'address' of 'model' must have no user and no password in it")) << told;
  EXPECT_FALSE(has(told, "hunter2")) << told;
}

TEST(UserConfig, model_without_address_or_name_is_refused) {
  EXPECT_EQ(mistake("model: {name: m}\n"), "c.yaml:1:8: 'model' has no 'address'");
  EXPECT_EQ(mistake("model: {address: 'http://h'}\n"), "c.yaml:1:8: 'model' has no 'name'");
  EXPECT_TRUE(has(mistake("model: m\n"), "'model' must be a mapping"));
}

TEST(UserConfig, address_that_is_none_and_a_key_in_place_of_its_variable_are_refused) {
  for (const char* address : {"h", "ftp://h", "http://", "http:///v1", "'http://a b'"}) {
    EXPECT_TRUE(has(mistake(std::string("model: {name: m, address: ") + address + "}\n"),
                    "'address' of 'model' must be an address such as"))
        << address;
  }
  EXPECT_EQ(mistake("model: {name: m, address: 'http://h', key_variable: sk-12}\n"),
            "c.yaml:1:53: 'key_variable' of 'model' must be the name of an environment variable");
}

TEST(UserConfig, unknown_keys_are_told_with_the_nearest) {
  EXPECT_EQ(mistake("model: {name: m, address: 'http://h', key: K}\n"),
            "c.yaml:1:39: 'model' has unknown key 'key'");
  EXPECT_EQ(mistake("colour: never\n"),
            "c.yaml:1:1: file 'c.yaml' has unknown key 'colour' (did you mean 'color'?)");
}

}  // namespace
}  // namespace headway
