// Going on where a run stopped, as a person meets it: after a failure, Ctrl-C and SIGKILL.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

namespace headway {
namespace {

// Each stage counts its runs in NAME.runs; `flaky` fails until the file ok is there.
const char* const kFile = R"(version: 1
stages:
  setup: {run: 'echo x >> setup.runs'}
  build: {needs: [setup], run: 'echo x >> build.runs', env: {MODE: fast}}
  publish: {needs: [setup], run: 'echo x >> publish.runs', side_effects: once}
  flaky: {needs: [build, publish], run: 'echo x >> flaky.runs; test -e ok'}
  after: {needs: [flaky], run: 'echo x >> after.runs'}
  tidy: {always: true, run: 'echo x >> tidy.runs'}
)";

class Resume : public testing::Test {
 protected:
  Resume() { program_.write("headway.yaml", kFile); }

  long runs_of(const std::string& stage) const {
    const std::string text = program_.read(stage + ".runs");
    return std::count(text.begin(), text.end(), '\n');
  }
  // How often each has run: "1 1 1 2 1 2" in the order of the file.
  std::string counts() const {
    std::string all;
    for (const char* key : {"setup", "build", "publish", "flaky", "after", "tidy"}) {
      all += (all.empty() ? "" : " ") + std::to_string(runs_of(key));
    }
    return all;
  }
  Json stage_of(const Json& document, const std::string& key) const {
    for (const Json& stage : document["stages"].items()) {
      if (stage["key"].as_string() == key) {
        return stage;
      }
    }
    return {};
  }
  void git(const std::string& words) const {
    const std::string command = "cd '" + program_.path() +
                                "' && git -c user.name=a -c user.email=a@b " + words +
                                " >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << words;
  }
  void replace(const std::string& from, const std::string& to) const {
    std::string text = program_.read("headway.yaml");
    text.replace(text.find(from), from.size(), to);
    program_.write("headway.yaml", text);
  }

  Program program_;
};

TEST_F(Resume, finished_stages_stay_finished_after_a_failure) {
  const ProgramResult failed = program_.run({"run", "--json"});
  ASSERT_EQ(failed.exit_code, 1);
  EXPECT_TRUE(has(failed.err, "Go on from it: headway resume ")) << failed.err;
  EXPECT_TRUE(failed.json()["resumed_from"].is_null());
  program_.write("ok", "");
  const ProgramResult resumed = program_.run({"resume", "--json"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(counts(), "1 1 1 2 1 2") << "what always runs does so after every run";
  const Json document = resumed.json();
  EXPECT_EQ(document["status"].as_string(), "COMPLETED");
  EXPECT_EQ(document["resumed_from"].as_string(), failed.json()["run_id"].as_string());
  EXPECT_NE(document["run_id"].as_string(), failed.json()["run_id"].as_string());
  EXPECT_EQ(stage_of(document, "build")["status"].as_string(), "COMPLETED");
  EXPECT_TRUE(has(stage_of(document, "build")["reason"].as_string(), "finished in run "));
  EXPECT_EQ(stage_of(document, "build")["attempts"].as_integer(), 0);
  EXPECT_TRUE(has(resumed.err, "3 finished before")) << resumed.err;
  EXPECT_TRUE(has(program_.run({"why", "flaky"}).out, "left it FAILED"));
  EXPECT_TRUE(has(program_.run({"why", "after"}).out, "had not started it"));
  EXPECT_TRUE(has(program_.run({"why", "setup"}).out, "finished in run "));
  const std::string events =
      program_.read(".headway/runs/" + document["run_id"].as_string() + "/events.jsonl");
  EXPECT_TRUE(has(events, R"("event":"run_resumed")"));
}

TEST_F(Resume, nothing_to_do_is_exit_code_0_and_no_run) {
  program_.write("ok", "");
  ASSERT_EQ(program_.run({"run", "-q"}).exit_code, 0);
  const ProgramResult resumed = program_.run({"resume"});
  EXPECT_EQ(resumed.exit_code, 0);
  EXPECT_TRUE(has(resumed.out, "nothing to do: all of run ")) << resumed.out;
  EXPECT_EQ(counts(), "1 1 1 1 1 1");
  EXPECT_EQ(program_.run({"runs", "--json"}).json()["runs"].items().size(), 1U);
  EXPECT_EQ(program_.run({"resume", "--json"}).json()["status"].as_string(), "COMPLETED");
}

TEST_F(Resume, changed_definition_and_what_needs_it_run_again_but_not_what_has_side_effects) {
  program_.run({"run", "-q"});
  program_.write("ok", "");
  replace("echo x >> setup.runs", "echo again >> setup.runs");
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 0);
  EXPECT_EQ(counts(), "2 2 1 2 1 2");
  EXPECT_TRUE(has(program_.run({"why", "setup"}).out, "its definition changed"));
  EXPECT_TRUE(has(program_.run({"why", "build"}).out, "stage 'setup' ran again"));
}

TEST_F(Resume, changed_variable_runs_its_stage_again) {
  program_.run({"run", "-q"});
  replace("MODE: fast", "MODE: slow");
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 1);
  EXPECT_EQ(counts(), "1 2 1 2 0 2");
  EXPECT_TRUE(has(program_.run({"why", "build"}).out, "its environment changed"));
}

TEST_F(Resume, other_commit_runs_all_again_but_what_has_side_effects) {
  git("init -q");
  git("commit -q --allow-empty -m one");
  program_.run({"run", "-q"});
  git("commit -q --allow-empty -m two");
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 1);
  EXPECT_EQ(counts(), "2 2 1 2 0 2");
  EXPECT_TRUE(has(program_.run({"why", "setup"}).out, "the commit changed: it was "));
}

