// Surroundings: what this process runs in: distribution, kernel, container, virtual machine, WSL.
// Read from a sysroot. Judges nothing.
#pragma once

#include <string>
#include <string_view>

namespace headway {

// Empty texts where the machine does not tell, or there is none.
struct Surroundings {
  std::string system;     // "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;     // "6.1.0-18-amd64"
  std::string container;  // "docker", "podman", "kubernetes", "lxc", ...
  std::string container_source;
  std::string machine;  // "kvm", "vmware", ...: the virtual machine
  int wsl = 0;          // 1 or 2: Windows Subsystem for Linux

  bool operator==(const Surroundings&) const = default;
};

// The name and version of the distribution; cheap.
std::string system_name(const std::string& sysroot = "");
Surroundings read_surroundings(const std::string& sysroot = "");

// A kernel release as two numbers: "5.15.0-91" is 5, 15; zeros where it is none.
struct KernelVersion {
  int major = 0, minor = 0;

  auto operator<=>(const KernelVersion&) const = default;
};
KernelVersion kernel_version(std::string_view release);

}  // namespace headway
