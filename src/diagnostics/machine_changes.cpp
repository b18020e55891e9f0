// What has changed between two prints of a machine; see machine_print.hpp. Pure.
#include "base/units.hpp"
#include "diagnostics/machine_print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace headway {
namespace {

constexpr double kSameMemory = 0.05;  // share that kernels differ by from boot to boot
constexpr std::int64_t kPlenty = std::int64_t{10} << 30;

const PrintedTool* find_tool(const MachinePrint& print, const std::string& name) {
  for (const PrintedTool& tool : print.tools) {
    if (tool.name == name) {
      return &tool;
    }
  }
  return nullptr;
}

std::string tool_text(const PrintedTool& tool, const std::string& version) {
  if (tool.file.path.empty()) {
    return "";
  }
  return version.empty() ? fmt::format("{} ({} bytes)", tool.file.path, tool.file.size)
                         : fmt::format("{} ({})", version, tool.file.path);
}

template <typename T>
std::string text_of(const T& value) {
  return fmt::format("{}", value);
}

void add(std::vector<MachineChange>& changes, MachineChange change) {
  if (change.before != change.after) {
    changes.push_back(std::move(change));
  }
}

// What either print does not know is no change.
void add_known(std::vector<MachineChange>& changes, MachineChange change) {
  if (!change.before.empty() && !change.after.empty()) {
    add(changes, std::move(change));
  }
}

void compare_tools(const MachinePrint& before,
                   const MachinePrint& now,
                   const std::function<std::string(const ToolFile&)>& version,
                   std::vector<MachineChange>& changes) {
  for (const PrintedTool& tool : now.tools) {
    const PrintedTool* old = find_tool(before, tool.name);
    if (old == nullptr || old->file == tool.file) {
      continue;
    }
    MachineChange change{"tool",
                         tool.name,
                         tool_text(*old, version(old->file)),
                         tool_text(tool, version(tool.file))};
    if (change.before == change.after) {
      change.after += ", another file of the same size";
    }
    changes.push_back(std::move(change));
  }
}

const std::string* find_value(const MachinePrint& print, const std::string& name) {
  for (const auto& [key, value] : print.values) {
    if (key == name) {
      return &value;
    }
  }
  return nullptr;
}

// A print that was cut knows nothing of names after its last one.
bool knows(const MachinePrint& print, const std::string& name) {
  return !print.is_cut || (!print.names.empty() && name <= print.names.back());
}

void compare_names(const MachinePrint& before,
                   const MachinePrint& now,
                   std::vector<MachineChange>& changes) {
  if (before.names.empty()) {
    return;
  }
  const auto has = [](const MachinePrint& print, const std::string& name) {
    return std::binary_search(print.names.begin(), print.names.end(), name);
  };
  for (const std::string& name : before.names) {
    if (!has(now, name) && knows(now, name)) {
      changes.push_back({"environment", name, "set", ""});
    }
  }
  for (const std::string& name : now.names) {
    if (!has(before, name) && knows(before, name)) {
      changes.push_back({"environment", name, "", "set"});
    }
  }
  for (const auto& [name, value] : now.values) {
    const std::string* old = find_value(before, name);
    if (old != nullptr) {
      add(changes, {"environment", name, *old, value});
    }
  }
}

std::string limit_text(const std::string& name, std::int64_t value) {
  return value < 0 ? "unlimited" : name.ends_with("_bytes") ? format_size(value) : text_of(value);
}

void compare_limits(const MachinePrint& before,
                    const MachinePrint& now,
                    std::vector<MachineChange>& changes) {
  for (const auto& [name, value] : now.limits) {
    for (const auto& [old_name, old_value] : before.limits) {
      if (name == old_name) {
        add(changes, {"limit", name, limit_text(name, old_value), limit_text(name, value)});
      }
    }
  }
}

void compare_disks(const MachinePrint& before,
                   const MachinePrint& now,
                   std::vector<MachineChange>& changes) {
  for (const PrintedDisk& disk : now.disks) {
    for (const PrintedDisk& old : before.disks) {
      if (disk.place != old.place) {
        continue;
      }
      add_known(changes, {"disk", disk.place, old.kind, disk.kind});
      const bool is_less =
          disk.free_bytes >= 0 && disk.free_bytes < old.free_bytes / 2 && disk.free_bytes < kPlenty;
      if (is_less) {
        changes.push_back({"disk",
                           disk.place,
                           format_size(old.free_bytes) + " free",
                           format_size(disk.free_bytes) + " free"});
      }
    }
  }
}

void compare_sizes(const MachinePrint& before,
                   const MachinePrint& now,
                   std::vector<MachineChange>& changes) {
  if (before.cpus > 0 && now.cpus > 0 && std::abs(before.cpus - now.cpus) > 0.01) {
    changes.push_back({"cpus", "", text_of(before.cpus), text_of(now.cpus)});
  }
  const auto old_bytes = static_cast<double>(before.memory_bytes);
  const auto bytes = static_cast<double>(now.memory_bytes);
  if (old_bytes > 0 && bytes > 0 && std::abs(bytes - old_bytes) > kSameMemory * old_bytes) {
    changes.push_back(
        {"memory", "", format_size(before.memory_bytes), format_size(now.memory_bytes)});
  }
}

}  // namespace

std::vector<MachineChange> changes_between(
    const MachinePrint& before,
    const MachinePrint& now,
    const std::function<std::string(const ToolFile&)>& version) {
  std::vector<MachineChange> changes;
  compare_tools(before, now, version, changes);
  add_known(changes, {"git", "commit", before.commit, now.commit});
  add_known(changes, {"git", "branch", before.branch, now.branch});
  compare_names(before, now, changes);
  compare_limits(before, now, changes);
  compare_disks(before, now, changes);
  compare_sizes(before, now, changes);
  add_known(changes, {"kernel", "", before.kernel, now.kernel});
  add_known(changes, {"system", "", before.system, now.system});
  add_known(changes, {"host", "", before.host, now.host});
  add_known(changes, {"headway", "", before.headway, now.headway});
  return changes;
}

}  // namespace headway