TEST_F(Resume, force_repeats_everything) {
  program_.run({"run", "-q"});
  program_.write("ok", "");
  EXPECT_EQ(program_.run({"resume", "-q", "--force"}).exit_code, 0);
  EXPECT_EQ(counts(), "2 2 2 2 1 2");
}

TEST_F(Resume, stage_with_side_effects_that_was_cut_off_is_not_repeated) {
  replace("echo x >> publish.runs", "echo x >> publish.runs; test -e ok || sleep 60");
  auto process = program_.start({"run"});
  // (its start is written right after it: a kill between both leaves no trace of it)
  const auto is_recorded = [this] {
    for (const auto& run : std::filesystem::directory_iterator(program_.path(".headway/runs"))) {
      std::istringstream events(slurp(run.path().string() + "/events.jsonl"));
      for (std::string line; std::getline(events, line);) {
        if (has(line, "\"stage_started\"") && has(line, "\"publish\"")) {
          return true;
        }
      }
    }
    return false;
  };
  ASSERT_TRUE(eventually(
      [&] { return runs_of("publish") == 1 && runs_of("build") == 1 && is_recorded(); }));
  process.send_group(SIGKILL);
  process.wait();
  program_.write("ok", "");
  const ProgramResult refused = program_.run({"resume"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(has(refused.err, "stage 'publish' has side effects")) << refused.err;
  EXPECT_EQ(runs_of("publish"), 1);
  EXPECT_EQ(program_.run({"resume", "-q", "--skip", "publish"}).exit_code, 0);
  EXPECT_EQ(runs_of("publish"), 1);
  EXPECT_EQ(runs_of("setup"), 1);
  EXPECT_EQ(runs_of("after"), 1);
}

TEST_F(Resume, command_that_is_offered_works_where_side_effects_are_in_doubt) {
  replace("echo x >> publish.runs", "echo x >> publish.runs; false");
  const ProgramResult failed = program_.run({"run", "-k"});
  ASSERT_EQ(failed.exit_code, 1);
  EXPECT_TRUE(has(failed.out, " --skip publish -k\n")) << failed.out;
  program_.write("ok", "");
  EXPECT_EQ(program_.run({"resume", "-q", "--skip", "publish", "-k"}).exit_code, 0);
  EXPECT_EQ(counts(), "1 1 1 1 1 2");
}

TEST_F(Resume, offered_command_names_no_lane_that_nobody_named) {
  program_.run({"run", "-q", "--title", "it's"});
  const ProgramResult failed = program_.run({"resume"});
  EXPECT_TRUE(has(failed.out, "Run it again:  headway run --only flaky --title 'it'\\''s'\n"))
      << failed.out;
}

TEST_F(Resume, run_that_was_killed_goes_on_and_so_does_one_that_was_killed_again) {
  replace("test -e ok", "test -e ok || sleep 60");
  for (const char* command : {"run", "resume", "resume"}) {
    const long before = runs_of("flaky");
    auto process = program_.start({command});
    ASSERT_TRUE(eventually([&] { return runs_of("flaky") > before; })) << command;
    process.send(SIGKILL);
    process.wait();
  }
  program_.write("ok", "");
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 0);
  EXPECT_EQ(counts(), "1 1 1 4 1 1");
}

TEST_F(Resume, ctrl_c_goes_on) {
  replace("test -e ok", "test -e ok || sleep 60");
  auto process = program_.start({"run"});
  ASSERT_TRUE(eventually([&] { return runs_of("flaky") == 1; }));
  process.send_group(SIGINT);
  const ProgramResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 130);
  EXPECT_TRUE(has(ended.out, "headway resume ")) << ended.out;
  program_.write("ok", "");
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 0);
  EXPECT_EQ(counts(), "1 1 1 2 1 2");
}

