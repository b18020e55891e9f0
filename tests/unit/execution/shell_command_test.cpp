// simple_command: what runs without a shell, and what does not. (That both are the same is shown
// with real shells in tests/integration.)
#include "execution/shell_command.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using Words = std::vector<std::string>;

TEST(SimpleCommand, plain_words_are_split_at_blanks) {
  EXPECT_EQ(simple_command("ruff  check\t."), (Words{"ruff", "check", "."}));
  EXPECT_EQ(simple_command("cmake --build build -j2 -DA=b\n"),
            (Words{"cmake", "--build", "build", "-j2", "-DA=b"}));
}

TEST(SimpleCommand, quotes_and_escapes_are_taken_off) {
  EXPECT_EQ(simple_command("grep 'a b' \"c $\""), std::nullopt);
  EXPECT_EQ(simple_command("grep 'a $b' \"c'd\" e\\ f ''"),
            (Words{"grep", "a $b", "c'd", "e f", ""}));
  EXPECT_EQ(simple_command("grep \"a\\\"b\\\\c\\$d\\e\""), (Words{"grep", "a\"b\\c$d\\e"}));
}

TEST(SimpleCommand, anything_that_a_shell_may_see_otherwise_goes_to_the_shell) {
  for (const char* script :
       {"",      "  ",         "a;b",   "a|b",  "a&",      "a>b",      "a<b",  "a $b",
        "a `b`", "a (b)",      "a *",   "a ?",  "a [b",    "a ~",      "a #b", "a {b,c}",
        "a !",   "a^b",        "A=b c", "a\nb", "a \\\nb", "a 'b\nc'", "a 'b", "a \"b",
        "a\\",   "a \xc3\xa4", "a\x01", "'' a", "%1",      "-a",       "'a b'"}) {
    EXPECT_EQ(simple_command(script), std::nullopt) << script;
  }
}

TEST(SimpleCommand, builtins_and_reserved_words_go_to_the_shell_however_quoted) {
  for (const char* script : {"echo a",
                             "test a",
                             "[ a",
                             "printf a",
                             "cd a",
                             "true",
                             "kill 1",
                             "time a",
                             "if a",
                             "then a",
                             "'echo' a",
                             "ec\"ho\" a",
                             "\\echo a",
                             "exec a",
                             ". a"}) {
    EXPECT_EQ(simple_command(script), std::nullopt) << script;
  }
  EXPECT_EQ(simple_command("/bin/echo a"), (Words{"/bin/echo", "a"}));
}

TEST(ScriptArgv, what_is_not_simple_is_given_to_the_shell_whole) {
  EXPECT_EQ(script_argv("make test"), (Words{"make", "test"}));
  EXPECT_EQ(script_argv("a\nb\n"), (Words{"/bin/sh", "-e", "-c", "a\nb\n"}));
}

}  // namespace
}  // namespace headway
