// See doctor_probe.hpp. Each part owns what it fills in, so that one that hangs hurts nobody.
#include "diagnostics/doctor_probe.hpp"

#include "base/files.hpp"
#include "diagnostics/script_probe.hpp"
#include "diagnostics/tool_probe.hpp"
#include "host/deadline.hpp"
#include "host/git_status.hpp"
#include "host/program_lookup.hpp"
#include "host/system_probe.hpp"
#include "record/event_reader.hpp"
#include "timing/history.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <memory>

namespace headway {
namespace {

constexpr std::size_t kMostAsked = 40;  // programs that are asked for their version
constexpr Nanos kForJoining = std::chrono::milliseconds(50);
constexpr Nanos kForCache = std::chrono::milliseconds(80);
constexpr int kCountedRuns = 1000;

std::string value_of(const DoctorProbe& probe, std::string_view name) {
  for (const auto& [key, value] : probe.environment) {
    if (key == name) {
      return value;
    }
  }
  return "";
}

std::vector<std::string> entries_of(const DoctorProbe& probe) {
  std::vector<std::string> entries;
  for (const auto& [name, value] : probe.environment) {
    entries.push_back(fmt::format("{}={}", name, value));
  }
  return entries;
}

// What the kernel's files tell; all but the sample is small.
struct MachinePart {
  ResourceSample sample;
  std::vector<GroupLevel> groups;
  SystemLimits limits;
  Surroundings surroundings;
  std::vector<Mount> mounts;
};

MachinePart look_at_machine(const std::string& sysroot) {
  constexpr std::int64_t kMaxBytes = std::int64_t{8} << 20;
  return {SystemProbe(sysroot).sample(),
          read_group_levels(sysroot),
          read_system_limits(sysroot),
          read_surroundings(sysroot),
          read_mounts(read_file(sysroot + "/proc/self/mountinfo", kMaxBytes).value_or(""))};
}

LocaleFacts look_at_locale(const DoctorProbe& probe) {
  LocaleFacts facts;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (std::string value = value_of(probe, name); !value.empty()) {
      facts.variable = name;
      facts.value = std::move(value);
      break;
    }
  }
  if (facts.variable.empty()) {
    return facts;
  }
  std::string lower = facts.value;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  facts.is_utf8 =
      lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
  const locale_t made = ::newlocale(LC_CTYPE_MASK, facts.value.c_str(), nullptr);
  facts.is_installed = made != nullptr;
  if (made != nullptr) {
    ::freelocale(made);
  }
  return facts;
}

// The path that a link holds; "" where it is none.
std::string link_target(const char* path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlink(path, target.data(), target.size());
  return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : "";
}

ClockFacts look_at_clock(const DoctorProbe& probe) {
  ClockFacts facts;
  facts.now = SystemClock().wall();
  timex state{};
  const int verdict = ::adjtimex(&state);
  if (verdict >= 0) {
    facts.is_synchronised = (state.status & STA_UNSYNC) == 0;
  }
  facts.zone = value_of(probe, "TZ");
  if (facts.zone.empty()) {
    const std::string target = link_target("/etc/localtime");
    const std::size_t name = target.find("zoneinfo/");
    facts.zone = name == std::string::npos ? "" : target.substr(name + 9);
  }
  return facts;
}

StateFacts look_at_state(const StateFolder& state, const WorkflowNeeds& needs) {
  StateFacts facts;
  facts.path = state.path;
  const DiskSpace place = disk_space(state.path);
  facts.can_write = place.is_writable;
  if (!place.is_writable) {
    facts.write_trouble = fmt::format("{} may not be written by this user", place.path);
  }
  facts.runs = std::min(kCountedRuns, static_cast<int>(list_runs(state).size()));
  const auto history = History::open_read_only(state.history());
  if (!history) {
    facts.history_trouble =
        history.error().code == ErrorCode::not_found ? "" : history.error().message;
    return facts;
  }
  facts.history_runs = history->count_runs(needs.name, needs.lane).value_or(0);
  return facts;
}

std::optional<WallTime> newest_run_start(const StateFolder& state) {
  const std::vector<std::string> runs = list_runs(state);
  std::optional<WallTime> started;
  if (!runs.empty()) {
    (void)for_each_event(RunFolder{state.run(runs.front())}.events(), [&](const RunEvent& event) {
      started = event.time;
      return false;
    });
  }
  return started;
}

GitStatus ask_git(const DoctorProbe& probe, Nanos patience) {
  const auto git = find_program("git", {value_of(probe, "PATH"), "/"});
  if (!git) {
    return {};
  }
  GitQuestion question;
  question.git = *git;
  question.directory = probe.workspace;
  question.environment = entries_of(probe);
  question.patience = patience;
  return ask_git_status(question);
}

// The parts that are under way. Each is made beside the others and is empty until it is there.
class Gathering {
 public:
  explicit Gathering(const DoctorProbe& probe)
      : probe_(std::make_shared<const DoctorProbe>(probe)),
        cache_(std::make_shared<const VersionCache>(
            made_by_deadline<VersionCache>(
                [path = version_cache_path(probe.state)] { return VersionCache::read(path); },
                kForCache)
                .value_or(VersionCache()))) {
    const std::string tmp = value_of(probe, "TMPDIR");
    places_ = {probe.workspace, probe.state.path, tmp.empty() ? "/tmp" : tmp};
  }

