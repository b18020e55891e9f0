// headway compare: two runs side by side.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

class CompareTest : public testing::Test {
 protected:
  CompareTest() {
    program.write("headway.yaml", R"(version: 1
name: demo
stages:
  setup: {run: 'true'}
  build: {needs: [setup], run: 'test -e slow && sleep 0.3; true'}
)");
  }
  std::string run() { return program.run({"run", "--json"}).json()["run_id"].as_string(); }
  Program program;
};

TEST_F(CompareTest, slower_stage_is_first_and_the_document_is_as_promised) {
  const std::string fast = run();
  program.write("slow", "");
  const std::string slow = run();
  const ProgramResult people = program.run({"compare", fast, slow});
  EXPECT_EQ(people.exit_code, 0) << people.err;
  EXPECT_TRUE(has(people.out, "both took as long as: setup > build")) << people.out;
  EXPECT_LT(people.out.find("\nbuild"), people.out.find("\nsetup")) << people.out;

  const Json document = program.run({"compare", fast, slow, "--json"}).json();
  EXPECT_EQ(document["format"].as_integer(), 1);
  EXPECT_EQ(document["runs"].items()[0].as_string(), fast);
  EXPECT_EQ(document["runs"].items()[1].as_string(), slow);
  EXPECT_GT(document["elapsed_seconds"].items()[1].as_number(),
            document["elapsed_seconds"].items()[0].as_number());
  const Json& build = document["stages"].items()[0];
  EXPECT_EQ(build["key"].as_string(), "build");
  EXPECT_GE(build["seconds"].items()[1].as_number(), 0.3);
  EXPECT_GT(build["change_percent"].as_number(), 0);
  EXPECT_TRUE(build["within_noise"].is_null());  // two runs say nothing of noise
}

TEST_F(CompareTest, ends_of_ids_name_runs) {
  const std::string first = run();
  const std::string second = run();
  const auto tail = [](const std::string& id) { return id.substr(id.size() - 8); };
  EXPECT_EQ(program.run({"compare", tail(first), tail(second)}).exit_code, 0);
}

TEST_F(CompareTest, what_cannot_be_compared_is_refused_by_name) {
  EXPECT_TRUE(has(program.run({"compare"}).err, "there is none yet"));
  const std::string only = run();
  const ProgramResult one = program.run({"compare", only});
  EXPECT_EQ(one.exit_code, 2);
  EXPECT_TRUE(has(one.err, "there is only one yet")) << one.err;
  const ProgramResult same = program.run({"compare", only, only.substr(only.size() - 8)});
  EXPECT_EQ(same.exit_code, 2);
  EXPECT_TRUE(has(same.err, "the same run")) << same.err;
  const ProgramResult unknown = program.run({"compare", only, "ffffffff"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_TRUE(has(unknown.err, "ffffffff")) << unknown.err;
}

TEST_F(CompareTest, stages_of_one_run_alone_are_said) {
  const std::string first = run();
  program.write("headway.yaml", R"(version: 1
name: other
stages:
  setup: {run: 'true'}
  lint: {run: 'true'}
)");
  const std::string second = run();
  const ProgramResult people = program.run({"compare", first, second});
  EXPECT_EQ(people.exit_code, 0);
  EXPECT_TRUE(has(people.out, "different workflows: demo and other")) << people.out;
  EXPECT_TRUE(has(people.out, "only in the first")) << people.out;
  EXPECT_TRUE(has(people.out, "only in the second")) << people.out;
}

}  // namespace
}  // namespace headway
