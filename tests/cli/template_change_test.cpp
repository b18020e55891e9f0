// `headway init --template change`: the 13 stages run end to end in a fresh git repository, in each
// lane, and the cross-checks find what does not fit.
#include "support/headway_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace headway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A fresh repository with the template committed, on a branch of its own, without a program `gh`.
class ChangeTemplate : public testing::Test {
 protected:
  ChangeTemplate() {
    std::filesystem::create_directory(tools_);
    for (const char* folder : {"/usr/local/bin", "/usr/bin", "/bin"}) {
      std::error_code error;
      for (const auto& tool : std::filesystem::directory_iterator(folder, error)) {
        std::error_code is_there;
        if (tool.path().filename() != "gh") {
          std::filesystem::create_symlink(
              tool.path(), tools_ + "/" + tool.path().filename().string(), is_there);
        }
      }
    }
    program_.set("PATH", tools_);
    written_ = program_.run({"init", "--template", "change"});
    sh("git init -q -b main . && git config user.name 'A Person' && git config user.email "
       "person@example.com && git add -A && git commit -q -m 'chore: start' && git switch -q -c "
       "feat/login");
  }

  // What a command prints in the project.
  std::string sh(const std::string& command) {
    const std::string out = program_.path("../printed");
    const std::string line = "cd '" + program_.path() + "' && export HOME='" + program_.path("..") +
                             "' PATH='" + tools_ + "' GIT_CONFIG_NOSYSTEM=1 && { " + command +
                             "; } >'" + out + "' 2>&1";
    EXPECT_EQ(std::system(line.c_str()), 0) << command << "\n" << slurp(out);
    return slurp(out);
  }

  ProgramResult run_lane(const std::string& lane, const std::string& title = "Add a login") {
    return program_.run(
        {"run", "--lane", lane, "--change-id", "login", "--title", title, "--json"});
  }

  // In the lane that fits what changed.
  ProgramResult run_auto() {
    return program_.run({"run", "--change-id", "login", "--title", "Add a login", "--json"});
  }

  static std::vector<std::string> with_status(const ProgramResult& ran, std::string_view status) {
    std::vector<std::string> keys;
    const Json record = ran.json();
    for (const Json& stage : record["stages"].items()) {
      if (stage["status"].as_string() == status) {
        keys.push_back(stage["key"].as_string());
      }
    }
    return keys;
  }

  std::string output_of(const std::string& stage) {
    return program_.run({"logs", "--stage", stage, "--raw"}).out;
  }

  Program program_;
  std::string tools_ = program_.path("../tools");
  ProgramResult written_;
};

TEST_F(ChangeTemplate, is_written_whole_and_valid) {
  EXPECT_EQ(written_.exit_code, 0) << written_.err;
  EXPECT_THAT(written_.out, HasSubstr("process/pull_request.sh"));
  EXPECT_EQ(program_.run({"validate"}).exit_code, 0);
  const ProgramResult again = program_.run({"init", "--template", "change"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("process/tests.sh"));
  EXPECT_THAT(sh("git status --short"), IsEmpty());
}

TEST_F(ChangeTemplate, standard_lane_runs_all_stages_and_prints_the_pull_request) {
  const ProgramResult ran = run_lane("standard");
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(with_status(ran, "COMPLETED").size(), 13U) << ran.err;
  EXPECT_FALSE(ran.json()["gates"].items().empty());
  EXPECT_THAT(sh("git log --format=%s main.."),
              testing::Eq("chore: archive change login\nfeat: add a login\n"));
  const ProgramResult checked = program_.run({"commit", "check", "--range", "main.."});
  EXPECT_EQ(checked.exit_code, 0) << checked.out;
  EXPECT_THAT(sh("git tag"), testing::Eq("v0.0.1\n"));
  EXPECT_THAT(sh("git status --short"), IsEmpty()) << "everything is committed";
  EXPECT_THAT(sh("ls changes-archive/*-login"), HasSubstr("test_results.md"));
  EXPECT_THAT(program_.read("CHANGELOG.md"), HasSubstr("- Add a login (login)"));
  EXPECT_THAT(output_of("pull_request"), HasSubstr("# feat: add a login\n"));
}

TEST_F(ChangeTemplate, heavy_lane_runs_all_stages) {
  const ProgramResult ran = run_lane("heavy");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(with_status(ran, "COMPLETED").size(), 13U) << ran.err;
}

TEST_F(ChangeTemplate, docs_lane_leaves_out_scripts_tests_and_archive) {
  const ProgramResult ran = run_lane("docs", "Say more of the login");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(with_status(ran, "COMPLETED"),
              ElementsAre("todos",
                          "version",
                          "proposal",
                          "spec",
                          "tasks",
                          "checklist",
                          "implementation",
                          "review",
                          "commit",
                          "pull_request"));
  EXPECT_TRUE(ran.json()["gates"].items().empty());
  EXPECT_THAT(sh("git log --format=%s main.."), testing::Eq("docs: say more of the login\n"));
  EXPECT_THAT(output_of("pull_request"), HasSubstr("# docs: say more of the login\n"));
}

TEST_F(ChangeTemplate, lane_is_chosen_by_what_changed) {
  const auto lane = [this] { return program_.run({"lane", "-q"}).out; };
  const auto commit = [this](const std::string& files) {
    sh(files + " && git add -A && git commit -q -m 'feat: more'");
  };
  EXPECT_EQ(lane(), "standard\n") << "nothing changed yet";
  commit("mkdir guide && echo text >guide/a.md && echo text >README.md");
  EXPECT_EQ(lane(), "docs\n");
  EXPECT_EQ(run_auto().json()["lane"].as_string(), "docs");
  EXPECT_EQ(lane(), "docs\n") << "what the process wrote does not count";
  commit("mkdir src && echo code >src/a.c");
  EXPECT_EQ(lane(), "standard\n");
  const ProgramResult ran = run_auto();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.json()["lane"].as_string(), "standard");
  commit("for i in $(seq 20); do echo code >src/$i.c; done");
  EXPECT_EQ(lane(), "heavy\n");
}

