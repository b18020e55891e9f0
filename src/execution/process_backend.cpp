// See process_backend.hpp and docs/design/processes.md. What a process costs in system calls is
// counted there; a change here should be measured with benchmarks/spawn_benchmark.
#include "execution/process_backend.hpp"

#include "base/files.hpp"
#include "execution/attempt_meter.hpp"
#include "execution/child_environment.hpp"
#include "execution/child_start.hpp"
#include "execution/leftover_groups.hpp"
#include "execution/process_attempt.hpp"
#include "execution/signal_intake.hpp"
#include "execution/stage_output.hpp"
#include "execution/wait_time.hpp"
#include "host/process_table.hpp"
#include "host/program_lookup.hpp"
#include "host/quick_command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr int kMaxEvents = 64;
constexpr Nanos kPromotionRetry = std::chrono::seconds(1);
constexpr int kKillPatienceMs = 10'000;
constexpr Nanos kReapEvery = std::chrono::seconds(1);
constexpr Nanos kStopLookEvery = std::chrono::milliseconds(100);
// So long a new attempt is given to poll(2) at each wait; then it goes into the epoll set. A short
// one never costs the four calls that an entry takes, and few are young at any time.
constexpr Nanos kYoung = std::chrono::milliseconds(10);
constexpr std::uint64_t kSignalKey = ~std::uint64_t{0};
constexpr std::uint64_t kEndBit = 1;  // in a key: the pidfd, not the pipe

Error system_error(const char* what) {
  return {ErrorCode::io,
          std::string("open ") + system_message(what, errno),
          "a higher limit of open files (ulimit -n)"};
}

// A descriptor that is not one of the standard three, which the child is about to replace.
UniqueFd above_standard(int fd) {
  UniqueFd owned(fd);
  return fd > STDERR_FILENO ? std::move(owned)
                            : UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

// After a SIGKILL: until it has ended, or kKillPatienceMs are over (it hangs in the kernel).
void wait_for_end(int pidfd) {
  pollfd entry{pidfd, POLLIN, 0};
  while (poll(&entry, 1, kKillPatienceMs) < 0 && errno == EINTR) {
  }
}

// With SIGCHLD ignored the kernel reaps by itself, and no exit status can be had.
bool loses_exit_status() {
  struct sigaction action {};
  return sigaction(SIGCHLD, nullptr, &action) == 0 &&
         (action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT) != 0);
}

// What only a process of Headway's own may do to itself.
void take_over_process() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGCHLD, SIG_DFL);
  signal(SIGXFSZ, SIG_IGN);  // a limit of the file size costs log bytes, not the run
}

}  // namespace

// All that a ProcessBackend is.
struct ProcessBackend::State {
  State(ProcessBackendOptions given, const Clock& its_clock, ChildStarter its_starter)
      : options(std::move(given)),
        clock(its_clock),
        rules{options.secrets, options.max_log_bytes, options.listener},
        starter(std::move(its_starter)),
        buffer(std::make_unique<char[]>(kReadBytes)) {}

  Result<std::unique_ptr<ProcessAttempt>> launch(const Launch& launch);
  std::unique_ptr<StageCgroup> open_group(const Launch& launch);
  bool watch(ProcessAttempt& attempt) const;
  void promote(Nanos now);
  std::optional<Nanos> next_promotion() const;
  void wait_for_news(std::optional<Nanos> wake, std::vector<Wakeup>& wakeups);
  void look_at_epoll(int timeout_ms, std::vector<Wakeup>& wakeups);
  void take_down_retired(Nanos now);
  void handle(const epoll_event& event, Nanos now, std::vector<Wakeup>& wakeups);
  void leave_epoll(ProcessAttempt& attempt) const;
  bool read_once(ProcessAttempt& attempt, std::size_t most);
  void drain(ProcessAttempt& attempt);
  void finish(ProcessAttempt& attempt, Nanos now);
  void hear_out(ProcessAttempt& attempt, Nanos now);
  void conclude(ProcessAttempt& attempt);
  void end_hearings(Nanos now);
  void retire(const ProcessAttempt& attempt);
  std::optional<Nanos> next_duty() const;
  void do_duties(Nanos now);
  void reap_orphans() const;
  ProcessAttempt* find_task(int task) const;
  ProcessAttempt* find_key(std::uint64_t key) const;
  bool is_leader(pid_t pid) const;

