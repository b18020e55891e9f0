// See mount_table.hpp. Format: proc_pid_mountinfo(5).
#include "host/mount_table.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace headway {
namespace {

constexpr std::array<std::string_view, 21> kRemoteKinds{"nfs",
                                                        "nfs4",
                                                        "cifs",
                                                        "smb3",
                                                        "smbfs",
                                                        "9p",
                                                        "v9fs",
                                                        "drvfs",
                                                        "ceph",
                                                        "glusterfs",
                                                        "afs",
                                                        "lustre",
                                                        "gpfs",
                                                        "ocfs2",
                                                        "vboxsf",
                                                        "prl_fs",
                                                        "virtiofs",
                                                        "fuse.sshfs",
                                                        "fuse.glusterfs",
                                                        "fuse.s3fs",
                                                        "fuse.vmhgfs-fuse"};
constexpr std::array<std::string_view, 3> kMemoryKinds{"tmpfs", "ramfs", "devtmpfs"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

bool lies_in(std::string_view path, std::string_view folder) {
  if (folder == "/") {
    return path.starts_with('/');
  }
  return path == folder ||
         (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

// mountinfo writes space, tab, newline and backslash as \ooo.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
        is_octal(text[i + 3])) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                               (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

// "36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw"
std::optional<Mount> read_mount(std::string_view line) {
  constexpr std::string_view kDash = " - ";
  const std::size_t dash = line.find(kDash);
  if (dash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto left = split(line.substr(0, dash), ' ');
  const auto right = split(line.substr(dash + kDash.size()), ' ');
  if (left.size() < 6 || right.size() < 3) {
    return std::nullopt;
  }
  return Mount{unescape(left[3]),
               unescape(left[4]),
               std::string(right[0]),
               unescape(right[1]),
               std::string(left[5]) + "," + std::string(right[2])};
}

}  // namespace

bool Mount::has_option(std::string_view option) const {
  const auto all = split(options, ',');
  return std::find(all.begin(), all.end(), option) != all.end();
}

std::vector<Mount> read_mounts(std::string_view mountinfo) {
  std::vector<Mount> mounts;
  for (const std::string_view line : split(mountinfo, '\n')) {
    if (auto mount = read_mount(line)) {
      mounts.push_back(*std::move(mount));
    }
  }
  return mounts;
}

std::optional<Mount> mount_of(const std::vector<Mount>& mounts, std::string_view path) {
  const Mount* found = nullptr;
  for (const Mount& mount : mounts) {
    if (lies_in(path, mount.point) &&
        (found == nullptr || mount.point.size() >= found->point.size())) {
      found = &mount;
    }
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

bool is_remote_kind(std::string_view kind) {
  return has(kRemoteKinds, kind);
}

bool is_memory_kind(std::string_view kind) {
  return has(kMemoryKinds, kind);
}

}  // namespace headway
