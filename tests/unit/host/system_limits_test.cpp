// Limits as the kernel writes them.
#include "host/system_limits.hpp"

#include "support/sysroot.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(SystemLimits, limits_memory_files_and_watches_are_read) {
  const Sysroot root;
  root.put("/proc/self/limits",
           "Limit                     Soft Limit           Hard Limit           Units     \n"
           "Max cpu time              unlimited            unlimited            seconds   \n"
           "Max file size             1048576              unlimited            bytes     \n"
           "Max processes             63432                63432                processes \n"
           "Max open files            1024                 1048576              files     \n");
  root.put("/proc/meminfo",
           "SwapTotal:  2048 kB\nSwapFree:  1024 kB\nCommitLimit:  10 kB\nCommitted_AS:  4 kB\n");
  root.put("/proc/sys/vm/overcommit_memory", "2\n");
  root.put("/proc/sys/fs/file-nr", "1184\t0\t9223372036854775807\n");
  root.put("/proc/sys/fs/inotify/max_user_watches", "8192\n");
  const SystemLimits limits = read_system_limits(root.path());
  EXPECT_TRUE(limits.is_known);
  EXPECT_EQ(limits.open_files, 1024);
  EXPECT_EQ(limits.open_files_hard, 1048576);
  EXPECT_EQ(limits.processes, 63432);
  EXPECT_EQ(limits.file_size_bytes, 1048576);
  EXPECT_FALSE(limits.cpu_seconds);
  EXPECT_EQ(limits.swap_total_bytes, 2048 * 1024);
  EXPECT_EQ(limits.commit_limit_bytes, 10 * 1024);
  EXPECT_EQ(limits.overcommit_mode, 2);
  EXPECT_EQ(limits.machine_files, 1184);
  EXPECT_EQ(limits.inotify_watches, 8192);
  EXPECT_FALSE(limits.inotify_instances);
}

TEST(SystemLimits, a_kernel_that_tells_nothing) {
  const Sysroot root;
  const SystemLimits limits = read_system_limits(root.path());
  EXPECT_FALSE(limits.is_known || limits.open_files || limits.overcommit_mode);
}

}  // namespace
}  // namespace headway