  ProcessBackendOptions options;
  const Clock& clock;
  OutputRules rules;
  ChildStarter starter;
  UniqueFd epoll;
  std::unique_ptr<SignalIntake> signals;  // null unless own_process
  std::unique_ptr<char[]> buffer;
  std::vector<std::unique_ptr<ProcessAttempt>> running;
  std::vector<std::unique_ptr<ProcessAttempt>> retired;  // ended and told; to be taken down
  std::vector<pollfd> polled;          // the epoll set, then two of each young attempt
  std::vector<ProcessAttempt*> young;  // whose they are
  LeftoverGroups leftovers;
  std::vector<Exit> ended;  // to be told by the next wait()
  std::uint64_t next_key = 2;
  Nanos next_sample{};
  Nanos next_reap{};
  Nanos next_stop_look{};
  ChildEnvironment environment;
  std::string own_directory;  // where this process is and stays; empty: it may move
  AttemptMeter meter;
  std::int64_t groups_made = 0;
};

// A control group of its own where it is wanted and can be had.
std::unique_ptr<StageCgroup> ProcessBackend::State::open_group(const Launch& launch) {
  if (options.groups == nullptr || !launch.group_limit_bytes) {
    return nullptr;
  }
  return options.groups->open(std::to_string(++groups_made), *launch.group_limit_bytes);
}

Result<std::unique_ptr<ProcessAttempt>> ProcessBackend::State::launch(const Launch& launch) {
  if (launch.argv.empty()) {
    return Error{ErrorCode::invalid_argument, "start a command without words", ""};
  }
  environment.set(launch);
  const auto program =
      find_program(launch.argv.front(), {environment.search_path(), launch.directory});
  if (!program) {
    return program.error();
  }
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return system_error("a pipe");
  }
  auto attempt = std::make_unique<ProcessAttempt>(launch, rules);
  attempt->reader.reset(ends[0]);
  attempt->writer = above_standard(ends[1]);
  attempt->started = clock.monotonic();
  attempt->group = open_group(launch);
  if (launch.interactive) {
    attempt->terminal = std::make_unique<TerminalLoan>();
  }
  const bool is_here = launch.directory == own_directory;
  auto child =
      starter.start({launch.argv,
                     *program,
                     is_here ? std::string() : launch.directory,
                     environment.entries(),
                     attempt->writer.get(),
                     launch.inherited,
                     attempt->group ? attempt->group->entries() : std::array<int, 2>{-1, -1},
                     launch.interactive,
                     attempt->terminal ? attempt->terminal->terminal() : -1});
  if (!child) {
    return std::move(child).error();
  }
  if (!child->is_in_groups) {
    attempt->group.reset();
  }
  if (attempt->group) {
    attempt->group->close_entries();
  }
  attempt->pid = child->pid;
  attempt->pidfd = std::move(child->pidfd);
  attempt->key = std::exchange(next_key, next_key + 2);
  return attempt;
}

// Into the epoll set; false where there is no room in it.
bool ProcessBackend::State::watch(ProcessAttempt& attempt) const {
  epoll_event event{EPOLLIN, {}};
  event.data.u64 = attempt.key;
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, attempt.reader.get(), &event) != 0) {
    return false;
  }
  event.data.u64 = attempt.key | kEndBit;
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, attempt.pidfd.get(), &event) != 0) {
    epoll_ctl(epoll.get(), EPOLL_CTL_DEL, attempt.reader.get(), nullptr);
    return false;
  }
  return true;
}

// Those that are no longer young go into the epoll set. One for which there is no room there stays
// polled: slower, and as safe.
void ProcessBackend::State::promote(Nanos now) {
  for (const auto& attempt : running) {
    if (!attempt->in_epoll && !attempt->heard_until && now - attempt->started >= kYoung &&
        now >= attempt->next_promotion) {
      attempt->in_epoll = watch(*attempt);
      attempt->next_promotion = now + kPromotionRetry;
    }
  }
}

std::optional<Nanos> ProcessBackend::State::next_promotion() const {
  std::optional<Nanos> next;
  for (const auto& attempt : running) {
    if (!attempt->in_epoll && !attempt->heard_until) {
      next = earlier(next, std::max(attempt->started + kYoung, attempt->next_promotion));
    }
  }
  return next;
}

