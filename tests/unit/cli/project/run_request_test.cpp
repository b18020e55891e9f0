// From flags and settings to what is asked of a run.
#include "cli/project/run_request.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

RunRequest made(const RequestFlags& flags, const EnvironmentSettings& settings = {}) {
  auto request = make_request(flags, settings);
  EXPECT_TRUE(request) << (request ? "" : request.error().message);
  return request ? *request : RunRequest{};
}

std::string refused(const RequestFlags& flags, const EnvironmentSettings& settings = {}) {
  const auto request = make_request(flags, settings);
  EXPECT_FALSE(request);
  return request ? "" : request.error().message;
}

TEST(MakeRequest, nothing_asked_leaves_everything_to_the_file_and_the_machine) {
  const RunRequest request = made({});
  EXPECT_EQ(request.selection.lane, "");
  EXPECT_TRUE(request.selection.stages.empty());
  EXPECT_EQ(request.jobs.count, 0);
  EXPECT_EQ(request.jobs.percent, 0);
  EXPECT_EQ(request.failure_mode, FailureMode::fail_fast);
  EXPECT_FALSE(request.timeout);
  EXPECT_EQ(request.state_directory, "");
}

TEST(MakeRequest, every_flag_arrives) {
  RequestFlags flags;
  flags.stages = {"a", "b"};
  flags.jobs = "50%";
  flags.timeout = "90s";
  flags.change_id = "c";
  flags.title = "t";
  flags.owner = "o";
  const RunRequest request = made(flags, {.state_directory = "state"});
  EXPECT_EQ(request.selection.lane, "") << "settled later, with the workflow at hand";
  EXPECT_EQ(request.selection.stages, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(request.jobs.percent, 50);
  EXPECT_EQ(request.timeout, Nanos(std::chrono::seconds(90)));
  EXPECT_EQ(request.change_id + request.title + request.owner, "cto");
  EXPECT_EQ(request.state_directory, "state");
}

TEST(MakeRequest, jobs_of_the_flag_are_stronger_than_those_of_the_environment) {
  RequestFlags flags;
  EXPECT_EQ(made(flags, {.jobs = "3"}).jobs.count, 3);
  flags.jobs = "5";
  EXPECT_EQ(made(flags, {.jobs = "3"}).jobs.count, 5);
  EXPECT_EQ(made(flags, {.jobs = "nonsense"}).jobs.count, 5) << "not looked at";
}

TEST(MakeRequest, no_parallel_is_one_job_and_contradicts_a_number) {
  RequestFlags flags;
  flags.no_parallel = true;
  EXPECT_EQ(made(flags, {.jobs = "3"}).jobs.count, 1);
  flags.jobs = "2";
  EXPECT_EQ(refused(flags), "'--no-parallel' and '--jobs' contradict each other");
}

TEST(MakeRequest, wrong_jobs_are_refused_by_where_they_come_from) {
  RequestFlags flags;
  for (const char* text : {"0", "-1", "1.5", "x", "0%", "%", "100001", "5 "}) {
    flags.jobs = text;
    EXPECT_TRUE(refused(flags).starts_with("'" + std::string(text) + "' is no value of '--jobs'"));
  }
  EXPECT_TRUE(refused({}, {.jobs = "x"}).starts_with("'x' is no value of 'HEADWAY_JOBS'"));
}

TEST(MakeRequest, failure_mode_is_one_of_three) {
  RequestFlags flags;
  flags.keep_going = true;
  EXPECT_EQ(made(flags).failure_mode, FailureMode::keep_going);
  flags.fail_fast = "kill";
  EXPECT_EQ(refused(flags), "'--keep-going' and '--fail-fast' contradict each other");
  flags.keep_going = false;
  EXPECT_EQ(made(flags).failure_mode, FailureMode::kill);
  flags.fail_fast = "wait";
  EXPECT_EQ(made(flags).failure_mode, FailureMode::fail_fast);
}

TEST(MakeRequest, timeout_without_a_unit_is_refused_with_the_flag) {
  RequestFlags flags;
  flags.timeout = "90";
  EXPECT_TRUE(refused(flags).starts_with("'--timeout': "));
}

}  // namespace
}  // namespace headway::cli
