// Hooks looked at with real programs, files, sockets and repositories.
#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "diagnostics/hook_round.hpp"
#include "headway/hooks.hpp"
#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace headway {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HookChecks : public testing::Test {
 protected:
  HookQuestion question(Hook hook) const {
    HookQuestion asked{std::move(hook), {}, std::make_shared<const HookPlace>(place())};
    if (asked.hook.kind == HookKind::run) {
      asked.argv = {"/bin/sh", "-c", asked.hook.run.script};
    }
    return asked;
  }
  HookFinding look(Hook hook) const { return check_hook(question(std::move(hook))); }
  HookPlace place() const {
    return {folder_.path(),
            {"PATH=" + folder_.path() + "/bin:/usr/local/bin:/usr/bin:/bin",
             "HOME=" + folder_.path(),
             "TOKEN=secret",
             "EMPTY=",
             "GIT_CONFIG_GLOBAL=/dev/null",
             "GIT_CONFIG_NOSYSTEM=1"}};
  }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  void program(const std::string& name, const std::string& text) const {
    write("bin/" + name, "#!/bin/sh\n" + text);
    ::chmod((folder_ / ("bin/" + name)).c_str(), 0755);
  }
  void shell(const std::string& command) const {
    const std::string line = "cd " + folder_.path() +
                             " && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 && (" +
                             command + ") > /dev/null 2>&1";
    ASSERT_EQ(std::system(line.c_str()), 0) << command;
  }
  void repository() const {
    shell(
        "git init -q -b topic . && git config user.name n && git config user.email e@example.org "
        "&& mkdir changes && touch a changes/x && git add . && git commit -qm first");
  }
  static Hook hook(HookKind kind, const std::string& name = "") {
    Hook made;
    made.kind = kind;
    made.name = name;
    return made;
  }
  static Hook tool(const std::string& name, const std::string& range) {
    Hook made = hook(HookKind::tool, name);
    made.version = *VersionRange::parse(range);
    return made;
  }
  static Hook git(GitWish wish) {
    Hook made = hook(HookKind::git);
    made.git = wish;
    return made;
  }
  static Hook run(const std::string& script, Nanos timeout = 10s) {
    Hook made = hook(HookKind::run);
    made.run.script = script;
    made.timeout = timeout;
    return made;
  }

  const TempFolder folder_;
};

TEST_F(HookChecks, tool_is_found_in_the_path_of_the_stage) {
  program("mytool", "echo never asked");
  EXPECT_TRUE(look(hook(HookKind::tool, "mytool")).passed);
  const HookFinding missing = look(hook(HookKind::tool, "no-such-tool"));
  EXPECT_FALSE(missing.passed);
  EXPECT_EQ(missing.found, "not found in PATH");
  EXPECT_EQ(missing.hint, "install no-such-tool, or add its folder to PATH");
}

TEST_F(HookChecks, version_of_a_tool_is_asked_and_compared) {
  program("mytool", "test \"$1\" = --version && echo mytool version 2.9.1");
  const HookFinding old = look(tool("mytool", ">= 2.30"));
  EXPECT_FALSE(old.passed);
  EXPECT_THAT(old.found, StartsWith("2.9.1 ("));
  EXPECT_EQ(old.expected, ">= 2.30");
  EXPECT_EQ(old.hint, "install mytool >= 2.30");
  EXPECT_TRUE(look(tool("mytool", ">= 2.9, < 3")).passed);
}

TEST_F(HookChecks, tool_that_does_not_tell_its_version_is_refused) {
  program("mute", "exit 0");
  EXPECT_THAT(look(tool("mute", ">= 1")).found, HasSubstr("does not tell its version"));
}

// doctor looks at hooks of a clone that nobody has read yet.
TEST_F(HookChecks, programs_of_the_folder_that_is_not_trusted_are_never_started) {
  repository();
  program("git", "touch " + folder_.path() + "/started");
  program("mytool", "touch " + folder_.path() + "/started");
  program("make", "touch " + folder_.path() + "/started");
  HookPlace place = HookChecks::place();
  place.unasked_folder = folder_.path();
  const auto shared = std::make_shared<const HookPlace>(place);
  for (const Hook& one :
       {tool("mytool", ">= 1"), tool("make", ">= 1"), git(GitWish::clean), tool("git", ">= 1")}) {
    const HookFinding finding = check_hook({one, {}, shared});
    EXPECT_FALSE(finding.is_answered) << finding.found;
    EXPECT_THAT(finding.found, HasSubstr("not asked")) << one.name;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "started"));
}

TEST_F(HookChecks, variable_is_set_and_not_empty_and_never_shown) {
  EXPECT_TRUE(look(hook(HookKind::env, "TOKEN")).passed);
  EXPECT_EQ(look(hook(HookKind::env, "TOKEN")).found, "set");
  EXPECT_EQ(look(hook(HookKind::env, "EMPTY")).found, "empty");
  EXPECT_EQ(look(hook(HookKind::env, "OTHER")).found, "not set");
}

