// See command_attempt.hpp.
#include "execution/command_attempt.hpp"

#include "base/signal_name.hpp"
#include "base/text.hpp"
#include "execution/process_backend.hpp"

#include <fmt/format.h>

#include <csignal>
#include <string_view>
#include <utility>

namespace headway {
namespace {

// Keeps the end of what a command prints.
class OutputTail final : public OutputListener {
 public:
  void on_output(int task, std::string_view bytes) override {
    (void)task;
    text_.append(bytes);
    if (text_.size() > 2 * kErrorTailBytes) {
      cut();
    }
  }

  // Valid UTF-8, without the newline at its end, from the begin of a line where it was cut.
  std::string take() {
    cut();
    std::string_view text = text_;
    if (was_cut_ && text.find('\n') < text.size() - 1) {
      text.remove_prefix(text.find('\n') + 1);
    }
    while (text.ends_with('\n')) {
      text.remove_suffix(1);
    }
    return to_valid_utf8(text);
  }

 private:
  void cut() {
    if (text_.size() > kErrorTailBytes) {
      text_.erase(0, text_.size() - kErrorTailBytes);
      was_cut_ = true;
    }
  }

  std::string text_;
  bool was_cut_ = false;
};

AttemptEnd start_failure(const Error& error) {
  AttemptEnd end;
  end.start_failed = true;
  end.exit_code = error.code == ErrorCode::not_found ? 127 : 126;  // as a shell would say
  end.value = end.exit_code;
  end.error_type = "start_failed";
  end.error = error.next_step.empty() ? error.message
                                      : fmt::format("{}; {}", error.message, error.next_step);
  end.reason = error.message;
  return end;
}

AttemptEnd end_of(Exit exit, std::string tail) {
  AttemptEnd end;
  end.exit_code = exit.exit_code;
  end.signal = exit.signal;
  end.cpu = exit.cpu;
  end.peak_memory_bytes = exit.peak_memory_bytes;
  end.value = exit.exit_code;
  end.succeeded = exit.exit_code == 0;
  if (!end.succeeded) {
    end.error_type = exit.signal != 0 ? "signal" : "exit_code";
    end.reason = !exit.error.empty() ? std::move(exit.error)
                 : exit.signal != 0  ? "killed by " + signal_name(exit.signal)
                                     : fmt::format("exit code {}", exit.exit_code);
    end.error = std::move(tail);
  }
  return end;
}

}  // namespace

AttemptEnd run_command(const CommandSpec& spec, const Clock& clock) {
  OutputTail tail;
  ProcessBackendOptions options;
  options.listener = &tail;
  options.secrets = spec.secrets;
  auto backend = ProcessBackend::create(std::move(options), clock);
  if (!backend) {
    return start_failure(backend.error());
  }
  Launch launch;
  launch.argv = spec.argv;
  launch.directory = spec.directory;
  const auto pid = (*backend)->start(launch);
  if (!pid) {
    return start_failure(pid.error());
  }
  std::vector<Exit> exits;
  {
    // Another thread may be about to signal the group while its leader is reaped here: harmless, a
    // number comes round again only after all others.
    const int group = *pid;
    const std::stop_callback terminate(spec.terminate, [group] {
      ::kill(-group, SIGTERM);
      ::kill(-group, SIGCONT);  // a stopped group would not see it
    });
    const std::stop_callback kill(spec.kill, [group] { ::kill(-group, SIGKILL); });
    std::vector<Wakeup> wakeups;
    while (exits.empty()) {
      (*backend)->wait(std::nullopt, exits, wakeups);
    }
  }
  return end_of(std::move(exits.front()), tail.take());
}

}  // namespace headway