  DoctorFacts gather() {
    begin();
    const std::vector<bool> is_done = do_by_deadline(std::move(work_), probe_->patience);
    DoctorFacts facts;
    for (std::size_t at = 0; at < takes_.size(); ++at) {
      if (is_done[at]) {
        takes_[at](facts);
      }
    }
    finish(facts);
    return facts;
  }

 private:
  // Something that is made beside the others, and what is done with it where it is there in time.
  template <typename T, typename Make, typename Take>
  void part(Make make, Take take) {
    const auto made = std::make_shared<T>();
    work_.push_back([made, make = std::move(make)] { *made = make(); });
    takes_.push_back([made, take = std::move(take)](DoctorFacts& facts) { take(facts, *made); });
  }

  void begin() {
    const auto probe = probe_;
    part<MachinePart>([probe] { return look_at_machine(probe->sysroot); },
                      [this](DoctorFacts& facts, MachinePart& machine) {
                        facts.sample = std::move(machine.sample);
                        facts.groups = std::move(machine.groups);
                        facts.limits = machine.limits;
                        facts.surroundings = std::move(machine.surroundings);
                        mounts_ = std::move(machine.mounts);
                      });
    for (std::size_t at = 0; at < places_.size(); ++at) {
      part<DiskSpace>([path = places_[at]] { return disk_space(path); },
                      [this, at](DoctorFacts&, DiskSpace& space) { spaces_[at] = space; });
    }
    part<StateFacts>([probe] { return look_at_state(probe->state, probe->needs); },
                     [](DoctorFacts& facts, StateFacts& state) { facts.state = std::move(state); });
    part<ClockFacts>([probe] { return look_at_clock(*probe); },
                     [](DoctorFacts& facts, ClockFacts& clock) {
                       clock.newest_run = facts.clock.newest_run;
                       facts.clock = std::move(clock);
                     });
    part<std::optional<WallTime>>([probe] { return newest_run_start(probe->state); },
                                  [](DoctorFacts& facts, std::optional<WallTime>& started) {
                                    facts.clock.newest_run = started;
                                  });
    part<LocaleFacts>([probe] { return look_at_locale(*probe); },
                      [](DoctorFacts& facts, LocaleFacts& locale) { facts.locale = locale; });
    begin_git();
    begin_hooks();
    begin_tools();
    begin_scripts();
  }

  void begin_git() {
    const auto probe = probe_;
    const Nanos patience = probe->patience - kForJoining;
    part<GitState>([probe] { return look_at_repository(probe->workspace, SystemClock().wall()); },
                   [](DoctorFacts& facts, GitState& state) { facts.git = std::move(state); });
    part<GitStatus>([probe, patience] { return ask_git(*probe, patience); },
                    [](DoctorFacts& facts, GitStatus& status) {
                      if (facts.git) {
                        facts.git->was_asked = status.is_answered;
                        facts.git->is_late = status.is_late;
                        facts.git->changed = static_cast<int>(status.changed.size());
                        facts.git->untracked = static_cast<int>(status.untracked.size());
                        facts.git->unmerged = static_cast<int>(status.unmerged.size());
                      }
                    });
  }

  void begin_hooks() {
    hooks_ = probe_->hooks;
    for (std::size_t at = 0; at < hooks_.size(); ++at) {
      HookQuestion question = hooks_[at].question;
      if (question.hook.kind == HookKind::run) {
        continue;
      }
      question.hook.timeout = std::min(question.hook.timeout, probe_->patience - kForJoining);
      HookPlace place = *question.place;
      place.unasked_folder = probe_->workspace;
      question.place = std::make_shared<const HookPlace>(std::move(place));
      part<HookFinding>([question = std::move(question)] { return check_hook(question); },
                        [this, at](DoctorFacts&, HookFinding& finding) {
                          hooks_[at].finding = std::move(finding);
                        });
    }
  }

