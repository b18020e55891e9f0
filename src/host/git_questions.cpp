// See git_questions.hpp. posix_spawn: no copy of this process is made.
#include "host/git_questions.hpp"

#include "base/text.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <optional>

namespace headway {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr int kReapPollMs = 2;
// How long a killed git may take to go.
constexpr std::chrono::milliseconds kKillPatience(50);
constexpr std::size_t kPiece = std::size_t{64} << 10;

// Of git's variables, what begins like this is passed on: settings, programs, and how to reach a
// server (a partial clone asks one for what it lacks). All others are orders: where the repository
// and its objects are (set inside hooks), what is looked at, how it is shown.
constexpr std::array<std::string_view, 10> kPassedOn{"GIT_CONFIG",
                                                     "GIT_DISCOVERY_ACROSS_FILESYSTEM=",
                                                     "GIT_EXEC_PATH=",
                                                     "GIT_ASKPASS=",
                                                     "GIT_SSH",
                                                     "GIT_SSL_",
                                                     "GIT_HTTP_",
                                                     "GIT_PROXY_",
                                                     "GIT_PROTOCOL",
                                                     "GIT_ALLOW_PROTOCOL="};

std::vector<std::string> git_environment() {
  std::vector<std::string> all;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (!is_order_to_git(*entry)) {
      all.emplace_back(*entry);
    }
  }
  for (const char* ours : {"GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C"}) {
    all.emplace_back(ours);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    all.push_back(text.data());
  }
  all.push_back(nullptr);
  return all;
}

// No pager, no fsmonitor daemon, no write of a refreshed index, whatever the user's settings.
std::vector<std::string> words_of(const GitWords& question) {
  std::vector<std::string> words{"git",
                                 "--no-pager",
                                 "-c",
                                 "core.fsmonitor=false",
                                 "-c",
                                 "diff.autoRefreshIndex=false",
                                 "-c",
                                 "log.showSignature=false"};
  words.insert(words.end(), question.begin(), question.end());
  return words;
}

// The settings of posix_spawn for one child; freed with it.
struct SpawnSettings {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};

  SpawnSettings(const std::string& directory, int out, int err) {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
};

// One git that runs, or has ended.
class GitChild {
 public:
  void start(const std::string& directory, const GitWords& question, char** environment) {
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0) {
      return;
    }
    output_.reset(out[0]);
    const UniqueFd out_end(out[1]);
    if (::pipe2(err.data(), O_CLOEXEC) != 0) {
      output_.reset();
      return;
    }
    errors_.reset(err[0]);
    const UniqueFd err_end(err[1]);
    const SpawnSettings settings(directory, out_end.get(), err_end.get());
    std::vector<std::string> words = words_of(question);
    const int failed = ::posix_spawnp(
        &pid_, "git", &settings.actions, &settings.attributes, pointers(words).data(), environment);
    if (failed != 0) {
      pid_ = -1;
      answer.is_missing = failed == ENOENT;
      output_.reset();
      errors_.reset();
    }
  }

  void add_polls(std::vector<pollfd>& polls) const {
    polls.push_back({output_.get(), POLLIN, 0});  // (a negative one is passed over)
    polls.push_back({errors_.get(), POLLIN, 0});
  }

  bool is_open() const noexcept { return output_ || errors_; }

  void take(const pollfd& output, const pollfd& errors) {
    if (output.revents != 0) {
      read_some(output_, answer.output, GitAnswer::kMostOutput + 1);
      if (answer.output.size() > GitAnswer::kMostOutput) {
        answer.is_large = true;
        end();
      }
    }
    if (errors.revents != 0) {
      read_some(errors_, answer.errors, GitAnswer::kMostErrors);
    }
  }

  void give_up() {
    answer.is_late = pid_ > 0;
    end();
  }

  // Its output has ended; so has it, within a moment. One that even SIGKILL does not end (it waits
  // for a dead disk) is left behind.
  void reap(SteadyTime deadline) {
    int status = 0;
    while (pid_ > 0) {
      const pid_t got = ::waitpid(pid_, &status, WNOHANG);
      if (got == pid_ || (got < 0 && errno != EINTR)) {
        answer.exit_code = got == pid_ && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        pid_ = -1;
      } else if (std::chrono::steady_clock::now() <= last_look_.value_or(deadline)) {
        ::poll(nullptr, 0, kReapPollMs);
      } else if (last_look_) {
        pid_ = -1;
      } else {
        give_up();
      }
    }
  }

  GitAnswer answer;

 private:
  static void read_some(UniqueFd& fd, std::string& text, std::size_t most) {
    const std::size_t had = text.size();
    std::array<char, kPiece> piece;  // NOLINT: not filled for nothing
    const ssize_t count = ::read(fd.get(), piece.data(), piece.size());
    if (count > 0) {
      text.append(piece.data(), std::min(static_cast<std::size_t>(count), most - had));
    } else if (count == 0 || errno != EINTR) {
      fd.reset();
    }
  }

  void end() {
    if (pid_ > 0) {
      last_look_ = std::chrono::steady_clock::now() + kKillPatience;
      ::kill(-pid_, SIGKILL);
    }
    output_.reset();
    errors_.reset();
  }

  pid_t pid_ = -1;
  std::optional<SteadyTime> last_look_;  // it was killed, and has until then to go
  UniqueFd output_;
  UniqueFd errors_;
};

