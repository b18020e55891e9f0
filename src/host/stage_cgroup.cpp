// See stage_cgroup.hpp. Formats: the kernel's admin-guide/cgroup-v1/memory and cgroup-v2.
#include "host/stage_cgroup.hpp"

#include "base/files.hpp"
#include "host/kernel_text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace headway {
namespace {

constexpr std::int64_t kMaxBytes = 64 << 10;

// How the files of the memory controller are called.
struct MemoryFiles {
  const char* now;
  const char* peak;  // (v2: Linux 5.19)
  const char* limit;
  const char* kills;
  // In memory.stat: file pages, those of them that belong to no file on a disk and so cannot be
  // dropped, and other memory that can.
  const char* cache;
  const char* shared;
  const char* slab;
};

constexpr MemoryFiles kV1 = {"/memory.usage_in_bytes",
                             "/memory.max_usage_in_bytes",
                             "/memory.limit_in_bytes",
                             "/memory.oom_control",
                             "total_cache",
                             "total_shmem",
                             ""};
constexpr MemoryFiles kV2 = {"/memory.current",
                             "/memory.peak",
                             "/memory.max",
                             "/memory.events",
                             "file",
                             "shmem",
                             "slab_reclaimable"};

const MemoryFiles& files_of(const CgroupPlace& place) {
  return place.is_v2 ? kV2 : kV1;
}

std::string content_of(const std::string& path) {
  return read_file(path, kMaxBytes).value_or("");
}

// Bytes that the kernel drops before it kills anything.
std::int64_t cached_bytes(const CgroupPlace& place) {
  const MemoryFiles& files = files_of(place);
  const std::string stat = content_of(place.folder + "/memory.stat");
  const auto field = [&stat](const char* name) { return integer_field(stat, name).value_or(0); };
  const std::int64_t cache =
      field(files.cache) - field(files.shared) + (*files.slab == '\0' ? 0 : field(files.slab));
  return std::max<std::int64_t>(0, cache);
}

std::optional<std::int64_t> without_cache(const CgroupPlace& place, const char* file) {
  const auto all = leading_integer(content_of(place.folder + file));
  return all ? std::optional(std::max<std::int64_t>(0, *all - cached_bytes(place))) : std::nullopt;
}

}  // namespace

bool write_cgroup_file(const std::string& path, std::string_view text) {
  // (the kernel's files are there; with O_CREAT a folder can stand in for a group)
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  return fd && write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

StageCgroup::StageCgroup(std::vector<CgroupPlace> folders, std::int64_t limit_bytes)
    : folders_(std::move(folders)) {
  for (std::size_t i = 0; i < folders_.size() && i < entries_.size(); ++i) {
    const CgroupPlace& place = folders_[i];
    const std::string path = place.folder + "/cgroup.procs";
    entries_[i].reset(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    if (place.has_memory && memory_ == nullptr) {
      memory_ = &place;
    }
  }
  if (memory_ != nullptr && limit_bytes > 0) {
    write_cgroup_file(memory_->folder + files_of(*memory_).limit, std::to_string(limit_bytes));
  }
}

StageCgroup::~StageCgroup() {
  for (const CgroupPlace& place : folders_) {
    rmdir(place.folder.c_str());
  }
}

void StageCgroup::close_entries() {
  for (UniqueFd& entry : entries_) {
    entry.reset();
  }
}

std::optional<std::int64_t> StageCgroup::memory_bytes() const {
  return memory_ == nullptr ? std::nullopt : without_cache(*memory_, files_of(*memory_).now);
}

CgroupUsage StageCgroup::usage() const {
  CgroupUsage usage;
  if (memory_ != nullptr) {
    const MemoryFiles& files = files_of(*memory_);
    usage.peak_bytes = without_cache(*memory_, files.peak);
    usage.oom_kills = integer_field(content_of(memory_->folder + files.kills), "oom_kill");
  }
  for (const CgroupPlace& place : folders_) {
    if (place.is_v2) {  // (told of every group, with or without the cpu controller)
      const auto used = integer_field(content_of(place.folder + "/cpu.stat"), "usage_usec");
      usage.cpu = used ? std::optional(Nanos(*used * 1000)) : std::nullopt;
    }
  }
  return usage;
}

// The file must be there: a kernel may be older than it.
bool StageCgroup::write_v2(std::string_view name, std::string_view text) const {
  for (const CgroupPlace& place : folders_) {
    const std::string path = place.folder + std::string(name);
    if (place.is_v2 && path_exists(path)) {
      return write_cgroup_file(path, text);
    }
  }
  return false;
}

bool StageCgroup::kill() const {
  return write_v2("/cgroup.kill", "1");
}

bool StageCgroup::freeze(bool on) const {
  return write_v2("/cgroup.freeze", on ? "1" : "0");
}

}  // namespace headway
