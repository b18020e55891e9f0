// See session.hpp.
#include "orchestration/session.hpp"

#include "base/files.hpp"
#include "base/signals_blocked.hpp"
#include "base/units.hpp"
#include "diagnostics/machine_print.hpp"
#include "execution/process_backend.hpp"
#include "host/git.hpp"
#include "host/machine.hpp"
#include "host/process_table.hpp"
#include "host/run_cgroup.hpp"
#include "host/system_probe.hpp"
#include "orchestration/group_limits.hpp"
#include "orchestration/log_observer.hpp"
#include "orchestration/status_observer.hpp"
#include "record/background_writer.hpp"
#include "record/event_log.hpp"
#include "record/gate_document.hpp"
#include "record/retention.hpp"
#include "record/run_reader.hpp"
#include "timing/history.hpp"
#include "timing/timing_observer.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

extern char** environ;

namespace headway {
namespace {

RunIdentity identity_of(const RunPlan& plan,
                        const RunFolder& folder,
                        const SessionOptions& options) {
  RunIdentity identity;
  identity.run_id = options.run_id;
  identity.run_folder = folder.path;
  identity.version = HEADWAY_VERSION;
  identity.user = user_name();
  identity.machine = {host_name(), kernel_release(), plan.machine.cpus, plan.machine.memory_bytes};
  const GitFacts git = read_git_facts(plan.workflow->directory);
  identity.repository = {git.commit, git.branch};
  identity.environment = options.environment;
  identity.pid = static_cast<int>(::getpid());
  return identity;
}

// The folder and the lock that says "this run is alive".
Result<UniqueFd> begin_record(const RunPlan& plan, const RunFolder& folder) {
  if (auto made = plan.state.create(); !made) {
    return std::move(made).error();
  }
  if (auto made = folder.create(); !made) {
    return std::move(made).error();
  }
  return try_lock_file(folder.lock());
}

// Control groups for the stages that are worth it; null where there are none, or none can be had.
// Only in a process of Headway's own, whose watcher cleans up after it.
std::unique_ptr<RunCgroup> stage_groups(const RunPlan& plan,
                                        const SessionOptions& options,
                                        ResourceProbe& probe) {
  if (!options.own_process ||
      std::find(plan.grouped.begin(), plan.grouped.end(), true) == plan.grouped.end()) {
    return nullptr;
  }
  const pid_t parent = ::getppid();
  return RunCgroup::create({.sysroot = "",
                            .run_id = options.run_id,
                            .pid = ::getpid(),
                            .watcher = runs_this_program(parent) ? parent : 0,
                            .limit_bytes = run_group_limit(probe.sample())});
}

// Everything that went wrong beside the run itself, in words.
void tell_trouble(const SessionOptions& options,
                  std::string_view what,
                  const std::string& trouble) {
  if (!trouble.empty() && options.on_trouble) {
    options.on_trouble(fmt::format("{}: {}", what, trouble));
  }
}

void tell_lost_output(const SessionOptions& options, const RunState& state) {
  std::int64_t lost_bytes = 0;
  for (const StageState& stage : state.stages) {
    lost_bytes += stage.lost_bytes;
  }
  if (lost_bytes > 0) {
    tell_trouble(
        options,
        "output",
        fmt::format("{} of what stages printed are not in their logs", format_size(lost_bytes)));
  }
}

// Where gates were evaluated, what they came to lies in a file of its own.
void keep_quality(const RunState& state, const RunFolder& folder, const SessionOptions& options) {
  if (state.gates.empty()) {
    return;
  }
  if (auto kept = write_file_atomically(
          folder.quality_metrics(), quality_document(state, options.secrets), Durability::process);
      !kept) {
    tell_trouble(options, "quality metrics", kept.error().message);
  }
}

// What stages rested on is kept; after a run that was cut off nobody waits for that.
void finish_inputs(InputChecks& inputs, const RunOutcome& outcome, const SessionOptions& options) {
  if (outcome.status == RunStatus::cancelled || outcome.status == RunStatus::interrupted) {
    inputs.drop();
  }
  for (const std::string& line : inputs.finish()) {
    tell_trouble(options, "inputs", line);
  }
}

// What the machine was like, for whoever asks later what has changed since. Trouble is none: the
// run's first event has the most important of it.
void record_machine(const RunPlan& plan,
                    const RunFolder& folder,
                    const RunIdentity& identity,
                    const SecretSet& secrets) {
  const WorkflowNeeds needs = needs_of(*plan.workflow, *plan.selection.lane, {});
  (void)write_file_atomically(folder.machine(),
                              encode_print(take_machine_print({needs.tools,
                                                               plan.workflow->directory,
                                                               plan.state,
                                                               identity.environment,
                                                               identity.machine,
                                                               identity.repository}),
                                           secrets),
                              Durability::process);
}

// What earlier runs left to be done, beside the run instead of after it: what is too old is
// removed, and the history is brought in order, after `first`. Where no thread can be had, it is
// done at the end.
class Housekeeping {
 public:
  Housekeeping(const StateFolder& state, std::function<void()> first) {
    const auto work = [state, first = std::move(first)] {
      first();
      shorten_wal(state.history());
      apply_retention(state, {}, SystemClock().wall());
    };
    const SignalsBlocked blocked;
    try {
      thread_ = std::thread(work);
    } catch (const std::system_error&) {
      later_ = work;
    }
  }
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;
  ~Housekeeping() {
    if (thread_.joinable()) {
      thread_.join();
    } else {
      later_();
    }
  }

