// See jobserver.hpp and docs/design/processes.md.
#include "execution/jobserver.hpp"

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "base/signals_blocked.hpp"
#include "base/unique_fd.hpp"
#include "execution/make_flags.hpp"
#include "execution/token_budget.hpp"
#include "host/program_lookup.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

namespace headway {
namespace {

constexpr char kToken = '+';
// The numbers that children inherit: above those that shell scripts name by hand, below 64, where
// the kernel's table of a process must grow.
constexpr int kLowestNumber = 40;

// A token has a value, and the same value goes back.
class FdPipe final : public TokenPipe {
 public:
  FdPipe(int read, int write) : read_(read), write_(write) {}

  bool take() override {
    char token = 0;
    if (::read(read_, &token, 1) != 1) {
      return false;
    }
    held_.push_back(token);
    return true;
  }
  bool give() override {
    const char token = held_.empty() ? kToken : held_.back();
    if (::write(write_, &token, 1) != 1) {
      return false;
    }
    if (!held_.empty()) {
      held_.pop_back();
    }
    return true;
  }
  int waiting() const override {
    int bytes = 0;
    return ioctl(read_, FIONREAD, &bytes) == 0 ? bytes : 0;
  }

 private:
  int read_;  // does not block
  int write_;
  std::vector<char> held_;
};

// A further descriptor of the same pipe, with flags of its own: clients set O_NONBLOCK on theirs as
// they like.
UniqueFd reopened(int fd, int flags) {
  return UniqueFd(open(fmt::format("/proc/self/fd/{}", fd).c_str(), flags | O_CLOEXEC));
}

UniqueFd raised(UniqueFd fd) {
  return UniqueFd(fcntl(fd.get(), F_DUPFD_CLOEXEC, kLowestNumber));
}

bool is_inherited_pipe(int fd) {
  struct stat facts {};
  const int flags = fcntl(fd, F_GETFD);  // all descriptors of our own are close-on-exec
  return flags >= 0 && (flags & FD_CLOEXEC) == 0 && fstat(fd, &facts) == 0 &&
         S_ISFIFO(facts.st_mode);
}

bool is_fifo(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 && S_ISFIFO(facts.st_mode);
}

bool is_there(const JobServerAddress& address) {
  return address.fifo.empty() ? is_inherited_pipe(address.read) && is_inherited_pipe(address.write)
                              : is_fifo(address.fifo);
}

}  // namespace

// The pipe, and the thread that waits for tokens that are owed.
struct JobServer::State {
  State(UniqueFd its_read, UniqueFd its_write, TokenBudget::Role role, int budget)
      : jobs(budget),
        read(std::move(its_read)),
        write(std::move(its_write)),
        pipe(read.get(), write.get()),
        tokens(pipe, role, budget) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  void collect_if_owed() HEADWAY_REQUIRES(mutex);
  void collect();

