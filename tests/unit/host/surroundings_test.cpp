// Containers, virtual machines and WSL as fixtures.
#include "host/surroundings.hpp"

#include "support/sysroot.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(Surroundings, a_bare_machine) {
  const Sysroot root;
  root.put("/etc/os-release", "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
  root.put("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
  root.put("/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu vme\n");
  const Surroundings found = read_surroundings(root.path());
  EXPECT_EQ(found.system, "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(found.kernel, "6.1.0-18-amd64");
  EXPECT_EQ(found.container + found.machine, "");
  EXPECT_EQ(found.wsl, 0);
}

TEST(Surroundings, containers_by_their_marks) {
  const std::pair<const char*, const char*> marks[] = {
      {"/.dockerenv", "docker"},
      {"/run/.containerenv", "podman"},
      {"/var/run/secrets/kubernetes.io/x", "kubernetes"}};
  for (const auto& [file, kind] : marks) {
    const Sysroot root;
    root.put(file, "");
    EXPECT_EQ(read_surroundings(root.path()).container, kind);
  }
  const Sysroot root;
  root.put("/proc/1/cgroup", "0::/kubepods.slice/pod1\n");
  EXPECT_EQ(read_surroundings(root.path()).container, "kubernetes");
  root.put("/run/systemd/container", "lxc\n");
  EXPECT_EQ(read_surroundings(root.path()).container, "lxc");
}

TEST(Surroundings, virtual_machines_by_their_maker_or_the_processor) {
  const Sysroot root;
  root.put("/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu hypervisor vme\n");
  EXPECT_EQ(read_surroundings(root.path()).machine, "unknown kind");
  root.put("/sys/class/dmi/id/sys_vendor", "VMware, Inc.\n");
  EXPECT_EQ(read_surroundings(root.path()).machine, "vmware");
}

TEST(Surroundings, both_kinds_of_wsl) {
  const Sysroot root;
  root.put("/proc/sys/kernel/osrelease", "4.4.0-19041-Microsoft\n");
  EXPECT_EQ(read_surroundings(root.path()).wsl, 1);
  root.put("/proc/sys/kernel/osrelease", "5.15.90.1-microsoft-standard-WSL2\n");
  EXPECT_EQ(read_surroundings(root.path()).wsl, 2);
}

TEST(Surroundings, versions_of_kernels_compare) {
  EXPECT_EQ(kernel_version("5.15.0-91-generic"), (KernelVersion{5, 15}));
  EXPECT_LT(kernel_version("5.3.18"), (KernelVersion{5, 4}));
  EXPECT_LT(kernel_version("4.18"), (KernelVersion{5, 4}));
  EXPECT_GE(kernel_version("6.0"), (KernelVersion{5, 4}));
  EXPECT_EQ(kernel_version(""), (KernelVersion{0, 0}));
}

}  // namespace
}  // namespace headway