  void begin_tools() {
    const std::vector<std::string> environment = entries_of(*probe_);
    const std::string path = value_of(*probe_, "PATH");
    std::vector<ToolNeed> needs = probe_->needs.tools;
    for (const std::string& name : probe_->other_tools) {
      needs.push_back({name, {}, false, "", ""});
    }
    tools_.resize(needs.size());
    for (std::size_t at = 0; at < tools_.size(); ++at) {
      const ToolNeed& need = needs[at];
      ToolQuestion question;
      question.name = need.name;
      question.path = need.path.empty() ? path : need.path;
      question.directory = need.directory.empty() ? probe_->workspace : need.directory;
      question.version_words =
          at < kMostAsked ? version_arguments(need.name) : std::vector<std::string>();
      question.unasked_folder = probe_->workspace;
      question.environment = environment;
      question.cache = cache_;
      question.patience = probe_->patience - kForJoining;
      tools_[at].name = need.name;
      tools_[at].is_late = true;
      part<ToolFacts>([question = std::move(question)] { return look_at_tool(question); },
                      [this, at](DoctorFacts&, ToolFacts& tool) { tools_[at] = std::move(tool); });
    }
    part<ToolFacts>(
        [] {
          ToolFacts shell;
          shell.name = "sh";
          shell.file = ::access("/bin/sh", X_OK) == 0 ? "/bin/sh" : "";
          return shell;
        },
        [](DoctorFacts& facts, ToolFacts& shell) { facts.shell = std::move(shell); });
  }

  void begin_scripts() {
    const std::string path = value_of(*probe_, "PATH");
    scripts_.resize(probe_->needs.scripts.size());
    const auto probe = probe_;
    part<std::vector<ScriptFacts>>(
        [probe, path] {
          std::vector<ScriptFacts> all;
          for (const ScriptNeed& script : probe->needs.scripts) {
            all.push_back(look_at_script(script.file, path));
          }
          return all;
        },
        [this](DoctorFacts&, std::vector<ScriptFacts>& all) {
          for (std::size_t at = 0; at < all.size(); ++at) {
            scripts_[at] = std::move(all[at]);
          }
        });
  }

  void finish(DoctorFacts& facts) {
    facts.needs = probe_->needs;
    facts.environment = probe_->environment;
    const std::array<PlaceFacts*, 3> places{&facts.workspace, &facts.state_place, &facts.temporary};
    for (std::size_t at = 0; at < places.size(); ++at) {
      *places[at] = {places_[at], mount_of(mounts_, places_[at]), spaces_[at]};
    }
    const auto others = tools_.begin() + static_cast<std::ptrdiff_t>(probe_->needs.tools.size());
    facts.other_tools.assign(others, tools_.end());
    tools_.erase(others, tools_.end());
    facts.tools = std::move(tools_);
    facts.hooks = std::move(hooks_);
    facts.scripts = std::move(scripts_);
    remember(facts);
  }

  // What was asked now need not be asked the next time. Nothing is written where no state folder
  // is.
  void remember(const DoctorFacts& facts) const {
    VersionCache cache = *cache_;
    for (const std::vector<ToolFacts>* tools : {&facts.tools, &facts.other_tools}) {
      for (const ToolFacts& tool : *tools) {
        if (tool.was_asked && !tool.version.empty() && version_is_fixed(tool.file)) {
          cache.remember({tool.file, tool.size, tool.modified_ns}, tool.version);
        }
      }
    }
    const bool is_there = facts.state_place.space && facts.state_place.space->is_there &&
                          facts.state_place.space->is_writable;
    if (cache.is_changed() && is_there) {
      (void)cache.write(version_cache_path(probe_->state));
    }
  }

  std::shared_ptr<const DoctorProbe> probe_;
  std::shared_ptr<const VersionCache> cache_;
  std::array<std::string, 3> places_;  // workspace, state, temporary
  std::array<std::optional<DiskSpace>, 3> spaces_;
  std::vector<Mount> mounts_;
  std::vector<ToolFacts> tools_;
  std::vector<HookFacts> hooks_;
  std::vector<std::optional<ScriptFacts>> scripts_;
  std::vector<std::function<void()>> work_;
  std::vector<std::function<void(DoctorFacts&)>> takes_;  // by position in work_
};

}  // namespace

DoctorFacts gather_doctor_facts(const DoctorProbe& probe) {
  return Gathering(probe).gather();
}

std::string version_cache_path(const StateFolder& state) {
  return state.path + "/tool-versions.json";
}

}  // namespace headway