TEST_F(HookChecks, file_is_looked_for_below_the_folder_of_the_workflow) {
  write("sub/file", "");
  EXPECT_TRUE(look(hook(HookKind::file, "sub/file")).passed);
  EXPECT_FALSE(look(hook(HookKind::file, "sub/other")).passed);
}

TEST_F(HookChecks, disk_and_memory_are_compared_with_what_is_free) {
  for (const HookKind kind : {HookKind::disk, HookKind::memory}) {
    Hook wanted = hook(kind);
    wanted.bytes = 1;
    EXPECT_TRUE(look(wanted).passed) << look(wanted).found;
    wanted.bytes = std::int64_t{1} << 60;
    EXPECT_FALSE(look(wanted).passed);
  }
}

TEST_F(HookChecks, port_on_which_somebody_listens_is_refused_with_who_it_is) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  socklen_t size = sizeof(address);
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  Hook wanted = hook(HookKind::port);
  wanted.port = ntohs(address.sin_port);
  EXPECT_TRUE(look(wanted).passed);  // bound, but nobody listens yet
  ASSERT_EQ(::listen(socket.get(), 1), 0);
  const HookFinding taken = look(wanted);
  EXPECT_FALSE(taken.passed);
  EXPECT_THAT(taken.found, HasSubstr("process " + std::to_string(::getpid())));
}

// ---- git

TEST_F(HookChecks, git_is_refused_outside_a_repository) {
  EXPECT_EQ(look(git(GitWish::clean)).found, "not a git repository");
  EXPECT_EQ(look(git(GitWish::no_conflicts)).found, "not a git repository");
}

TEST_F(HookChecks, clean_tree_has_nothing_changed_or_untracked_but_what_is_excepted) {
  repository();
  EXPECT_TRUE(look(git(GitWish::clean)).passed);
  shell("echo more >> changes/x && touch changes/new");
  const HookFinding dirty = look(git(GitWish::clean));
  EXPECT_FALSE(dirty.passed);
  EXPECT_EQ(dirty.found, "2 not clean: changes/x, changes/new");
  Hook apart = git(GitWish::clean);
  apart.except = {"changes/**"};
  EXPECT_TRUE(look(apart).passed);
  shell("touch b");
  EXPECT_EQ(look(apart).found, "1 not clean: b");
}

TEST_F(HookChecks, neither_settings_nor_variables_of_git_hide_what_is_there) {
  repository();
  shell("git config status.showUntrackedFiles no && touch new");
  HookQuestion asked = question(git(GitWish::clean));
  HookPlace changed = place();
  changed.environment.emplace_back("GIT_DIR=/nonexistent");
  changed.environment.emplace_back("GIT_INDEX_FILE=/nonexistent");
  asked.place = std::make_shared<const HookPlace>(changed);
  EXPECT_EQ(check_hook(asked).found, "1 not clean: new");
}

TEST_F(HookChecks, branch_is_matched_and_excepted_and_detached_is_none) {
  repository();
  EXPECT_TRUE(look(git(GitWish::branch)).passed);
  Hook release = git(GitWish::branch);
  release.match = "release/*";
  EXPECT_FALSE(look(release).passed);
  EXPECT_EQ(look(release).expected, "a branch like release/*");
  Hook not_topic = git(GitWish::branch);
  not_topic.except = {"main", "topic"};
  EXPECT_FALSE(look(not_topic).passed);
  shell("git checkout -q -b release/1");
  EXPECT_TRUE(look(release).passed);
  EXPECT_TRUE(look(not_topic).passed);
  shell("git checkout -q --detach");
  EXPECT_FALSE(look(git(GitWish::branch)).passed);
}

TEST_F(HookChecks, conflicts_are_seen) {
  repository();
  EXPECT_TRUE(look(git(GitWish::no_conflicts)).passed);
  shell(
      "git checkout -q -b other && echo 1 > a && git commit -qam 1 && git checkout -q topic && "
      "echo 2 > a && git commit -qam 2 && ! git merge -q other");
  EXPECT_EQ(look(git(GitWish::no_conflicts)).found, "1 unmerged: a");
}

TEST_F(HookChecks, commits_that_the_upstream_lacks_are_not_pushed) {
  repository();
  EXPECT_EQ(look(git(GitWish::pushed)).found, "branch topic has no upstream");
  shell(
      "git clone -q --bare . up.git && git remote add origin up.git && git fetch -q origin && "
      "git branch -q -u origin/topic");
  EXPECT_TRUE(look(git(GitWish::pushed)).passed) << look(git(GitWish::pushed)).found;
  shell("git commit -q --allow-empty -m second");
  EXPECT_EQ(look(git(GitWish::pushed)).found, "1 commit is not in origin/topic");
  EXPECT_EQ(look(git(GitWish::pushed)).hint, "git push");
}

// ---- commands

TEST_F(HookChecks, command_must_end_with_0_and_its_last_line_is_told) {
  EXPECT_TRUE(look(run("test \"$TOKEN\" = secret && test -d bin || true")).passed);
  Hook failing = run("echo first; echo 'not logged in' >&2; exit 3");
  EXPECT_EQ(look(failing).found, "exit code 3: not logged in");
  failing.hint = "log in";
  EXPECT_EQ(look(failing).hint, "log in");
  EXPECT_EQ(look(run("kill -9 $$")).found, "killed by a signal");
}