// What ended attempts hold, given back right before the next wait rather than right after their
// end: the next process starts that much sooner. The leader is reaped, which gave the number of its
// group back: the kernel hands numbers out in turn, so it comes round again only after all others.
// Out of the epoll set before they are closed: a copy of a descriptor in a
// process that somebody else is forking would keep the entry alive.
void ProcessBackend::State::take_down_retired(Nanos now) {
  for (const auto& attempt : retired) {
    leave_epoll(*attempt);
    if (attempt->has_helpers && !attempt->keep_background) {
      leftovers.end_members(attempt->pid, attempt->reader, now);
    }
  }
  retired.clear();
}

void ProcessBackend::State::leave_epoll(ProcessAttempt& attempt) const {
  if (std::exchange(attempt.in_epoll, false)) {
    epoll_ctl(epoll.get(), EPOLL_CTL_DEL, attempt.reader.get(), nullptr);
    epoll_ctl(epoll.get(), EPOLL_CTL_DEL, attempt.pidfd.get(), nullptr);
  }
}

void ProcessBackend::State::handle(const epoll_event& event,
                                   Nanos now,
                                   std::vector<Wakeup>& wakeups) {
  if (event.data.u64 == kSignalKey) {
    signals->read_all(now, wakeups);
    return;
  }
  ProcessAttempt* attempt = find_key(event.data.u64 & ~kEndBit);
  if (attempt == nullptr || attempt->heard_until) {
    return;  // ended earlier in the same batch
  }
  if ((event.data.u64 & kEndBit) != 0) {
    finish(*attempt, now);
  } else {
    read_once(*attempt, kReadBytes);
  }
}

// Waits until a descriptor has something to tell or `wake`, and hears it.
void ProcessBackend::State::wait_for_news(std::optional<Nanos> wake, std::vector<Wakeup>& wakeups) {
  const Nanos before = clock.monotonic();
  promote(before);
  polled.assign(1, {epoll.get(), POLLIN, 0});
  young.clear();
  for (const auto& attempt : running) {
    if (!attempt->in_epoll) {
      polled.push_back({attempt->pidfd.get(), POLLIN, 0});
      polled.push_back({attempt->reader.get(), POLLIN, 0});
      young.push_back(attempt.get());
    }
  }
  if (young.empty()) {
    look_at_epoll(timeout_of(wake, before), wakeups);
    return;
  }
  const auto until = earlier(wake, next_promotion());
  if (poll(polled.data(), polled.size(), timeout_of(until, before)) <= 0) {
    return;
  }
  const Nanos now = clock.monotonic();
  for (std::size_t at = 0; at < young.size(); ++at) {
    if (polled[1 + 2 * at].revents != 0) {
      finish(*young[at], now);
    } else if (polled[2 + 2 * at].revents != 0 && !read_once(*young[at], kReadBytes)) {
      conclude(*young[at]);
    }
  }
  if (polled.front().revents != 0) {
    look_at_epoll(0, wakeups);
  }
}

void ProcessBackend::State::look_at_epoll(int timeout_ms, std::vector<Wakeup>& wakeups) {
  std::array<epoll_event, kMaxEvents> events{};
  const int count = epoll_wait(epoll.get(), events.data(), kMaxEvents, timeout_ms);
  const Nanos now = clock.monotonic();
  for (int i = 0; i < count; ++i) {
    handle(events[static_cast<std::size_t>(i)], now, wakeups);
  }
}

// There must be something to read: the pipe is a blocking one. False at its end, which comes only
// to attempts that are heard out: the writer of others is held open here.
bool ProcessBackend::State::read_once(ProcessAttempt& attempt, std::size_t most) {
  const ssize_t got = read(attempt.reader.get(), buffer.get(), std::min(most, kReadBytes));
  if (got > 0) {
    attempt.output.take({buffer.get(), static_cast<std::size_t>(got)});
  }
  return got != 0;
}

// What is in the pipe now. A grandchild may hold it open for ever: its end is not waited for.
void ProcessBackend::State::drain(ProcessAttempt& attempt) {
  int waiting = 0;
  if (ioctl(attempt.reader.get(), FIONREAD, &waiting) != 0) {
    return;
  }
  while (waiting > 0) {
    const int part = std::min(waiting, static_cast<int>(kReadBytes));
    read_once(attempt, static_cast<std::size_t>(part));
    waiting -= part;
  }
}

