// Which mount a path lies on, and what is known of its kind.
#include "host/mount_table.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

constexpr const char* kTable =
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n"
    "30 22 0:30 / /tmp rw,nosuid,noexec - tmpfs tmpfs rw,size=1g\n"
    "31 22 0:31 / /host/c rw - 9p drvfs rw,access=client\n"
    "32 22 0:32 /x /srv/my\\040share ro - nfs4 host:/export rw\n"
    "33 30 0:33 / /tmp rw - ext4 /dev/sdb1 rw\n"
    "nonsense\n";

TEST(MountTable, the_longest_point_wins_and_of_equal_ones_the_last) {
  const auto mounts = read_mounts(kTable);
  ASSERT_EQ(mounts.size(), 5U);
  EXPECT_EQ(mount_of(mounts, "/usr/ana")->kind, "ext4");
  EXPECT_EQ(mount_of(mounts, "/tmp/x")->source, "/dev/sdb1");
  EXPECT_EQ(mount_of(mounts, "/host/cc")->point, "/");
  EXPECT_EQ(mount_of(mounts, "/host/c")->kind, "9p");
}

TEST(MountTable, points_with_blanks_and_roots_are_read) {
  const auto mount = mount_of(read_mounts(kTable), "/srv/my share/a");
  ASSERT_TRUE(mount);
  EXPECT_EQ(mount->root, "/x");
  EXPECT_TRUE(mount->has_option("ro"));
  EXPECT_FALSE(mount->has_option("r"));
}

TEST(MountTable, without_mounts_nothing_is_known) {
  EXPECT_FALSE(mount_of({}, "/"));
  EXPECT_TRUE(read_mounts("").empty());
}

TEST(MountTable, kinds) {
  EXPECT_TRUE(is_remote_kind("nfs4") && is_remote_kind("9p") && is_remote_kind("fuse.sshfs"));
  EXPECT_FALSE(is_remote_kind("ext4") || is_remote_kind("overlay") || is_remote_kind(""));
  EXPECT_TRUE(is_memory_kind("tmpfs"));
}

}  // namespace
}  // namespace headway
