// See run_cgroup.hpp. The rules of v2: the kernel's admin-guide/cgroup-v2, "No Internal Process
// Constraint".
#include "host/run_cgroup.hpp"

#include "base/files.hpp"

#include <fmt/format.h>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <utility>

namespace headway {
namespace {

constexpr std::string_view kPrefix = "headway-";
constexpr std::string_view kSupervisor = "/supervisor";
constexpr const char* kSubtree = "/cgroup.subtree_control";
constexpr int kMostDepth = 16;
// What was killed is gone within so long.
constexpr int kRounds = 100;
constexpr unsigned kBetweenRoundsUs = 2000;

std::vector<std::string> folders_in(const std::string& folder) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(folder.c_str()), closedir);
  while (dir != nullptr) {
    const dirent* entry = readdir(dir.get());
    if (entry == nullptr) {
      break;
    }
    const std::string name = static_cast<const char*>(entry->d_name);
    if (entry->d_type == DT_DIR && name != "." && name != "..") {
      names.push_back(name);
    }
  }
  return names;
}

// Deepest first; what is in use stays.
void remove_tree(const std::string& folder, int depth = 0) {
  if (depth < kMostDepth) {
    for (const std::string& name : folders_in(folder)) {
      remove_tree(folder + "/" + name, depth + 1);
    }
  }
  rmdir(folder.c_str());
}

bool move_to(const std::string& folder, pid_t pid) {
  return pid <= 0 || write_cgroup_file(folder + "/cgroup.procs", std::to_string(pid));
}

// "headway-RUN.PID": the number; 0 for any other name.
pid_t owner_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (!name.starts_with(kPrefix) || dot == std::string_view::npos) {
    return 0;
  }
  pid_t pid = 0;
  const char* const end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + dot + 1, end, pid);
  return parsed.ec == std::errc() && parsed.ptr == end ? pid : 0;
}

bool is_dead(pid_t pid) {
  return pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

// The groups of a run's stages, and its own; what is still in them is killed where v2 has
// cgroup.kill (by their numbers it would not be safe). A process that hangs in the kernel keeps its
// group: it is not waited for.
void remove_stages(const std::string& run) {
  bool is_left = true;
  for (int round = 0; is_left && round < kRounds; ++round) {
    is_left = false;
    for (const std::string& name : folders_in(run)) {
      const std::string stage = run + "/" + name;
      if (name == kSupervisor.substr(1)) {
        continue;
      }
      remove_tree(stage);
      is_left |=
          path_exists(stage + "/cgroup.kill") && write_cgroup_file(stage + "/cgroup.kill", "1");
    }
    if (is_left) {
      usleep(kBetweenRoundsUs);
    }
  }
  rmdir(run.c_str());
}

// The group of a run, with those that are in its supervisor's group moved back above it.
void remove_run(const std::string& base, const std::string& name) {
  const std::string folder = base + "/" + name;
  const std::string supervisor = folder + std::string(kSupervisor);
  remove_stages(folder);
  if (path_exists(supervisor)) {
    for (const std::string& group : {folder, base}) {
      write_cgroup_file(group + kSubtree, "-memory");
    }
    for (const pid_t pid : cgroup_members(supervisor)) {
      move_to(base, pid);
    }
    rmdir(supervisor.c_str());
    rmdir(folder.c_str());
  }
}

// What nobody will remove any more.
void remove_dead_runs(const std::string& base) {
  for (const std::string& name : folders_in(base)) {
    if (is_dead(owner_of(name))) {
      remove_stages(base + "/" + name);
      remove_tree(base + "/" + name);
    }
  }
}

// Makes the memory controller of v2 work in the run's group; false, and nothing changed, where that
// would touch processes that are not ours.
bool hand_out_memory(const CgroupPlace& place,
                     const std::string& folder,
                     const RunCgroupOptions& options) {
  for (const pid_t pid : cgroup_members(place.folder)) {
    if (pid != options.pid && pid != options.watcher) {
      return false;
    }
  }
  const std::string supervisor = folder + std::string(kSupervisor);
  if (mkdir(supervisor.c_str(), 0755) != 0) {
    return false;
  }
  if (move_to(supervisor, options.watcher) && move_to(supervisor, options.pid) &&
      write_cgroup_file(place.folder + kSubtree, "+memory") &&
      write_cgroup_file(folder + kSubtree, "+memory")) {
    return true;
  }
  write_cgroup_file(folder + kSubtree, "-memory");
  write_cgroup_file(place.folder + kSubtree, "-memory");
  move_to(place.folder, options.watcher);
  move_to(place.folder, options.pid);
  rmdir(supervisor.c_str());
  return false;
}

void set_limit(const CgroupPlace& run, std::int64_t bytes) {
  if (!run.is_v2) {
    write_cgroup_file(run.folder + "/memory.use_hierarchy", "1");  // (before Linux 5.11)
  }
  if (bytes > 0) {
    write_cgroup_file(run.folder + (run.is_v2 ? "/memory.max" : "/memory.limit_in_bytes"),
                      std::to_string(bytes));
  }
}

}  // namespace