// The leader has ended.
void ProcessBackend::State::finish(ProcessAttempt& attempt, Nanos now) {
  drain(attempt);
  int status = 0;
  rusage usage{};
  pid_t reaped = 0;
  do {
    reaped = wait4(attempt.pid, &status, WNOHANG, &usage);
  } while (reaped < 0 && errno == EINTR);
  attempt.terminal.reset();

  attempt.keep_end(reaped, status, now);
  meter.measure(attempt, usage, attempt.exit);
  attempt.has_helpers = ::kill(-attempt.pid, 0) == 0;
  if (attempt.has_helpers && reaped > 0) {
    hear_out(attempt, now);
  } else {
    conclude(attempt);
  }
}

// What the leader left may be at work on its last words (`exec > >(tee log)`): they are read until
// nobody holds the pipe any more, or the time for that is over.
void ProcessBackend::State::hear_out(ProcessAttempt& attempt, Nanos now) {
  leave_epoll(attempt);
  attempt.pidfd.reset();
  attempt.writer.reset();
  attempt.heard_until = now + options.hearing;
}

// All of its output is there: its end is told.
void ProcessBackend::State::conclude(ProcessAttempt& attempt) {
  attempt.output.finish();
  attempt.exit.lost_bytes = attempt.output.lost_bytes();
  attempt.exit.output_bytes = attempt.output.printed_bytes() - attempt.exit.lost_bytes;
  ended.push_back(std::move(attempt.exit));
  retire(attempt);
}

void ProcessBackend::State::end_hearings(Nanos now) {
  for (std::size_t at = 0; at < running.size();) {
    ProcessAttempt& attempt = *running[at];
    if (attempt.heard_until && now >= *attempt.heard_until) {
      drain(attempt);
      conclude(attempt);  // (takes it out of `running`)
    } else {
      ++at;
    }
  }
}

void ProcessBackend::State::retire(const ProcessAttempt& attempt) {
  const auto at = std::find_if(
      running.begin(), running.end(), [&](const auto& held) { return held.get() == &attempt; });
  retired.push_back(std::move(*at));
  running.erase(at);
}

// When something is due that no descriptor tells.
std::optional<Nanos> ProcessBackend::State::next_duty() const {
  std::optional<Nanos> duty = leftovers.next_look();
  if (!running.empty()) {
    duty = earlier(duty, next_sample);
  }
  for (const auto& attempt : running) {
    duty = earlier(duty, attempt->heard_until);
    if (attempt->terminal) {
      duty = earlier(duty, next_stop_look);
    }
  }
  return duty;
}

void ProcessBackend::State::do_duties(Nanos now) {
  end_hearings(now);
  if (now >= next_stop_look) {  // (no descriptor tells that one was stopped)
    next_stop_look = now + kStopLookEvery;
    for (const auto& attempt : running) {
      attempt->follow_stop(clock);
    }
  }
  if (now >= next_sample) {
    next_sample = now + options.sample_interval;
    for (const auto& attempt : running) {
      if (now - attempt->started >= options.sample_interval) {
        AttemptMeter::sample(*attempt);
      }
    }
  }
  const auto look = leftovers.next_look();
  const bool is_look_due = look && now >= *look;
  if (signals != nullptr && (is_look_due || now >= next_reap)) {
    next_reap = now + kReapEvery;
    reap_orphans();
  }
  if (is_look_due) {
    leftovers.look(now);
  }
}

// Zombies that were adopted. Not the leaders (their end comes through their pidfd), nor what
// another part of this process started in its own group and waits for itself.
void ProcessBackend::State::reap_orphans() const {
  for (const pid_t pid : children_of(getpid())) {
    if (is_leader(pid) || is_quick_command(pid)) {
      continue;
    }
    const auto facts = process_stat(pid);
    if (facts && facts->state == 'Z' && facts->group != getpgrp()) {
      waitpid(pid, nullptr, WNOHANG);
    }
  }
}

ProcessAttempt* ProcessBackend::State::find_task(int task) const {
  const auto at = std::find_if(running.begin(), running.end(), [task](const auto& attempt) {
    return attempt->task == task;
  });
  return at == running.end() ? nullptr : at->get();
}

ProcessAttempt* ProcessBackend::State::find_key(std::uint64_t key) const {
  const auto at = std::find_if(
      running.begin(), running.end(), [key](const auto& attempt) { return attempt->key == key; });
  return at == running.end() ? nullptr : at->get();
}

bool ProcessBackend::State::is_leader(pid_t pid) const {
  return std::any_of(
      running.begin(), running.end(), [pid](const auto& attempt) { return attempt->pid == pid; });
}

ProcessBackend::ProcessBackend(std::unique_ptr<State> state) : state_(std::move(state)) {}

