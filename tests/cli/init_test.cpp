// `headway init`: what it writes runs, for every kind of repository whose tools are here.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace headway {
namespace {

// A repository of one kind: its files, the program it needs, and the stages that must complete.
struct Kind {
  const char* name;
  const char* tool;
  std::vector<std::pair<const char*, const char*>> files;
  std::vector<std::string> stages;
};

std::string name_of(const testing::TestParamInfo<Kind>& info) {
  return info.param.name;
}

bool has_tool(Program& program, const std::string& tool) {
  program.write("probe/headway.yaml",
                "version: 1\nstages: {x: {run: [" + tool + ", --version]}}\n");
  const bool has = program.run({"-C", "probe", "run"}).exit_code == 0;
  std::filesystem::remove_all(program.path("probe"));
  return has;
}

class InitKind : public testing::TestWithParam<Kind> {};

TEST_P(InitKind, what_it_writes_runs) {
  const Kind& kind = GetParam();
  Program program;
  if (const char* home = ::getenv("HOME"); home != nullptr) {
    program.set("RUSTUP_HOME", std::string(home) + "/.rustup");  // HOME is another here
  }
  if (!has_tool(program, kind.tool)) {
    GTEST_SKIP() << kind.tool << " is not on this machine";
  }
  for (const auto& [file, text] : kind.files) {
    program.write(file, text);
  }
  const ProgramResult written = program.run({"init"});
  ASSERT_EQ(written.exit_code, 0) << written.out << written.err;
  EXPECT_TRUE(has(written.out, "next: headway plan, then headway run")) << written.out;
  EXPECT_EQ(program.run({"validate"}).exit_code, 0);
  const ProgramResult ran = program.run({"run", "--json"}, 110);
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err << program.read("headway.yaml");
  std::vector<std::string> completed;
  const Json record = ran.json();
  for (const Json& stage : record["stages"].items()) {
    EXPECT_EQ(stage["status"].as_string(), "COMPLETED") << stage["key"].as_string();
    completed.push_back(stage["key"].as_string());
  }
  EXPECT_EQ(completed, kind.stages);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    InitKind,
    testing::Values(Kind{"cmake",
                         "cmake",
                         {{"CMakeLists.txt",
                           "cmake_minimum_required(VERSION 3.16)\nproject(x C)\nenable_testing()\n"
                           "add_executable(x x.c)\nadd_test(NAME x COMMAND x)\n"},
                          {"x.c", "int main(void) { return 0; }\n"}},
                         {"configure", "build", "test"}},
                    Kind{"make",
                         "make",
                         {{"Makefile", "app: ; touch app\ntest: app\n\ttest -e app\n"}},
                         {"build", "test"}},
                    Kind{"npm",
                         "npm",
                         {{"package.json",
                           R"({"name": "x", "version": "1.0.0", "scripts": {"build": "node -e 0",
                   "test": "echo \"Error: no test specified\" && exit 1"}})"}},
                         {"build"}},
                    Kind{"python_unittest",
                         "python3",
                         {{"pyproject.toml", "[project]\nname = 'x'\n"},
                          {"src/x/__init__.py", "one = 1\n"},
                          {"tests/test_x.py",
                           "import unittest\nfrom x import one\n\nclass X(unittest.TestCase):\n"
                           "    def test_one(self):\n        self.assertEqual(one, 1)\n"}},
                         {"test"}},
                    Kind{"python_without_tests",
                         "python3",
                         {{"setup.py", ""}, {"a b/c.py", "x = 1\n"}},
                         {"compile"}},
                    Kind{"cargo",
                         "cargo",
                         {{"Cargo.toml",
                           "[package]\nname = \"x\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"},
                          {"src/lib.rs", "#[test]\nfn t() {}\n"}},
                         {"build", "test"}},
                    Kind{"go",
                         "go",
                         {{"go.mod", "module example.com/x\n"}, {"x.go", "package x\n"}},
                         {"build", "vet", "test"}},
                    Kind{"several",
                         "make",
                         {{"Makefile", "all: ; true\ntest: ; python3 -m unittest\n"},
                          {"web app/package.json", R"({"scripts": {"lint": "true"}, "name": "w"})"},
                          {"tests/test_x.py",
                           "import unittest\n\nclass X(unittest.TestCase):\n"
                           "    def test_x(self):\n        pass\n"}},
                         {"python_test", "make_build", "web_app_lint"}},
                    Kind{"nothing_known", "true", {{"notes.txt", ""}}, {"hello"}}),
    name_of);

TEST(Init, never_overwrites) {
  Program program;
  program.write("headway.yaml", "mine");
  const ProgramResult result = program.run({"init"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "headway: headway.yaml is there already: nothing was written\n"
            "  edit what is there, or move it away and try again\n");
  EXPECT_EQ(program.read("headway.yaml"), "mine");
}

TEST(Init, writes_where_the_flags_say_and_tells_how_to_go_on) {
  Program program;
  program.write("a b/x", "");
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  const ProgramResult result = program.run({"-C", "a b", "-f", "ci.yaml", "init"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(has(result.out, "wrote a b/ci.yaml with 1 stage: hello")) << result.out;
  EXPECT_TRUE(has(result.out, "next: headway -C 'a b' -f ci.yaml plan")) << result.out;
  EXPECT_EQ(program.run({"-C", "a b", "-f", "ci.yaml", "validate"}).exit_code, 0);
  const ProgramResult inner = program.run({"-C", "a b", "init"});
  EXPECT_EQ(inner.exit_code, 0);
  EXPECT_TRUE(has(inner.err, "headway.yaml stands above: from here, a b/headway.yaml now counts"))
      << inner.err;
}

TEST(Init, folder_that_cannot_be_written_is_told) {
  Program program;
  const ProgramResult result = program.run({"-f", "/proc/headway.yaml", "init"});
  EXPECT_EQ(result.exit_code, 70);
  EXPECT_TRUE(has(result.err, "/proc/headway.yaml")) << result.err;
}

TEST(Init, says_what_it_left_out) {
  Program program;
  program.write("package.json", R"({"scripts": {"test": "echo 'no test specified'; exit 1"}})");
  const ProgramResult result = program.run({"init"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.out, "it is npm's placeholder, which always fails")) << result.out;
}

}  // namespace
}  // namespace headway
