// See git_process.hpp. Input goes through a socket (a pipe would raise SIGPIPE in this process), or
// lies in memory; complaints are written to memory too, so that nobody waits for anybody.
#include "host/git_process.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <system_error>
#include <utility>

extern char** environ;

namespace headway {
namespace {

constexpr int kStartFailed = 127;
constexpr std::size_t kBuffer = std::size_t{256} << 10;
constexpr std::size_t kLongestComplaint = 2000;

// What a child is made of, prepared before the fork.
struct ChildWords {
  std::vector<char*> argv, environment;
  int input, output, errors, held;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    all.push_back(const_cast<char*>(text.c_str()));
  }
  all.push_back(nullptr);
  return all;
}

// git(1): no configuration but ours, no question, no translated message.
std::vector<std::string> git_environment() {
  std::vector<std::string> out{"GIT_CONFIG_NOSYSTEM=1",
                               "GIT_CONFIG_GLOBAL=/dev/null",
                               "GIT_ATTR_NOSYSTEM=1",
                               "GIT_TERMINAL_PROMPT=0",
                               "GIT_NO_REPLACE_OBJECTS=1",
                               "LC_ALL=C"};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with("GIT_") && !text.starts_with("LC_ALL=") &&
        !text.starts_with("XDG_CONFIG_HOME=")) {
      out.emplace_back(text);
    }
  }
  return out;
}

// Content is kept as it is, compressed lightly, large files without holding them in memory; what is
// told to be kept is on the disk.
std::vector<std::string> git_words(const GitPlace& place, const std::vector<std::string>& words) {
  std::vector<std::string> out{place.program, "--git-dir=" + place.folder};
  for (const char* setting : {"core.compression=1",
                              "core.bigFileThreshold=16m",
                              "core.packedGitWindowSize=16m",
                              "core.protectNTFS=false",
                              "core.protectHFS=false",
                              "core.fsync=committed,reference",
                              "fastimport.unpackLimit=1",
                              "repack.writeBitmaps=false",
                              "pack.window=0",
                              "pack.threads=1"}) {
    out.emplace_back("-c");
    out.emplace_back(setting);
  }
  out.insert(out.end(), words.begin(), words.end());
  return out;
}

// In the child, after fork in a process that may have threads: nothing but system calls.
[[noreturn]] void become(const ChildWords& words) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(words.input, STDIN_FILENO);
  ::dup2(words.output, STDOUT_FILENO);
  ::dup2(words.errors, STDERR_FILENO);
  if (words.held >= 0) {
    ::fcntl(words.held, F_SETFD, 0);
  }
  ::execve(words.argv[0], words.argv.data(), words.environment.data());
  ::_exit(kStartFailed);
}

Error system_failure(std::string_view what) {
  return {ErrorCode::io, fmt::format("{}: {}", what, std::generic_category().message(errno))};
}

// A file in memory with that text, read from its start.
Result<UniqueFd> memory_file(std::string_view text) {
  UniqueFd fd(::memfd_create("headway", MFD_CLOEXEC));
  if (!fd) {
    return system_failure("make a file in memory");
  }
  if (auto written = write_all(fd.get(), text); !written) {
    return std::move(written).error();
  }
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

}  // namespace

GitProcess::GitProcess(GitProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      verb_(std::move(other.verb_)),
      folder_(std::move(other.folder_)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      pending_(std::move(other.pending_)),
      received_(std::move(other.received_)),
      received_at_(other.received_at_) {}

GitProcess::~GitProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

Result<GitProcess> GitProcess::start(const GitPlace& place,
                                     const std::vector<std::string>& words,
                                     GitInput input,
                                     std::string_view text) {
  GitProcess git;
  git.verb_ = words.empty() ? "" : words.front();
  git.folder_ = place.folder;
  auto source = memory_file(text);
  auto errors = memory_file({});
  if (!source || !errors) {
    return source ? std::move(errors).error() : std::move(source).error();
  }
  std::array<int, 2> ends{};
  if (input == GitInput::stream) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      return system_failure("make a socket");
    }
    git.input_.reset(ends[0]);
    source->reset(ends[1]);
  }
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return system_failure("make a pipe");
  }
  git.output_.reset(ends[0]);
  const UniqueFd sink(ends[1]);
  git.errors_ = std::move(*errors);
  const std::vector<std::string> argv = git_words(place, words);
  const std::vector<std::string> environment = git_environment();
  const ChildWords child{pointers(argv),
                         pointers(environment),
                         source->get(),
                         sink.get(),
                         git.errors_.get(),
                         place.held};
  git.pid_ = ::fork();
  if (git.pid_ == 0) {
    become(child);
  }
  return git.pid_ > 0 ? Result<GitProcess>(std::move(git)) : system_failure("start git");
}