ProcessBackend::~ProcessBackend() {
  kill_everything();
}

Result<std::unique_ptr<ProcessBackend>> ProcessBackend::create(ProcessBackendOptions options,
                                                               const Clock& clock) {
  if (options.own_process) {
    take_over_process();
  } else if (loses_exit_status()) {
    return Error{ErrorCode::unsupported,
                 "run processes: this program ignores SIGCHLD, so no exit code can be had",
                 "set SIGCHLD to SIG_DFL or to a handler"};
  }
  auto starter = ChildStarter::create(options.own_process);
  if (!starter) {
    return std::move(starter).error();
  }
  auto state = std::make_unique<State>(std::move(options), clock, *std::move(starter));
  state->epoll.reset(epoll_create1(EPOLL_CLOEXEC));
  if (!state->epoll) {
    return system_error("an epoll");
  }
  if (state->options.own_process) {
    auto signals = SignalIntake::create();
    if (!signals) {
      return std::move(signals).error();
    }
    state->signals = *std::move(signals);
    epoll_event event{EPOLLIN, {}};
    event.data.u64 = kSignalKey;
    epoll_ctl(state->epoll.get(), EPOLL_CTL_ADD, state->signals->fd(), &event);
    state->own_directory = current_directory();
  }
  return std::unique_ptr<ProcessBackend>(new ProcessBackend(std::move(state)));
}

Result<int> ProcessBackend::start(const Launch& launch) {
  auto attempt = state_->launch(launch);
  if (!attempt) {
    return std::move(attempt).error();
  }
  const int pid = (*attempt)->pid;
  if (state_->running.empty()) {
    state_->next_sample = (*attempt)->started + state_->options.sample_interval;
  }
  state_->running.push_back(*std::move(attempt));
  return pid;
}

void ProcessBackend::terminate(int task) {
  if (ProcessAttempt* attempt = state_->find_task(task)) {
    attempt->terminate(state_->clock.monotonic());
  }
}

void ProcessBackend::kill(int task) {
  if (const ProcessAttempt* attempt = state_->find_task(task)) {
    attempt->kill();
  }
}

void ProcessBackend::stop(int task) {
  if (ProcessAttempt* attempt = state_->find_task(task)) {
    attempt->stop(state_->clock.monotonic());
  }
}

void ProcessBackend::go_on(int task) {
  if (ProcessAttempt* attempt = state_->find_task(task)) {
    attempt->go_on(state_->clock.monotonic());
  }
}

std::int64_t ProcessBackend::memory_bytes(int task) const {
  const ProcessAttempt* attempt = state_->find_task(task);
  return attempt == nullptr ? 0 : attempt->bytes_now;
}

void ProcessBackend::wait(std::optional<Nanos> until,
                          std::vector<Exit>& exits,
                          std::vector<Wakeup>& wakeups) {
  State& state = *state_;
  const std::size_t wakeups_before = wakeups.size();
  bool is_over = !state.ended.empty();
  if (!state.retired.empty()) {
    state.take_down_retired(state.clock.monotonic());
  }
  while (!is_over) {
    const auto wake = earlier(until, state.next_duty());
    if (!wake && state.running.empty() && state.signals == nullptr) {
      break;  // nothing can ever happen
    }
    state.wait_for_news(wake, wakeups);
    const Nanos now = state.clock.monotonic();
    state.do_duties(now);
    is_over = !state.ended.empty() || wakeups.size() > wakeups_before || (until && now >= *until);
  }
  std::move(state.ended.begin(), state.ended.end(), std::back_inserter(exits));
  state.ended.clear();
}

std::int64_t ProcessBackend::output_bytes(int task) const {
  const ProcessAttempt* attempt = state_->find_task(task);
  return attempt == nullptr ? 0 : attempt->output.printed_bytes();
}

int ProcessBackend::kill_everything() {
  for (const auto& attempt : state_->running) {
    attempt->kill();
  }
  while (!state_->running.empty()) {
    ProcessAttempt& attempt = *state_->running.front();
    if (attempt.heard_until) {
      state_->end_hearings(*attempt.heard_until);
    } else {
      wait_for_end(attempt.pidfd.get());
      state_->finish(attempt, state_->clock.monotonic());
    }
  }
  state_->take_down_retired(state_->clock.monotonic());
  const int strays = state_->leftovers.kill_all();
  return strays + (state_->signals != nullptr ? kill_descendants() : 0);
}

}  // namespace headway
