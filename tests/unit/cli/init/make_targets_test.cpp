// Which targets a Makefile has, as far as its text tells.
#include "cli/init/make_targets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using testing::ElementsAre;

std::vector<std::string> names(std::string_view makefile) {
  std::vector<std::string> all;
  for (const MakeTarget& target : make_targets(makefile)) {
    all.push_back(target.name);
  }
  return all;
}

TEST(MakeTargets, rules_are_found_in_their_order) {
  EXPECT_THAT(names("all: app\n\napp: a.o b.o\n\tcc -o $@ $^\nclean::\n\trm -f app\n"),
              ElementsAre("all", "app", "clean"));
}

TEST(MakeTargets, assignments_comments_and_recipes_are_no_rules) {
  EXPECT_THAT(names("A := x:y\nB ?= c:d\nC ::= e\nURL = http://x\n# test: no\nall: ; echo a:b\n"
                    "\techo test:\nall: CFLAGS = -O2\ndefine T\nlint: x\nendef\n"),
              ElementsAre("all"));
}

TEST(MakeTargets, special_targets_patterns_and_variables_are_left_out) {
  EXPECT_THAT(names(".PHONY: all test\n%.o: %.c\n\tcc\n$(BIN): x\nall:\n"), ElementsAre("all"));
}

TEST(MakeTargets, several_targets_of_one_rule_share_its_recipe) {
  const auto targets = make_targets("check test: app\r\n\tpytest \\\n\t  -q\r\ncheck: ; true\n");
  ASSERT_EQ(targets.size(), 2U);
  EXPECT_EQ(targets[0].recipe, "pytest \t  -q\n true\n");
  EXPECT_EQ(targets[1].recipe, "pytest \t  -q\n");
}

TEST(MakeTargets, lines_between_rule_and_recipe_change_nothing) {
  EXPECT_EQ(make_targets("test:\n\n# note\n\tnpm test\n").at(0).recipe, "npm test\n");
  EXPECT_TRUE(make_targets("").empty());
}

}  // namespace
}  // namespace headway::cli