  int jobs;
  bool is_outer = false;
  UniqueFd read;        // non-blocking
  UniqueFd write;       // of a server: non-blocking
  UniqueFd child_read;  // what children inherit; not open where the server is an outer one
  UniqueFd child_write;
  std::string fifo_path;
  FdPipe pipe;  // guarded by `mutex` too, through `tokens`
  Mutex mutex;
  TokenBudget tokens HEADWAY_GUARDED_BY(mutex);
  UniqueFd news;  // an eventfd: look again at what is owed
  std::thread collector;
  bool is_over HEADWAY_GUARDED_BY(mutex) = false;
};

JobServer::State::~State() {
  {
    const MutexLock lock(mutex);
    is_over = true;
  }
  if (collector.joinable()) {
    eventfd_write(news.get(), 1);
    collector.join();
  }
  if (is_outer) {
    const MutexLock lock(mutex);
    tokens.end_all();
  }
  if (!fifo_path.empty()) {
    unlink(fifo_path.c_str());
  }
}

// Where no thread can be had, tokens come back when the next stage begins or ends.
void JobServer::State::collect_if_owed() {
  if (!tokens.is_owed()) {
    return;
  }
  if (!news) {
    news.reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  }
  if (!news || collector.joinable()) {
    eventfd_write(news.get(), 1);
    return;
  }
  const SignalsBlocked blocked;
  try {
    collector = std::thread([this] { collect(); });
  } catch (const std::system_error&) {
  }
}

void JobServer::State::collect() {
  while (true) {
    bool is_owed = false;
    {
      const MutexLock lock(mutex);
      if (is_over) {
        return;
      }
      tokens.settle();
      is_owed = tokens.is_owed();
    }
    pollfd entries[] = {{news.get(), POLLIN, 0}, {is_owed ? read.get() : -1, POLLIN, 0}};
    poll(entries, 2, -1);
    eventfd_t count = 0;
    eventfd_read(news.get(), &count);
  }
}

JobServer::JobServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

JobServer::~JobServer() = default;

Result<std::unique_ptr<JobServer>> JobServer::create(const JobServerOptions& options) {
  const std::string& path = options.fifo_path;
  bool is_made = false;  // the FIFO, which then goes again: the next try makes its own
  const auto failed = [&] {
    const int why = errno;
    if (is_made) {
      unlink(path.c_str());
    }
    return Error{ErrorCode::io,
                 "make a jobserver: " + system_message(path.empty() ? "a pipe" : path, why),
                 ""};
  };
  UniqueFd read;
  UniqueFd write;
  if (path.empty()) {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) {
      return failed();
    }
    read.reset(ends[0]);
    write.reset(ends[1]);
  } else if (!fits_make_flags(path)) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("make a jobserver: MAKEFLAGS cannot name '{}'", path),
                 "say 'jobserver: pipe', or choose a state folder without blanks and quotes"};
  } else {
    if (mkfifo(path.c_str(), 0600) != 0) {
      return failed();
    }
    is_made = true;
    read.reset(open(path.c_str(), O_RDWR | O_CLOEXEC));  // O_RDONLY would wait for a writer
    write.reset(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  }
  auto own_read = reopened(read.get(), O_RDONLY | O_NONBLOCK);
  auto own_write = reopened(write.get(), O_WRONLY | O_NONBLOCK);
  if (!own_read || !own_write) {
    return failed();
  }
  auto state = std::make_unique<State>(
      std::move(own_read), std::move(own_write), TokenBudget::Role::server, options.jobs);
  state->fifo_path = path;
  state->child_read = raised(std::move(read));
  state->child_write = raised(std::move(write));
  if (!state->child_read || !state->child_write) {
    return failed();
  }
  {
    const MutexLock lock(state->mutex);
    state->tokens.settle();
  }
  return std::unique_ptr<JobServer>(new JobServer(std::move(state)));
}

std::unique_ptr<JobServer> JobServer::join(std::string_view make_flags) {
  const auto address = jobserver_address(make_flags);
  if (!address || !is_there(*address)) {
    return nullptr;
  }
  UniqueFd read = address->fifo.empty()
                      ? reopened(address->read, O_RDONLY | O_NONBLOCK)
                      : UniqueFd(open(address->fifo.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  UniqueFd write =
      reopened(address->fifo.empty() ? address->write : read.get(), O_WRONLY | O_NONBLOCK);
  if (!read || !write) {
    return nullptr;
  }
  auto state =
      std::make_unique<State>(std::move(read), std::move(write), TokenBudget::Role::client, 1);
  state->is_outer = true;
  return std::unique_ptr<JobServer>(new JobServer(std::move(state)));
}

void JobServer::stage_started(int jobs, bool is_client) {
  const MutexLock lock(state_->mutex);
  state_->tokens.begin(jobs, is_client);
  state_->collect_if_owed();
}

void JobServer::stage_ended(int jobs, bool is_client) {
  const MutexLock lock(state_->mutex);
  state_->tokens.end(jobs, is_client);
}

std::string JobServer::make_flags(std::string_view existing, JobServerStyle style) const {
  if (state_->is_outer) {
    return std::string(existing);
  }
  const std::string auth =
      style == JobServerStyle::fifo
          ? "fifo:" + state_->fifo_path
          : fmt::format("{},{}", state_->child_read.get(), state_->child_write.get());
  return with_jobserver(existing, auth, state_->jobs);
}

std::array<int, 2> JobServer::descriptors() const {
  return {state_->child_read.get(), state_->child_write.get()};
}

JobServerStyle installed_style(std::string_view path) {
  const auto make = find_program("make", {path, "/"});
  if (!make) {
    return JobServerStyle::fifo;
  }
  constexpr std::size_t kMostBytes = std::size_t{8} << 20;
  const auto text = read_file(*make, kMostBytes);
  return text && text->find("fifo:") != std::string::npos ? JobServerStyle::fifo
                                                          : JobServerStyle::pipe;
}

bool is_reachable(std::string_view make_flags) {
  const auto address = jobserver_address(make_flags);
  return address && is_there(*address);
}

}  // namespace headway