TEST_F(HookChecks, command_that_is_not_there_says_so) {
  HookQuestion asked = question(run("x"));
  asked.argv = {"no-such-program"};
  EXPECT_THAT(check_hook(asked).found, HasSubstr("no-such-program"));
}

// Whether that process is gone, or only waits to be reaped.
bool is_gone(pid_t pid) {
  const auto stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  return !stat || stat->find(") Z ") != std::string::npos;
}

pid_t number_in(const std::string& path) {
  return std::atoi(read_file(path).value_or("0").c_str());
}

TEST_F(HookChecks, command_beyond_its_deadline_is_killed_with_what_it_started) {
  const HookFinding late = look(run("sleep 100 & echo $! > child; wait", 3s));
  EXPECT_FALSE(late.passed);
  EXPECT_THAT(late.found, StartsWith("no answer within 3"));
  const pid_t child = number_in(folder_ / "child");
  ASSERT_GT(child, 0);
  for (int i = 0; i < 200 && !is_gone(child); ++i) {
    ::usleep(10'000);
  }
  EXPECT_TRUE(is_gone(child));
}

// ---- rounds

TEST_F(HookChecks, hooks_of_a_round_are_looked_at_beside_each_other) {
  // Each waits for what the other makes: one after the other neither would pass.
  const std::string wait = "while ! test -e ";
  const auto findings =
      check_hooks({question(run("touch one; " + wait + "two; do sleep 0.01; done")),
                   question(run("touch two; " + wait + "one; do sleep 0.01; done"))});
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_TRUE(findings[0].passed) << findings[0].found;
  EXPECT_TRUE(findings[1].passed) << findings[1].found;
}

TEST_F(HookChecks, round_that_is_stopped_ends_and_leaves_nothing) {
  HookRound round({question(run("echo $$ > pid; exec sleep 100", 100s))});
  while (number_in(folder_ / "pid") == 0) {
    EXPECT_FALSE(round.wait(10ms));
  }
  round.stop();
  EXPECT_TRUE(round.wait(10s));
  const pid_t pid = number_in(folder_ / "pid");
  for (int i = 0; i < 500 && !is_gone(pid); ++i) {
    ::usleep(10'000);
  }
  EXPECT_TRUE(is_gone(pid));
}

// ---- the library's face

TEST_F(HookChecks, registry_begins_with_the_hooks_of_the_change_process) {
  const HookRegistry registry({.directory = folder_.path(), .change_folder = "changes"});
  EXPECT_THAT(registry.stages(), ElementsAre(0, 1, 10, 12));
  EXPECT_THAT(registry.get_hooks(0), ElementsAre("tool python3 >= 3.11", "tool git"));
  EXPECT_THAT(registry.get_hooks(1),
              ElementsAre("git clean except changes", "git branch except main, master, develop"));
  EXPECT_THAT(registry.get_hooks(10), ElementsAre("git no-conflicts"));
  EXPECT_THAT(registry.get_hooks(12), ElementsAre("tool gh", "run gh auth status"));
  EXPECT_TRUE(registry.check(5).empty());
}

TEST_F(HookChecks, registry_judges_a_real_repository) {
  repository();
  const HookRegistry registry({.directory = folder_.path(), .change_folder = "changes"});
  shell("touch changes/new");
  EXPECT_TRUE(may_start(registry.check(1)));
  shell("git checkout -q -b main");
  const auto results = registry.check(1);
  EXPECT_FALSE(may_start(results));
  EXPECT_EQ(results.at(1).found, "main");
  EXPECT_EQ(results.at(1).hint, "make a branch for the change: git switch -c NAME");
}

TEST_F(HookChecks, registry_of_ones_own_refuses_what_makes_no_sense) {
  auto registry = HookRegistry::empty({.directory = folder_.path()});
  EXPECT_FALSE(registry.add(0, {}));
  EXPECT_FALSE(registry.add(0, {.tool = "git", .env = "HOME"}));
  EXPECT_FALSE(registry.add(0, {.tool = "git", .version = "2"}));
  EXPECT_FALSE(registry.add(0, {.git = "tidy"}));
  EXPECT_FALSE(registry.add(0, {.port = 70'000}));
  EXPECT_FALSE(registry.add(0, {.tool = "git", .timeout = Seconds(0)}));
  EXPECT_FALSE(registry.add(-1, {.tool = "git"}));
  EXPECT_TRUE(registry.stages().empty());
  ASSERT_TRUE(registry.add(3, {.file = "nowhere", .is_warning = true}));
  ASSERT_TRUE(registry.add(3, {.run = {"true"}}));
  const auto results = registry.check(3);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_FALSE(results[0].passed);
  EXPECT_TRUE(results[1].passed);
  EXPECT_TRUE(may_start(results));
  registry.clear(3);
  EXPECT_TRUE(registry.check(3).empty());
}

}  // namespace
}  // namespace headway
