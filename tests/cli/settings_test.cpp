// Where settings come from: headway-local.yaml and the user's configuration.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace headway {
namespace {

class Settings : public testing::Test {
 protected:
  Settings() {
    program_.write("headway.yaml", "version: 1\nstages: {a: {run: 'echo \"$X\" > x'}}\n");
  }
  long long jobs() { return program_.run({"run", "--json"}).json()["jobs"].as_integer(); }

  Program program_;
};

TEST_F(Settings, local_file_overrides_single_keys_and_is_checked) {
  program_.write("headway-local.yaml", "env: {X: local}\n");
  ASSERT_EQ(program_.run({"run", "-q"}).exit_code, 0);
  EXPECT_EQ(program_.read("x"), "local\n");
  program_.write("headway-local.yaml", "env: {X: local}\nstages: {a: {time: 1s}}\n");
  const ProgramResult refused = program_.run({"validate"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(
      has(refused.err + refused.out, "headway-local.yaml:2:14: stage 'a' has unknown key 'time'"))
      << refused.err << refused.out;
}

TEST_F(Settings, local_file_that_cannot_be_read_is_no_absent_one) {
  const std::string local = program_.path("headway-local.yaml");
  std::filesystem::create_symlink("nowhere", local);
  EXPECT_EQ(program_.run({"run", "-q"}).exit_code, 2);
  std::filesystem::remove(local);
  std::filesystem::create_symlink("headway-local.yaml", local);
  EXPECT_NE(program_.run({"validate"}).exit_code, 0);
  std::filesystem::remove(local);
  ASSERT_EQ(::mkfifo(local.c_str(), 0600), 0);
  const ProgramResult refused = program_.run({"validate"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(has(refused.out + refused.err, "it is a pipe")) << refused.out << refused.err;
}

TEST_F(Settings, configuration_of_the_user_stands_below_the_environment_and_flags) {
  program_.write("../.config/headway/config.yaml", "jobs: 3\noutput: quiet\n");
  EXPECT_EQ(jobs(), 3);
  EXPECT_FALSE(has(program_.run({"run"}).out, "== "));
  EXPECT_TRUE(has(program_.run({"run", "--output", "plain"}).out, "== "));
  program_.set("HEADWAY_JOBS", "2");
  EXPECT_EQ(jobs(), 2);
  program_.write("other.yaml", "output: plain\n");
  program_.set("HEADWAY_CONFIG", "other.yaml");
  EXPECT_TRUE(has(program_.run({"run"}).out, "== "));
}

TEST_F(Settings, every_mistake_in_the_configuration_is_told) {
  program_.write("c.yaml", "jobs: many\ncolour: never\n");
  program_.set("HEADWAY_CONFIG", "c.yaml");
  const ProgramResult refused = program_.run({"run"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(has(refused.err, "c.yaml:1:7: 'jobs' must be a number from 1 on")) << refused.err;
  EXPECT_TRUE(has(refused.err, "c.yaml:2:1:")) << refused.err;
  EXPECT_TRUE(has(refused.err, "did you mean 'color'?")) << refused.err;
  EXPECT_FALSE(has(refused.err, "\\n")) << "each on a line of its own: " << refused.err;
  program_.set("HEADWAY_CONFIG", "nowhere.yaml");
  EXPECT_EQ(program_.run({"run"}).exit_code, 2);
}

}  // namespace
}  // namespace headway
