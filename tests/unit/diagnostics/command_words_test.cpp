// What is read from a command's text: never more than is sure.
#include "diagnostics/command_words.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

// "git? make" : the programs, with '?' behind those that may not be needed.
std::string programs(std::string_view script) {
  std::string text;
  for (const CommandWord& word : programs_of_script(script)) {
    text += (text.empty() ? "" : " ") + word.program + (word.is_certain ? "" : "?");
  }
  return text;
}

TEST(CommandWords, commands_one_after_the_other_are_all_needed) {
  EXPECT_EQ(programs("make\nctest; git status && npm ci | tee log &\nwait"),
            "make ctest git npm tee");
}

TEST(CommandWords, what_stands_beside_or_is_not_certain) {
  EXPECT_EQ(programs("cargo build || make\nninja"), "cargo? make? ninja");
}

TEST(CommandWords, branches_loops_and_functions_are_not_certain) {
  EXPECT_EQ(programs("if grep -q x f; then go build; else zig build; fi; make"),
            "grep? go? zig? make");
  EXPECT_EQ(programs("for f in *.c; do gcc $f; done\nld x"), "gcc? ld");
  EXPECT_EQ(programs("while read l; do curl $l; done"), "curl?");
  EXPECT_EQ(programs("build() { scons; }\nbuild\nmake"), "scons? make");
  EXPECT_EQ(programs("function go_on { scons; }\ngo_on"), "scons?");
  EXPECT_EQ(programs("case $1 in a) foo;; b) bar;; esac; make"), "make");
}

TEST(CommandWords, braces_and_subshells_are_as_certain_as_what_is_around_them) {
  EXPECT_EQ(programs("(cd sub; make); { ninja; }"), "make ninja");
}

TEST(CommandWords, what_is_asked_for_first_is_guarded) {
  EXPECT_EQ(programs("command -v ccache && ccache -s; make"), "ccache? make");
  EXPECT_EQ(programs("[ -x /opt/tool ] && tool run"), "tool?");
  EXPECT_EQ(programs("which uv && uv sync"), "which uv?");
}

TEST(CommandWords, after_path_was_changed_nothing_is_certain) {
  EXPECT_EQ(programs("make\nexport PATH=$PWD/bin:$PATH\nmytool"), "make mytool?");
  EXPECT_EQ(programs(". venv/bin/activate\npytest"), "pytest?");
  EXPECT_EQ(programs("set +e\nmaybe"), "maybe?");
  EXPECT_EQ(programs("PATH=bin:$PATH tool"), "tool?");
}

TEST(CommandWords, words_before_a_command_are_passed_over) {
  EXPECT_EQ(programs("CC=clang make"), "make");
  EXPECT_EQ(programs("exec node x.js"), "node");
  EXPECT_EQ(programs("env A=1 B=2 cargo test"), "env cargo");
  EXPECT_EQ(programs("time ninja"), "ninja");
  EXPECT_EQ(programs("! grep x f"), "grep");
  EXPECT_EQ(programs("env -i sh -c ls"), "env");
}

TEST(CommandWords, what_is_not_literal_is_left_out) {
  EXPECT_EQ(programs("$CC x.c; `pick` y; \"$tool\" z; ~/bin/x; make $(date +%s; nothing)"), "make");
}

TEST(CommandWords, quotes_comments_redirections_and_documents_start_nothing) {
  EXPECT_EQ(
      programs(
          "'my tool' a # not this\nmake 2>err >out <in\ncat <<EOF | sort\nrm -rf x\nEOF\nninja"),
      "my tool make cat sort ninja");
  EXPECT_EQ(programs("cat <<-'END'\n\tfoo\n\tEND\nmake"), "cat make");
  EXPECT_EQ(programs("diff <(sort a) b"), "diff");
}

TEST(CommandWords, relative_paths_after_cd_are_marked) {
  const auto words = programs_of_script("./a.sh\ncd sub\n./b.sh");
  ASSERT_EQ(words.size(), 2U);
  EXPECT_FALSE(words[0].is_moved);
  EXPECT_TRUE(words[1].is_moved);
}

TEST(CommandWords, a_list_is_one_program_with_its_words) {
  StageCommand command;
  command.argv = {"python3", "tools/x.py", "a b"};
  const CommandWord expected{"python3", {"tools/x.py", "a b"}};
  EXPECT_EQ(programs_of(command), std::vector{expected});
}

TEST(CommandWords, nonsense_ends) {
  for (const char* script :
       {"'", "\"", "$(", "`", "<<", "case", "if", "}", ")", "f(", "((", "a\\", "${"}) {
    (void)programs_of_script(script);
  }
  EXPECT_EQ(programs(""), "");
}

}  // namespace
}  // namespace headway