TEST_F(ChangeTemplate, folders_and_sizes_of_consequence_take_the_heavy_lane) {
  const auto lane_with = [this](const std::string& files) {
    sh("git clean -q -f -d && " + files);
    return program_.run({"lane", "-q"}).out;
  };
  EXPECT_EQ(lane_with("mkdir -p src/auth && echo 1 >src/auth/a.c"), "heavy\n");
  EXPECT_EQ(lane_with("mkdir crypto && echo 1 >crypto/README.md"), "heavy\n");
  EXPECT_EQ(lane_with("seq 501 >a.c"), "heavy\n");
  EXPECT_EQ(lane_with("seq 500 >a.c"), "standard\n");
  EXPECT_EQ(lane_with("seq 900 >a.md"), "docs\n") << "25 documents are documents";
  EXPECT_EQ(lane_with("echo 1 >requirements.txt"), "standard\n");
  EXPECT_EQ(lane_with("mkdir docs && echo 1 >docs/build.sh"), "standard\n");
}

TEST_F(ChangeTemplate, tree_that_is_not_clean_is_refused) {
  program_.write("a.c", "int main(void) { return 0; }\n");
  const ProgramResult refused = run_lane("standard");
  EXPECT_EQ(refused.exit_code, 4) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("1 not clean: a.c"));
  EXPECT_THAT(refused.err, HasSubstr("git stash -u"));
  sh("git add -A && git commit -q -m 'feat: add a'");
  EXPECT_EQ(run_lane("standard").exit_code, 0) << "what the first run wrote does not count";
}

TEST_F(ChangeTemplate, old_python_is_warned_of) {
  sh("rm -f ../tools/python3");
  program_.write("../tools/python3", "#!/bin/sh\necho Python 3.6.9\n");
  const ProgramResult ran = run_lane("standard");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("python3 >= 3.11: 3.6.9"));
}

TEST_F(ChangeTemplate, change_that_is_not_in_the_tasks_fails_the_review) {
  ASSERT_EQ(
      program_.run({"run", "tasks", "--change-id", "login", "--title", "Add a login"}).exit_code,
      0);
  sh("sed -i 's/Add a login/Something else/' changes/login/tasks.md");
  const ProgramResult ran = run_lane("docs");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(with_status(ran, "FAILED"), ElementsAre("review"));
  EXPECT_THAT(output_of("review"),
              HasSubstr("error: a change of proposal.md is not in tasks.md: Add a login"));
  EXPECT_THAT(sh("git log --format=%s main.."), IsEmpty()) << "nothing was committed";
}

TEST_F(ChangeTemplate, what_does_not_agree_is_warned_of) {
  ASSERT_EQ(
      program_.run({"run", "scripts", "--change-id", "login", "--title", "Add a login"}).exit_code,
      0);
  sh("cd changes/login && sed -i 's/AC-01/AC-07/g' test_plan.md && "
     "echo '- src/login.c' >>spec.md && echo 'see [this](no/such.md), [that](spec.md#x), "
     "`[code](nowhere)`' >>proposal.md && sed -i 's/(R-01)/(none)/' tasks.md");
  sh("HEADWAY_CHANGE_ID=login sh process/review.sh");
  const std::string summary = program_.read("changes/login/review_summary.md");
  EXPECT_THAT(summary, HasSubstr("- warning: AC-01 of spec.md is not in test_plan.md\n"));
  EXPECT_THAT(summary, HasSubstr("- warning: R-01 of spec.md is not in tasks.md\n"));
  EXPECT_THAT(summary,
              HasSubstr("- warning: proposal.md links to no/such.md, which does not exist\n"));
  EXPECT_THAT(
      summary,
      HasSubstr("- warning: affected file of spec.md is not in proposal.md: src/login.c\n"));
  EXPECT_THAT(summary, HasSubstr("- warning: scripts/test-ac-01.sh is a stub yet\n"));
  EXPECT_THAT(summary, HasSubstr("0 errors, 5 warnings"));
}