Result<void> GitProcess::send(std::string_view bytes) {
  pending_.append(bytes);
  return pending_.size() < kBuffer ? Result<void>() : flush();
}

Result<void> GitProcess::flush() {
  std::string_view left = pending_;
  while (!left.empty()) {
    const ssize_t sent = ::send(input_.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) {
      return system_failure(fmt::format("write to git {}", verb_));
    }
    left.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
  }
  pending_.clear();
  return {};
}

std::size_t GitProcess::refill() {
  received_.resize(kBuffer);
  received_at_ = 0;
  ssize_t count = 0;
  do {
    count = ::read(output_.get(), received_.data(), received_.size());
  } while (count < 0 && errno == EINTR);
  received_.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return received_.size();
}

Result<std::size_t> GitProcess::receive(char* buffer, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    if (received_at_ == received_.size() && refill() == 0) {
      break;
    }
    const std::size_t count = std::min(size - done, received_.size() - received_at_);
    std::copy_n(received_.data() + received_at_, count, buffer + done);
    received_at_ += count;
    done += count;
  }
  return done;
}

std::optional<std::string> GitProcess::receive_line() {
  std::string line;
  for (;;) {
    if (received_at_ == received_.size() && refill() == 0) {
      return line.empty() ? std::nullopt : std::optional<std::string>(line);
    }
    const std::size_t end = received_.find('\n', received_at_);
    const std::size_t stop = std::min(end, received_.size());
    line.append(received_, received_at_, stop - received_at_);
    received_at_ = stop;
    if (end != std::string::npos) {
      ++received_at_;
      return line;
    }
  }
}

Result<std::string> GitProcess::receive_all() {
  std::string out(received_, received_at_);
  while (refill() > 0) {
    out += received_;
  }
  received_at_ = received_.size();
  return out;
}

// The first line of what it wrote to stderr.
std::string GitProcess::complaint() const {
  std::string text(kLongestComplaint, '\0');
  const ssize_t size = ::pread(errors_.get(), text.data(), text.size(), 0);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  std::string_view line = trim(std::string_view(text).substr(0, text.find('\n')));
  if (line.starts_with("fatal: ")) {
    line.remove_prefix(std::string_view("fatal: ").size());
  }
  return std::string(line);
}

Result<void> GitProcess::finish() {
  auto sent = input_ ? flush() : Result<void>();
  input_.reset();
  output_.reset();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return sent;
  }
  const std::string said = complaint();
  if (said.find("No space left") != std::string::npos ||
      said.find("Out of diskspace") != std::string::npos) {
    return Error{ErrorCode::io,
                 fmt::format("write to {}: no space left on the disk", folder_),
                 "make room there, then try again"};
  }
  const std::string end = WIFSIGNALED(status)
                              ? fmt::format("was killed by signal {}", WTERMSIG(status))
                              : fmt::format("ended with exit code {}", WEXITSTATUS(status));
  return Error{ErrorCode::io,
               fmt::format("git {}{}", verb_, said.empty() ? " " + end : ": " + said)};
}

Result<std::string> run_git(const GitPlace& place,
                            const std::vector<std::string>& words,
                            std::string_view input) {
  auto git = GitProcess::start(place, words, GitInput::text, input);
  if (!git) {
    return std::move(git).error();
  }
  auto output = git->receive_all();
  if (auto finished = git->finish(); !finished) {
    return std::move(finished).error();
  }
  return output;
}

}  // namespace headway
