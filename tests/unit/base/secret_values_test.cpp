// Which variables hold a secret.
#include "base/secret_values.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using Values = std::vector<std::string>;

bool is_taken(const std::string& name) {
  return !secret_values({{name, "value"}}, {}).empty();
}

TEST(SecretValues, names_that_look_secret_are_taken) {
  for (const char* name : {"GITHUB_TOKEN",
                           "NPM_TOKEN_2",
                           "DB_PASSWORD",
                           "db_passwd",
                           "CLIENT_SECRET",
                           "API_KEY",
                           "GH_PAT",
                           "AWS_SECRET_ACCESS_KEY",
                           "APP_CREDENTIALS",
                           "SigningPassphrase",
                           "PGPASSWORD"}) {
    EXPECT_TRUE(is_taken(name)) << name;
  }
}

TEST(SecretValues, names_that_say_where_or_how_are_left) {
  for (const char* name : {"SSH_AUTH_SOCK",
                           "SSL_KEY_FILE",
                           "TOKEN_PATH",
                           "KEYBOARD_LAYOUT",
                           "XKB_KEYBOARD_KEY",
                           "PATH",
                           "HOME",
                           "PWD",
                           "OLDPWD",
                           "KEY",
                           "MONKEY",
                           "PATTERN",
                           "TOKEN_URL",
                           "SECRET_NAME",
                           "GOOGLE_CREDENTIALS_FILE"}) {
    EXPECT_FALSE(is_taken(name)) << name;
  }
}

TEST(SecretValues, patterns_win_over_names) {
  const Values values = secret_values(
      {{"MY_VAR", "aaa"}, {"X_PASSPORT", "bbb"}, {"TOKEN_PATH", "ccc"}, {"OTHER", "ddd"}},
      {"MY_VAR", "*_PASSPORT", "TOKEN_*"});
  EXPECT_EQ(values, (Values{"aaa", "bbb", "ccc"}));
}

TEST(SecretValues, are_sorted_without_doubles_and_empty_ones) {
  EXPECT_EQ(
      secret_values({{"A_TOKEN", "zz"}, {"B_TOKEN", ""}, {"C_TOKEN", "aa"}, {"D_TOKEN", "zz"}}, {}),
      (Values{"aa", "zz"}));
}

}  // namespace
}  // namespace headway
