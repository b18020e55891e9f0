// Checks of disks: room in bytes and inodes, whether one may write, kinds of file systems. Gathers
// nothing.
#include "base/text.hpp"
#include "base/units.hpp"
#include "diagnostics/check.hpp"

#include <fmt/format.h>

#include <string_view>

namespace headway {
namespace {

constexpr std::int64_t kHardlyAny = std::int64_t{16} << 20;
constexpr std::int64_t kLittle = std::int64_t{1} << 30;
constexpr double kLittleShare = 0.02;
constexpr std::int64_t kHardlyAnyInodes = 100;
constexpr std::int64_t kFewInodes = 10'000;

// What a place is for, in words.
struct PlaceUse {
  std::string_view id, why, fix;
  bool must_write = false;      // nothing works where it cannot be written
  bool must_have_room = false;  // or where there is no room
};

constexpr PlaceUse kWorkspace{"disk.workspace",
                              "stages build here",
                              "free space, or move the workspace to another disk",
                              false,
                              true};
constexpr PlaceUse kState{"disk.state",
                          "events, logs and the history of every run are written here",
                          "free space, or move it: HEADWAY_STATE_DIR",
                          true,
                          true};
constexpr PlaceUse kTemporary{"disk.tmp",
                              "compilers, tests and shells put temporary files here",
                              "free space, or set TMPDIR",
                              false,
                              false};

bool has_little_room(const DiskSpace& space) {
  const auto share = static_cast<double>(space.free_bytes) / static_cast<double>(space.total_bytes);
  return space.free_bytes < kLittle || share < kLittleShare ||
         (space.total_inodes > 0 && space.free_inodes < kFewInodes);
}

bool has_no_room(const DiskSpace& space) {
  return space.free_bytes < kHardlyAny ||
         (space.total_inodes > 0 && space.free_inodes < kHardlyAnyInodes);
}

std::string room_text(const DiskSpace& space) {
  std::string text =
      fmt::format("{} free of {}", format_size(space.free_bytes), format_size(space.total_bytes));
  if (space.total_inodes > 0) {
    text += fmt::format(", {} inodes free", space.free_inodes);
  }
  return text;
}

CheckResult judge_room(const PlaceUse& use, const PlaceFacts& place, const DoctorFacts& facts) {
  CheckResult result{
      std::string(use.id), CheckStatus::ok, "", place.path, std::string(use.why), ""};
  if (!place.space) {
    result.status = CheckStatus::unknown;
    result.value = "the file system did not answer in time";
    result.why = "a stage that touches it would hang as well";
    result.fix = "see whether the mount is alive: stat -f " + shell_quote(place.path);
    return result;
  }
  const DiskSpace& space = *place.space;
  const CheckStatus worst = facts.needs.is_there() ? CheckStatus::fail : CheckStatus::warn;
  if (space.total_bytes <= 0) {
    result.status = CheckStatus::unknown;
    result.value = "the file system does not tell";
    return result;
  }
  result.value = room_text(space);
  if (place.mount && place.mount->has_option("ro")) {
    result.status = use.must_write ? worst : CheckStatus::warn;
    result.value = fmt::format("mounted read-only ({})", place.mount->point);
    result.fix = "remount it writable, or work elsewhere";
  } else if (!space.is_writable) {
    result.status = use.must_write ? worst : CheckStatus::warn;
    result.value = "may not be written by this user, " + result.value;
    result.fix = "see its owner and mode: ls -ld " + shell_quote(space.path);
  } else if (has_no_room(space)) {
    result.status = use.must_have_room ? worst : CheckStatus::warn;
    result.fix = use.fix;
  } else if (has_little_room(space)) {
    result.status = CheckStatus::warn;
    result.fix = use.fix;
  }
  return result;
}

std::vector<CheckResult> judge_workspace(const DoctorFacts& facts) {
  return {judge_room(kWorkspace, facts.workspace, facts)};
}
std::vector<CheckResult> judge_state(const DoctorFacts& facts) {
  return {judge_room(kState, facts.state_place, facts)};
}
std::vector<CheckResult> judge_temporary(const DoctorFacts& facts) {
  CheckResult result = judge_room(kTemporary, facts.temporary, facts);
  if (facts.temporary.space && !facts.temporary.space->is_there) {
    result.status = CheckStatus::warn;
    result.value = "there is no such folder";
    result.fix = "create it, or set TMPDIR to one that is there";
  }
  return {result};
}

// A check of the file system of a place, as far as there is nothing to find fault with.
CheckResult begin_mount_check(const char* id, const PlaceFacts& place, const char* why) {
  CheckResult result{id, CheckStatus::ok, "", "/proc/self/mountinfo", "", ""};
  if (!place.mount) {
    result.status = CheckStatus::unknown;
    result.value = "not known";
    return result;
  }
  result.value = fmt::format("{} at {}", place.mount->kind, place.mount->point);
  result.why = why;
  return result;
}

std::vector<CheckResult> judge_temporary_exec(const DoctorFacts& facts) {
  CheckResult result = begin_mount_check(
      "filesystem.tmp",
      facts.temporary,
      "installers, just-in-time compilers and test tools start programs from there");
  if (!facts.temporary.mount) {
    return {result};
  }
  const Mount& mount = *facts.temporary.mount;
  if (mount.has_option("noexec")) {
    result.status = CheckStatus::warn;
    result.value += ", noexec";
    result.fix = "set TMPDIR to a folder from which programs may be started";
  } else if (is_memory_kind(mount.kind)) {
    result.status = CheckStatus::info;
    result.why = "what stages write there takes memory";
  }
  return {result};
}

// A file below the workspace that a stage starts itself, a certain one before others; null: none.
const ScriptNeed* first_started_script(const WorkflowNeeds& needs) {
  const ScriptNeed* found = nullptr;
  for (const ScriptNeed& script : needs.scripts) {
    if (script.interpreter.empty() && script.file.starts_with(needs.directory + "/") &&
        (found == nullptr || (script.is_certain && !found->is_certain))) {
      found = &script;
    }
  }
  return found;
}

std::vector<CheckResult> judge_workspace_kind(const DoctorFacts& facts) {
  CheckResult result = begin_mount_check(
      "filesystem.workspace", facts.workspace, "stages read and write their files there");
  if (!facts.workspace.mount) {
    return {result};
  }
  const Mount& mount = *facts.workspace.mount;
  const ScriptNeed* started = first_started_script(facts.needs);
  if (mount.has_option("noexec") && started != nullptr) {
    result.status = started->is_certain ? CheckStatus::fail : CheckStatus::warn;
    result.value += ", noexec";
    result.why = fmt::format("stage '{}' starts {}", started->stage, started->shown);
    result.fix = "remount it with exec, or work elsewhere";
  } else if (is_remote_kind(mount.kind)) {
    result.status = CheckStatus::warn;
    result.why = "many small files are slow there, and times of files come from another clock";
    result.fix = facts.surroundings.wsl > 0
                     ? "move the workspace into the Linux file system (below ~)"
                     : "work on a local disk";
  }
  return {result};
}

std::vector<CheckResult> judge_state_kind(const DoctorFacts& facts) {
  CheckResult result =
      begin_mount_check("filesystem.state",
                        facts.state_place,
                        "the history is an SQLite database, and runs hold locks there");
  if (!facts.state_place.mount) {
    return {result};
  }
  const Mount& mount = *facts.state_place.mount;
  if (is_remote_kind(mount.kind)) {
    result.status = CheckStatus::warn;
    result.why = "SQLite and locks need a local file system: a history on this one may be damaged";
    result.fix = "set HEADWAY_STATE_DIR to a folder on a local disk";
  } else if (is_memory_kind(mount.kind)) {
    result.status = CheckStatus::info;
    result.why = "history and runs are gone at the next boot";
    result.fix = "set HEADWAY_STATE_DIR to a folder on a disk";
  }
  return {result};
}

}  // namespace

std::vector<Check> disk_checks() {
  return {
      {"disk.workspace", "room where the workflow file lies, in bytes and inodes", judge_workspace},
      {"disk.state", "the same where the state folder lies", judge_state},
      {"disk.tmp", "the same of TMPDIR or /tmp", judge_temporary},
      {"filesystem.workspace", "kind of file system of the workspace", judge_workspace_kind},
      {"filesystem.state", "kind of file system of the state folder", judge_state_kind},
      {"filesystem.tmp",
       "kind of file system of TMPDIR or /tmp, and noexec",
       judge_temporary_exec}};
}

}  // namespace headway
