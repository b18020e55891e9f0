// The probes on the machine that runs the tests.
#include "host/machine.hpp"

#include "host/git.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <cstdlib>

namespace headway {
namespace {

TEST(Machine, real_machine_grants_something_and_no_more_than_it_has) {
  struct sysinfo facts {};
  ASSERT_EQ(sysinfo(&facts), 0);
  const auto total = static_cast<std::int64_t>(facts.totalram) * facts.mem_unit;
  EXPECT_GT(usable_cpus(), 0);
  EXPECT_LE(usable_cpus(), static_cast<double>(sysconf(_SC_NPROCESSORS_CONF)));
  EXPECT_GT(machine_share().memory_bytes, 0);
  EXPECT_LE(machine_share().memory_bytes, total + (1 << 20));
  EXPECT_GT(available_memory_bytes(), 0);
  EXPECT_LE(available_memory_bytes(), machine_share().memory_bytes);
  EXPECT_FALSE(host_name().empty());
  EXPECT_NE(kernel_release().find('.'), std::string::npos);
  EXPECT_FALSE(user_name().empty());
}

TEST(Machine, affinity_mask_lowers_the_cpus) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_LE(usable_cpus(), 1);
  sched_setaffinity(0, sizeof before, &before);
}

TEST(GitFacts, agree_with_git_itself) {
  if (std::system("git --version > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no git here";
  }
  TempFolder folder;
  const std::string script =
      "cd " + folder.path() +
      " && export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b"
      " GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b && git init -q -b main r && cd r"
      " && git commit -q --allow-empty -m one && git branch side && git pack-refs --all"
      " && git worktree add -q ../w side && git -C ../w commit -q --allow-empty -m two"
      " && git rev-parse HEAD > ../main_id && git rev-parse side > ../side_id";
  ASSERT_EQ(std::system(script.c_str()), 0);
  const GitFacts main = read_git_facts(folder / "r");
  EXPECT_EQ(main.branch, "main");
  EXPECT_EQ(main.commit + "\n", slurp(folder / "main_id"));
  const GitFacts side = read_git_facts(folder / "w");
  EXPECT_EQ(side.root, folder / "w");
  EXPECT_EQ(side.branch, "side");
  EXPECT_EQ(side.commit + "\n", slurp(folder / "side_id"));
}

}  // namespace
}  // namespace headway
