// Program: the real binary in a project folder of its own, as a person would use it. For tests of
// the command line; knows nothing of what the binary does.
#pragma once

#include "base/json.hpp"
#include "base/unique_fd.hpp"
#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace headway {

// What a command printed and how it ended. `exit_code` is 128 + signal where one ended it, -1
// where it had to be killed at the deadline.
struct ProgramResult {
  int exit_code = -1;
  std::string out, err;

  // The one JSON document on stdout; null where it is none.
  Json json() const {
    auto parsed = Json::parse(out);
    return parsed ? *parsed : Json();
  }
};

// Waits until `condition` holds, at most `seconds`; whether it does.
inline bool eventually(const std::function<bool()>& condition, int seconds = 20) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

// A project folder with files, and the binary HEADWAY_BINARY run in it. The environment is small
// and fixed (PATH, HOME in the folder, TZ=UTC, LC_ALL=C) with what set() adds.
class Program {
 public:
  // A command in the background. Its process group is its own; the destructor kills it.
  class Process {
   public:
    Process(pid_t pid, std::string out, std::string err)
        : pid_(pid), out_(std::move(out)), err_(std::move(err)) {}
    Process(Process&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)),
          out_(std::move(other.out_)),
          err_(std::move(other.err_)) {}
    Process& operator=(Process&&) = delete;
    ~Process() {
      if (pid_ > 0) {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
      }
    }

    pid_t pid() const noexcept { return pid_; }
    // To the process alone.
    void send(int signal) const { ::kill(pid_, signal); }
    // To its whole group, as a terminal does for Ctrl-C.
    void send_group(int signal) const { ::kill(-pid_, signal); }
    bool has_ended() const {
      siginfo_t info{};
      return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
             info.si_pid == pid_;
    }
    std::string out() const { return slurp(out_); }
    std::string err() const { return slurp(err_); }

    // Waits for its end, at most `seconds`; then it is killed.
    ProgramResult wait(int seconds = 60) {
      int status = 0;
      const bool ended =
          eventually([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }, seconds);
      if (!ended) {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, &status, 0);
      }
      pid_ = -1;
      const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
      return {ended ? code : -1, out(), err()};
    }

   private:
    pid_t pid_;
    std::string out_, err_;
  };

  Program() {
    const char* path = ::getenv("PATH");
    environment_ = {{"PATH", path == nullptr ? "/usr/bin:/bin" : path},
                    {"HOME", folder_.path()},
                    {"TZ", "UTC"},
                    {"LC_ALL", "C"}};
    std::filesystem::create_directory(folder_ / "project");
  }

  std::string path(std::string_view name = {}) const {
    return folder_ / ("project" + (name.empty() ? "" : "/" + std::string(name)));
  }
  std::string read(std::string_view name) const { return slurp(path(name)); }
  void write(std::string_view name, std::string_view content) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    spill(path(name), content);
    if (content.starts_with("#!")) {
      ::chmod(path(name).c_str(), 0755);
    }
  }
  // An environment variable for all further commands.
  void set(const std::string& name, const std::string& value) { environment_[name] = value; }
  void unset(const std::string& name) { environment_.erase(name); }
  // No file that a further command writes grows beyond that: a disk that is full there (EFBIG; the
  // signal is ignored).
  void limit_files(std::int64_t bytes) { file_limit_ = bytes; }
  // Where further commands are run: a folder of the project's (default: the project).
  void stand_in(std::string_view folder) { stands_in_ = path(folder); }

  ProgramResult run(const std::vector<std::string>& words, int seconds = 60) {
    return start(words).wait(seconds);
  }

  // With `stdout_fd`, what it prints goes there and not to Process::out().
  Process start(const std::vector<std::string>& words, int stdout_fd = -1) {
    const std::string out = folder_ / ("out" + std::to_string(++count_));
    const std::string err = folder_ / ("err" + std::to_string(count_));
    const pid_t pid = ::fork();
    if (pid == 0) {
      if (stdout_fd < 0) {
        stdout_fd = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      }
      become(words, stdout_fd, err);
    }
    ::setpgid(pid, pid);
    return {pid, out, err};
  }

 private:
  [[noreturn]] void become(const std::vector<std::string>& words,
                           int out,
                           const std::string& err) const {
    ::setpgid(0, 0);
    const int in = ::open("/dev/null", O_RDONLY);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 2);
    ::close_range(3, ~0U, 0);
    if (::chdir(stands_in_.c_str()) != 0) {
      ::_exit(99);
    }
    if (file_limit_ > 0) {
      const auto limit = static_cast<rlim_t>(file_limit_);
      const rlimit both{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &both);
      ::signal(SIGXFSZ, SIG_IGN);
    }
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment_) {
      variables.push_back(name + "=" + value);
    }
    std::vector<std::string> all{HEADWAY_BINARY};
    all.insert(all.end(), words.begin(), words.end());
    ::execve(HEADWAY_BINARY, pointers(all).data(), pointers(variables).data());
    ::_exit(98);
  }

  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) {
      all.push_back(text.data());
    }
    all.push_back(nullptr);
    return all;
  }

  TempFolder folder_;
  std::map<std::string, std::string> environment_;
  std::string stands_in_ = path();
  std::int64_t file_limit_ = 0;  // 0: none
  int count_ = 0;
};

}  // namespace headway
