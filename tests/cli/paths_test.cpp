// Paths that are shown can be opened from where the reader stands, also with -C and -f.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

// What stands behind `label` on its line; "" where there is no such line.
std::string behind(const std::string& text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string::npos) {
    return "";
  }
  const std::size_t start = text.find_first_not_of(' ', at + label.size());
  return text.substr(start, text.find('\n', start) - start);
}

class Paths : public testing::Test {
 protected:
  Paths() {
    program.write("sub/headway.yaml",
                  "version: 1\nlanes: {x: {default: true}, y: {}}\n"
                  "stages: {a: {run: 'echo broken; exit 3'}}\n");
    program.write("beside/bad.yaml", "version: 1\nstages: {a: {run: x, tmeout: 1s}}\n");
  }
  Program program;
};

TEST_F(Paths, failure_screen_names_a_log_that_can_be_opened) {
  // Bug: with -C the log's path was relative to a folder that the reader is not in.
  const ProgramResult here = program.run({"-C", "sub", "run"});
  const std::string log = behind(here.out, "Whole log:");
  EXPECT_TRUE(log.starts_with("sub/.headway/runs/")) << here.out;
  EXPECT_EQ(program.read(log), "broken\n");

  program.stand_in("beside");
  const ProgramResult beside = program.run({"-C", "../sub", "run"});
  const std::string other = behind(beside.out, "Whole log:");
  EXPECT_TRUE(other.starts_with("../sub/.headway/runs/")) << beside.out;
  EXPECT_EQ(program.read("beside/" + other), "broken\n");

  program.stand_in("sub/.headway/runs");
  const std::string whole = behind(program.run({"-C", "../..", "run"}).out, "Whole log:");
  EXPECT_EQ(slurp(whole.starts_with("/") ? whole : program.path("sub/.headway/runs/" + whole)),
            "broken\n")
      << whole;
}

TEST_F(Paths, show_names_a_record_that_can_be_opened) {
  program.run({"-C", "sub", "run"});
  const ProgramResult shown = program.run({"-C", "sub", "show", "--rebuild"});
  EXPECT_TRUE(
      std::filesystem::exists(program.path(behind(shown.out, "\nrecord:") + "/events.jsonl")))
      << shown.out;
  EXPECT_TRUE(std::filesystem::exists(program.path(behind(shown.out, "made anew:")))) << shown.out;
  EXPECT_EQ(program.read(behind(shown.out, "Whole log:")), "broken\n") << shown.out;
}

TEST_F(Paths, show_repeats_the_flags_that_find_the_workflow_and_its_lane) {
  // Bug: `show` said "headway run a", which knew nothing of -C or of the lane that had run.
  program.run({"-C", "sub", "run", "--lane", "y"});
  const ProgramResult shown = program.run({"-C", "sub", "show"});
  EXPECT_EQ(behind(shown.out, "Run it again:"), "headway -C sub run --only a --lane y")
      << shown.out;
}

TEST_F(Paths, mistakes_name_a_file_that_can_be_opened) {
  for (const char* command : {"validate", "plan", "run"}) {
    const ProgramResult result = program.run({"-C", "beside", "-f", "bad.yaml", command});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE((result.out + result.err).starts_with("beside/bad.yaml:2:")) << command;
  }
  program.stand_in("sub");
  const ProgramResult json =
      program.run({"-C", "../beside", "-f", "bad.yaml", "validate", "--json"});
  EXPECT_EQ(json.json()["problems"].items().at(0)["file"].as_string(), "../beside/bad.yaml");
}

TEST_F(Paths, file_that_is_not_there_is_named_from_where_the_reader_stands) {
  EXPECT_TRUE(has(program.run({"-C", "sub", "run", "-f", "no.yaml"}).err, "'sub/no.yaml'"));
  EXPECT_TRUE(has(program.run({"-C", "sub", "validate", "-f", "no.yaml"}).out, "sub/no.yaml: "));
}

TEST_F(Paths, folder_that_is_none_is_refused_by_name) {
  const ProgramResult missing = program.run({"-C", "nowhere", "run"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_TRUE(has(missing.err, "-C nowhere: No such file or directory")) << missing.err;
  const ProgramResult file = program.run({"-C", "sub/headway.yaml", "run"});
  EXPECT_EQ(file.exit_code, 2);
  EXPECT_TRUE(has(file.err, "-C sub/headway.yaml: Not a directory")) << file.err;
}

TEST_F(Paths, stages_run_beside_their_file_wherever_the_reader_stands) {
  program.write("sub/headway.yaml", "version: 1\nstages: {a: {run: 'pwd > where'}}\n");
  std::filesystem::create_directory_symlink(program.path("sub"), program.path("link"));
  EXPECT_EQ(program.run({"-C", "link", "run"}).exit_code, 0);
  EXPECT_EQ(program.read("sub/where"), program.path("sub") + "\n");
  EXPECT_TRUE(std::filesystem::exists(program.path("sub/.headway")));
  EXPECT_FALSE(std::filesystem::exists(program.path(".headway")));
}

}  // namespace
}  // namespace headway
