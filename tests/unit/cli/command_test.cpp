// Names of flags, and how a further command finds the same workflow.
#include "cli/command.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

Flag flag(std::string names) {
  return {.names = std::move(names), .value_name = "", .help = ""};
}

TEST(LongName, last_spelling_is_the_one_of_messages) {
  EXPECT_EQ(long_name(flag("-k,--keep-going")), "--keep-going");
  EXPECT_EQ(long_name(flag("--lane")), "--lane");
  EXPECT_EQ(long_name(flag("-C")), "-C");
}

TEST(AllNames, every_spelling_in_order) {
  const Flag both = flag("-k,--keep-going");
  EXPECT_EQ(all_names(both), (std::vector<std::string_view>{"-k", "--keep-going"}));
}

TEST(IsBuilt, flag_without_a_target_is_only_known) {
  bool on = false;
  std::string text;
  Flag known = flag("--junit");
  EXPECT_FALSE(is_built(known));
  known.on = &on;
  EXPECT_TRUE(is_built(known));
  known.on = nullptr;
  known.text = &text;
  EXPECT_TRUE(is_built(known));
}

TEST(ProgramWords, flags_that_find_the_workflow_are_repeated_and_quoted) {
  GlobalOptions options;
  EXPECT_EQ(program_words(options), "headway");
  options.directory = "my dir";
  EXPECT_EQ(program_words(options), "headway -C 'my dir'");
  options.file = "it's.yaml";
  EXPECT_EQ(program_words(options), "headway -C 'my dir' -f 'it'\\''s.yaml'");
  options.directory.clear();
  options.file = "ci.yaml";
  EXPECT_EQ(program_words(options), "headway -f ci.yaml");
}

}  // namespace
}  // namespace headway::cli