void attend(std::deque<GitChild>& children, SteadyTime end) {
  std::vector<pollfd> polls;
  for (;;) {
    polls.clear();
    for (const GitChild& child : children) {
      child.add_polls(polls);
    }
    if (std::none_of(children.begin(), children.end(), [](const GitChild& child) {
          return child.is_open();
        })) {
      return;
    }
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      for (GitChild& child : children) {
        if (child.is_open()) {
          child.give_up();
        }
      }
      return;
    }
    ::poll(
        polls.data(), polls.size(), static_cast<int>(std::min<std::int64_t>(left.count(), 1000)));
    for (std::size_t at = 0; at < children.size(); ++at) {
      children[at].take(polls[2 * at], polls[2 * at + 1]);
    }
  }
}

}  // namespace

bool is_order_to_git(std::string_view entry) noexcept {
  const auto begins = [entry](std::string_view name) { return entry.starts_with(name); };
  return entry.starts_with("GIT_") ? std::none_of(kPassedOn.begin(), kPassedOn.end(), begins)
                                   : entry.starts_with("LC_ALL=");
}

std::string GitAnswer::trouble() const {
  if (is_missing) {
    return "git is not installed";
  }
  if (is_late) {
    return "git took too long";
  }
  if (is_large) {
    return fmt::format("git said more than {} MiB", kMostOutput >> 20);
  }
  std::string_view text = errors;
  const std::size_t fatal = text.find("fatal: ");
  text = fatal == std::string_view::npos ? text : text.substr(fatal + 7);
  text = trim(text.substr(0, text.find('\n')));
  if (!text.empty()) {
    return std::string(text);
  }
  return exit_code < 0 ? "git was ended by a signal"
                       : fmt::format("git ended with exit code {}", exit_code);
}

std::vector<GitAnswer> ask_git(const std::string& directory,
                               const std::vector<GitWords>& questions,
                               Nanos patience) {
  const SteadyTime end = std::chrono::steady_clock::now() + patience;
  std::vector<std::string> environment = git_environment();
  const std::vector<char*> entries = pointers(environment);
  std::deque<GitChild> children(questions.size());
  for (std::size_t at = 0; at < questions.size(); ++at) {
    children[at].start(directory, questions[at], const_cast<char**>(entries.data()));
  }
  attend(children, end);
  std::vector<GitAnswer> answers;
  answers.reserve(children.size());
  for (GitChild& child : children) {
    child.reap(end);
    answers.push_back(std::move(child.answer));
  }
  return answers;
}

}  // namespace headway