TEST_F(Resume, takes_the_same_stages_with_the_same_arguments) {
  replace("echo x >> build.runs'", "echo \"$@\" >> build.runs; test -e ok'");
  const ProgramResult failed =
      program_.run({"run", "-q", "build", "--title", "T", "--", "one two"});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_TRUE(has(failed.out + failed.err, "headway run --only build --title T -- 'one two'\n"))
      << failed.out;
  program_.write("ok", "");
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 0);
  EXPECT_EQ(program_.read("build.runs"), "one two\none two\n");
  EXPECT_EQ(counts(), "1 2 0 0 0 0");
}

TEST_F(Resume, up_to_date_decides_for_what_declares_inputs) {
  replace("run: 'echo x >> setup.runs'", "run: 'cat in >> setup.runs', inputs: [in]");
  program_.write("in", "1\n");
  program_.run({"run", "-q"});
  program_.write("in", "1\n");
  program_.run({"resume", "-q"});
  EXPECT_EQ(counts(), "1 1 1 2 0 2");
  program_.write("in", "2\n");
  program_.run({"resume", "-q"});
  EXPECT_EQ(counts(), "2 2 1 3 0 3") << "what stands on it has run again too";
  EXPECT_TRUE(has(program_.run({"why", "setup"}).out, "input in changed"));
}

TEST_F(Resume, plan_tells_what_is_left) {
  program_.run({"run", "-q"});
  const ProgramResult plan = program_.run({"resume", "--dry-run", "--json"});
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_EQ(plan.json()["stages"].items().size(), 3U) << plan.out;
  EXPECT_EQ(plan.json()["skipped"].items().size(), 3U);
  EXPECT_TRUE(has(plan.json()["skipped"].items()[0]["reason"].as_string(), "finished in run "));
  EXPECT_EQ(counts(), "1 1 1 1 0 1");
}