TEST_F(ChangeTemplate, failing_tests_fail_the_gate_of_the_lane) {
  ASSERT_EQ(
      program_.run({"run", "scripts", "--change-id", "login", "--title", "Add a login"}).exit_code,
      0);
  program_.write("changes/login/scripts/test-more.sh", "#!/bin/sh\nexit 3\n");
  const ProgramResult ran = run_lane("heavy");
  EXPECT_EQ(ran.exit_code, 3) << ran.err;
  EXPECT_THAT(with_status(ran, "FAILED"), ElementsAre("tests"));
  EXPECT_THAT(program_.read("changes/login/test_results.md"),
              HasSubstr("| Tests | 1 passed, 1 failed |"));
}

TEST_F(ChangeTemplate, private_key_in_the_change_fails_the_gate) {
  program_.write("key.pem", "-----BEGIN RSA PRIVATE KEY-----\nnot a real one\n");
  sh("git add key.pem && git commit -q -m 'feat: add a key'");
  const ProgramResult ran = run_lane("standard");
  EXPECT_EQ(ran.exit_code, 3) << ran.err;
  EXPECT_THAT(output_of("tests"), HasSubstr("key.pem:1: a private key"));
}

TEST_F(ChangeTemplate, repeated_run_adds_what_is_new_and_keeps_the_rest) {
  ASSERT_EQ(
      program_.run({"run", "tasks", "--change-id", "login", "--title", "Add a login"}).exit_code,
      0);
  sh("sed -i 's/^- Add a login/- Add a login\\n- Log out *after* an hour/' "
     "changes/login/proposal.md && "
     "echo 'My note.' >>changes/login/tasks.md");
  const ProgramResult ran = run_lane("standard");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const std::string tasks = sh("cat changes-archive/*-login/tasks.md");
  EXPECT_THAT(tasks, HasSubstr("My note.\n"));
  EXPECT_THAT(tasks, HasSubstr("- [ ] T-02 (R-02): Log out *after* an hour\n"));
  EXPECT_THAT(program_.read("VERSION"), testing::Eq("0.0.1\n"))
      << "the version rises once a change";
}

TEST_F(ChangeTemplate, run_without_a_name_means_the_change_that_is_open) {
  ASSERT_EQ(
      program_.run({"run", "tasks", "--change-id", "login", "--title", "Add a login"}).exit_code,
      0);
  const ProgramResult ran = program_.run({"run", "--lane", "heavy"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_THAT(sh("git log --format=%s main.."),
              testing::Eq("chore: archive change login\nfeat: add a login\n"));
  EXPECT_THAT(output_of("pull_request"), HasSubstr("# feat: add a login\n"));
}

TEST_F(ChangeTemplate, pull_request_is_opened_where_gh_is_logged_in) {
  sh("git init -q --bare ../remote.git && git remote add origin ../remote.git && rm -f "
     "../tools/gh");
  program_.write("../tools/gh",
                 "#!/bin/sh\ncase \"$1 $2\" in 'auth status') exit 0 ;; 'pr view') exit 1 ;; esac\n"
                 "echo \"called: $*\"; cat\n");
  const ProgramResult ran = run_lane("standard", "Fix `a` & <b>: $HOME's \"login\".");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(output_of("pull_request"),
              HasSubstr("called: pr create --head feat/login --title fix: fix `a` & <b>: $HOME's "
                        "\"login\" --body-file -"));
  EXPECT_THAT(sh("git -C ../remote.git log -1 --format=%s feat/login"),
              testing::Eq("chore: archive change login\n"));
}

TEST_F(ChangeTemplate, resume_goes_on_where_the_pull_request_failed) {
  sh("git init -q --bare ../remote.git && git remote add origin ../remote.git && rm -f "
     "../tools/gh");
  program_.write("../tools/gh",
                 "#!/bin/sh\ncase \"$1 $2\" in 'auth status') exit 0 ;; 'pr view') exit 1 ;; esac\n"
                 "cat; test -e ../open\n");
  const ProgramResult failed = run_lane("standard");
  EXPECT_EQ(failed.exit_code, 1) << failed.err;
  EXPECT_THAT(with_status(failed, "FAILED"), ElementsAre("pull_request"));
  const std::string commits = sh("git log --oneline");
  program_.write("../open", "");
  const ProgramResult resumed = program_.run({"resume", "--json"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(sh("git log --oneline"), commits);
  EXPECT_THAT(program_.run({"why", "tests"}).out, HasSubstr("finished")) << "was not run again";
}

TEST_F(ChangeTemplate, proposal_can_be_written_between_two_runs) {
  ASSERT_EQ(
      program_.run({"run", "--until", "proposal", "--change-id", "login", "--title", "Add a login"})
          .exit_code,
      0);
  sh("sed -i 's/^- Add a login/- Add a form\\n- Check the password/' changes/login/proposal.md");
  const ProgramResult ran = program_.run({"run", "--from", "spec", "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(sh("cat changes-archive/*-login/tasks.md"),
              HasSubstr("- [ ] T-01 (R-01): Add a form\n- [ ] T-02 (R-02): Check the password\n"));
  EXPECT_THAT(sh("git log -1 --format=%s main..feat/login^"), testing::Eq("feat: add a login\n"));
}

}  // namespace
}  // namespace headway