std::unique_ptr<RunCgroup> RunCgroup::create(const RunCgroupOptions& options) {
  std::unique_ptr<RunCgroup> made(new RunCgroup());
  const std::string name = fmt::format("{}{}.{}", kPrefix, options.run_id, options.pid);
  std::vector<CgroupPlace> places = cgroup_places(options.sysroot, options.pid);
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    remove_dead_runs(place->folder);
  }
  for (CgroupPlace& place : places) {
    const std::string folder = place.folder + "/" + name;
    if (mkdir(folder.c_str(), 0755) != 0) {
      continue;
    }
    if (place.is_v2 && place.has_memory) {
      place.has_memory = hand_out_memory(place, folder, options);
    }
    place.folder = folder;
    if (place.has_memory) {
      set_limit(place, options.limit_bytes);
    }
    made->folders_.push_back(std::move(place));
  }
  return made->folders_.empty() ? nullptr : std::move(made);
}

RunCgroup::~RunCgroup() {
  // v2 first, where what is left can be killed.
  for (auto run = folders_.rbegin(); run != folders_.rend(); ++run) {
    const std::size_t slash = run->folder.rfind('/');
    remove_run(run->folder.substr(0, slash), run->folder.substr(slash + 1));
  }
}

std::unique_ptr<StageCgroup> RunCgroup::open(std::string_view name,
                                             std::int64_t limit_bytes) const {
  std::vector<CgroupPlace> made;
  for (const CgroupPlace& run : folders_) {
    CgroupPlace place = run;
    place.folder = fmt::format("{}/{}", run.folder, name);
    if (mkdir(place.folder.c_str(), 0755) == 0) {
      made.push_back(std::move(place));
    }
  }
  return made.empty() ? nullptr : std::make_unique<StageCgroup>(std::move(made), limit_bytes);
}

bool RunCgroup::has_memory() const noexcept {
  return std::any_of(
      folders_.begin(), folders_.end(), [](const CgroupPlace& run) { return run.has_memory; });
}

void remove_run_cgroups(const std::string& sysroot, pid_t owner) {
  const std::vector<CgroupPlace> places = cgroup_places(sysroot, getpid());
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    std::string base = place->folder;
    if (base.ends_with(kSupervisor)) {
      base.resize(base.size() - kSupervisor.size());
      if (owner_of(base.substr(base.rfind('/') + 1)) == owner) {
        base.resize(base.rfind('/'));
      } else {
        base = place->folder;
      }
    }
    for (const std::string& name : folders_in(base)) {
      if (owner_of(name) == owner) {
        remove_run(base, name);
      }
    }
  }
}

}  // namespace headway