 private:
  std::thread thread_;
  std::function<void()> later_;
};

}  // namespace

Result<SessionResult> run_session(const RunPlan& plan, SessionOptions options) {
  const RunFolder folder{plan.state.run(options.run_id)};
  auto lock = begin_record(plan, folder);
  if (!lock) {
    return std::move(lock).error();
  }
  if (options.on_folder) {
    options.on_folder(folder.path);
  }
  const SystemClock clock;
  auto events = EventLog::create(folder.events(), options.secrets);
  if (!events) {
    return std::move(events).error();
  }
  SystemProbe probe;
  // Before the backend, which leaves nobody in them.
  const std::unique_ptr<RunCgroup> groups = stage_groups(plan, options, probe);
  ProcessBackendOptions backend_options;
  backend_options.groups = groups.get();
  backend_options.secrets = options.secrets;
  backend_options.own_process = options.own_process;
  backend_options.listener = options.listener;
  auto backend = ProcessBackend::create(std::move(backend_options), clock);
  if (!backend) {
    return std::move(backend).error();
  }
  BackgroundWriter writer;
  StatusObserver status({folder.status(), (*events)->fd(), options.secrets}, writer, clock);
  TimingObserver timing(plan.state.history(), options.secrets);
  LogObserver log(folder.log(), options.secrets);
  // The history before the status file: at the end of a large run each holds a copy of what it
  // writes.
  std::vector<RunObserver*> observers{events->get(), &log, &timing, &status};
  observers.insert(observers.end(), options.observers.begin(), options.observers.end());

  const RunIdentity identity = identity_of(plan, folder, options);
  std::string jobserver_trouble;
  RunJobServer jobserver(
      plan, {folder.path, identity.machine.cpus, options.environment}, jobserver_trouble);
  InputChecks inputs(plan);
  observers.push_back(&inputs);
  FailureExplainer explainer({plan.state, plan.workflow->directory});
  observers.push_back(&explainer);
  OrchestratorSeams seams{clock, **backend, std::move(observers), &probe, &jobserver, &inputs};
  seams.commit = [&] { return read_git_facts(plan.workflow->directory).commit; };
  seams.before_terminal = options.before_terminal;
  seams.explainer = &explainer;
  Orchestrator orchestrator(plan, identity, std::move(seams));
  const Housekeeping housekeeping(plan.state,
                                  [&] { record_machine(plan, folder, identity, options.secrets); });
  const RunOutcome outcome = orchestrator.run();

  finish_inputs(inputs, outcome, options);
  writer.flush();
  keep_quality(status.state(), folder, options);
  tell_trouble(options, "jobserver", jobserver_trouble);
  tell_trouble(options, "history", plan.history_trouble);
  for (const std::string& advice : plan.advice) {
    tell_trouble(options, "advice", advice);
  }
  tell_trouble(options, "history", timing.trouble());
  tell_trouble(options, "events", (*events)->trouble());
  tell_trouble(options, "record", writer.trouble());
  tell_lost_output(options, status.state());
  if (log.dropped() > 0) {
    tell_trouble(options, "log", fmt::format("{} records could not be written", log.dropped()));
  }
  return SessionResult{outcome, folder, status.take_state()};
}

std::vector<std::string> process_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    out.emplace_back(*entry);
  }
  return out;
}

SecretSet workflow_secrets(const Workflow& workflow, const std::vector<std::string>& environment) {
  std::vector<std::pair<std::string, std::string>> variables;
  variables.reserve(environment.size());
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos) {
      variables.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
    }
  }
  variables.insert(variables.end(), workflow.env.begin(), workflow.env.end());
  for (const Stage& stage : workflow.stages) {
    variables.insert(variables.end(), stage.env.begin(), stage.env.end());
  }
  return SecretSet(secret_values(variables, workflow.secrets));
}

}  // namespace headway
