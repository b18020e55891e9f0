// See surroundings.hpp. Formats: os-release(5), cgroups(7), the Container Interface of systemd.
#include "host/surroundings.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "host/kernel_text.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace headway {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{1} << 20;

std::string content_of(const std::string& path) {
  return read_file(path, kMaxBytes).value_or("");
}

std::string first_line(const std::string& path) {
  const std::string text = content_of(path);
  return std::string(trim(std::string_view(text).substr(0, text.find('\n'))));
}

// The value of a line NAME=value or NAME="value".
std::string shell_value(std::string_view text, std::string_view name) {
  for (std::string_view line : split(text, '\n')) {
    if (line.starts_with(name) && line.substr(name.size()).starts_with('=')) {
      line.remove_prefix(name.size() + 1);
      const bool is_quoted = line.size() >= 2 && line.front() == '"' && line.back() == '"';
      return std::string(is_quoted ? line.substr(1, line.size() - 2) : line);
    }
  }
  return "";
}

// The kind of container and the file that tells.
std::pair<std::string, std::string> container_of(const std::string& sysroot) {
  if (path_exists(sysroot + "/var/run/secrets/kubernetes.io")) {
    return {"kubernetes", "/var/run/secrets/kubernetes.io"};
  }
  if (path_exists(sysroot + "/run/.containerenv")) {
    return {"podman", "/run/.containerenv"};
  }
  if (path_exists(sysroot + "/.dockerenv")) {
    return {"docker", "/.dockerenv"};
  }
  if (std::string kind = first_line(sysroot + "/run/systemd/container"); !kind.empty()) {
    return {std::move(kind), "/run/systemd/container"};
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kMarks{
      {{"kubepods", "kubernetes"},
       {"docker", "docker"},
       {"libpod", "podman"},
       {"containerd", "containerd"},
       {"lxc", "lxc"}}};
  const std::string groups = content_of(sysroot + "/proc/1/cgroup");
  for (const auto& [mark, kind] : kMarks) {
    if (groups.find(mark) != std::string::npos) {
      return {std::string(kind), "/proc/1/cgroup"};
    }
  }
  return {};
}

std::string virtual_machine_of(const std::string& sysroot) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kMakers{
      {{"QEMU", "qemu"},
       {"KVM", "kvm"},
       {"VMware", "vmware"},
       {"innotek", "virtualbox"},
       {"Xen", "xen"},
       {"Microsoft Corporation", "hyper-v"},
       {"Google", "google"},
       {"Amazon EC2", "amazon"},
       {"Parallels", "parallels"}}};
  const std::string dmi = first_line(sysroot + "/sys/class/dmi/id/sys_vendor") + " " +
                          first_line(sysroot + "/sys/class/dmi/id/product_name");
  for (const auto& [mark, kind] : kMakers) {
    if (dmi.find(mark) != std::string::npos) {
      return std::string(kind);
    }
  }
  const std::string cpus = content_of(sysroot + "/proc/cpuinfo");
  const std::size_t flags = cpus.find("\nflags");
  const std::string_view line =
      flags == std::string::npos
          ? std::string_view()
          : std::string_view(cpus).substr(flags + 1, cpus.find('\n', flags + 1) - flags - 1);
  const auto words = split(line, ' ');
  return std::find(words.begin(), words.end(), "hypervisor") != words.end() ? "unknown kind" : "";
}

// WSL 1 has no real kernel; its release ends in "Microsoft", that of WSL 2 in "microsoft-standard".
int wsl_of(std::string_view release) {
  if (release.find("Microsoft") != std::string_view::npos) {
    return 1;
  }
  return release.find("microsoft") != std::string_view::npos ||
                 release.find("WSL2") != std::string_view::npos
             ? 2
             : 0;
}

}  // namespace

std::string system_name(const std::string& sysroot) {
  std::string text = content_of(sysroot + "/etc/os-release");
  if (text.empty()) {
    text = content_of(sysroot + "/usr/lib/os-release");
  }
  return shell_value(text, "PRETTY_NAME");
}

Surroundings read_surroundings(const std::string& sysroot) {
  Surroundings found;
  found.system = system_name(sysroot);
  found.kernel = first_line(sysroot + "/proc/sys/kernel/osrelease");
  std::tie(found.container, found.container_source) = container_of(sysroot);
  found.machine = virtual_machine_of(sysroot);
  found.wsl = wsl_of(found.kernel);
  return found;
}

KernelVersion kernel_version(std::string_view release) {
  KernelVersion version;
  const std::size_t dot = release.find('.');
  version.major = static_cast<int>(leading_integer(release).value_or(0));
  if (dot != std::string_view::npos) {
    version.minor = static_cast<int>(leading_integer(release.substr(dot + 1)).value_or(0));
  }
  return version;
}

}  // namespace headway