TEST_F(Resume, what_cannot_be_gone_on_with_is_refused) {
  EXPECT_EQ(program_.run({"resume"}).exit_code, 2) << "no run yet";
  program_.run({"run", "-q"});
  const std::string first = program_.run({"show", "--json"}).json()["run_id"].as_string();
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 1);
  const ProgramResult again = program_.run({"resume", first});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_TRUE(has(again.err, "did that already")) << again.err;
  EXPECT_EQ(program_.run({"resume", "nothing"}).exit_code, 2);
  program_.write("other.yaml", "version: 1\nname: other\nstages: {setup: {run: 'true'}}\n");
  EXPECT_TRUE(has(program_.run({"resume", "-f", "other.yaml"}).err, "of workflow 'other'") ||
              program_.run({"resume", "-f", "other.yaml"}).exit_code == 2);
}

TEST_F(Resume, run_that_was_killed_before_its_first_event_is_passed_over) {
  program_.run({"run", "-q"});
  program_.write(".headway/runs/ffffffff-ffff-7fff-bfff-ffffffffffff/lock", "");
  program_.write(".headway/runs/ffffffff-ffff-7fff-bfff-fffffffffffe/events.jsonl", "");
  program_.write("ok", "");
  const ProgramResult named = program_.run({"resume", "fffffffffffe"});
  EXPECT_EQ(named.exit_code, 2);
  EXPECT_TRUE(has(named.err, "it ended before it began")) << named.err;
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 0);
  EXPECT_EQ(counts(), "1 1 1 2 1 2");
}

TEST_F(Resume, commit_that_a_stage_with_side_effects_made_is_the_runs_own) {
  git("init -q");
  git("commit -q --allow-empty -m one");
  replace("echo x >> publish.runs",
          "echo x >> publish.runs; git -c user.name=a -c user.email=a@b commit -q --allow-empty -m "
          "two");
  program_.run({"run", "-q"});
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 1);
  EXPECT_EQ(counts(), "1 1 1 2 0 2");
  git("commit -q --allow-empty -m three");
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 1);
  EXPECT_EQ(counts(), "2 2 1 3 0 3");
}

// Bug: the first run found src/ changed and committed it; the second found nothing changed, left
// `publish` out for good, and ended with exit code 0.
TEST_F(Resume, condition_on_what_changed_counts_from_where_the_first_run_counted) {
  program_.write("headway.yaml", R"(version: 1
stages:
  commit:
    run: 'git add src && git -c user.name=a -c user.email=a@b commit -qm "feat: x"'
    side_effects: once
  publish: {needs: [commit], run: 'test -e ok && touch published', when: {changed: ["src/**"]}}
)");
  program_.write(".gitignore", ".headway\nok\n");
  git("init -q -b main .");
  git("add headway.yaml .gitignore");
  git("commit -qm 'chore: begin'");
  program_.write("src/a", "1");
  ASSERT_EQ(program_.run({"run", "-q", "--lane", "standard"}).exit_code, 1);
  ASSERT_EQ(program_.run({"resume", "-q"}).exit_code, 1) << "nor does a second one forget it";
  program_.write("ok", "");
  EXPECT_EQ(program_.run({"resume", "-q"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(program_.path("published")));
}

TEST_F(Resume, two_at_once_go_on_once) {
  program_.run({"run", "-q"});
  replace("test -e ok", "sleep 1; test -e ok");
  program_.write("ok", "");
  auto one = program_.start({"resume"});
  auto other = program_.start({"resume"});
  const std::vector<int> codes{one.wait().exit_code, other.wait().exit_code};
  EXPECT_EQ(std::count(codes.begin(), codes.end(), 0), 1);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), 2), 1);
  EXPECT_EQ(runs_of("flaky"), 2);
}

TEST_F(Resume, run_that_still_runs_is_left_alone) {
  replace("test -e ok", "sleep 60");
  auto process = program_.start({"run"});
  ASSERT_TRUE(eventually([&] { return runs_of("flaky") == 1; }));
  const ProgramResult refused = program_.run({"resume"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(has(refused.err, "it still runs")) << refused.err;
  process.send_group(SIGKILL);
  process.wait();
}

}  // namespace
}  // namespace headway
