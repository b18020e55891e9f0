// From facts to a category: see the header.
#include "diagnostics/failure_facts.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <csignal>

namespace headway {
namespace {

constexpr std::int64_t kNoRoomBytes = std::int64_t{1} << 20;  // less than that is a full disk
constexpr int kShellSignals = 128;
constexpr double kSure = 0.97, kLikely = 0.8, kPossible = 0.55;

FactFinding of_signal(int signal) {
  switch (signal) {
    case SIGSEGV:
    case SIGABRT:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGTRAP:
    case SIGSYS:
      return {.category = FailureCategory::crash,
              .confidence = 0.95,
              .id = "fact.crash",
              .text = fmt::format("The program crashed (signal {}). Run it under a debugger, or "
                                  "build it with -fsanitize=address,undefined.",
                                  signal)};
    case SIGXCPU:
    case SIGXFSZ:
      return {.category = FailureCategory::resource_limit,
              .confidence = 0.95,
              .id = "fact.resource_limit",
              .text = "A limit of the shell (ulimit) on CPU time or file size ended it."};
    case SIGKILL:
      return {.category = FailureCategory::killed,
              .confidence = kLikely,
              .id = "fact.killed",
              .text =
                  "Something outside killed it (SIGKILL). Where the kernel's log names it "
                  "(dmesg | grep -i oom), memory ran out."};
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
    case SIGQUIT:
      return {.category = FailureCategory::killed,
              .confidence = kLikely,
              .id = "fact.killed",
              .text = fmt::format("Somebody ended it from outside (signal {}).", signal)};
    default:
      return {};
  }
}

FactFinding of_exit_code(int code) {
  switch (code) {
    case 124:
      return {.category = FailureCategory::timeout,
              .confidence = kPossible,
              .id = "fact.exit_124",
              .text = "Exit code 124 is what timeout(1) gives when its time is up."};
    case 126:
      return {.category = FailureCategory::permission,
              .confidence = kLikely,
              .id = "fact.exit_126",
              .text =
                  "The shell found the command but could not execute it: is it executable "
                  "(chmod +x), and built for this machine?"};
    case 127:
      return {.category = FailureCategory::missing_command,
              .confidence = kLikely,
              .id = "fact.exit_127",
              .text = "The shell did not find the command: install it, or add its folder to PATH."};
    default:
      return code > kShellSignals ? of_signal(code - kShellSignals) : FactFinding{};
  }
}

// Nothing of it ran: what the system said is the whole reason.
FactFinding of_start(const FailureFacts& facts) {
  FactFinding finding = of_exit_code(facts.exit_code.value_or(0));
  finding.confidence = kSure;
  finding.id = "fact.not_started";
  finding.text = fmt::format("It could not be started: {}.{}",
                             facts.start,
                             finding.category == FailureCategory::missing_command
                                 ? " Install it, or add its folder to PATH."
                             : finding.category == FailureCategory::permission
                                 ? " Is it executable (chmod +x), and built for this machine?"
                                 : "");
  return finding;
}

}  // namespace

bool is_green(const FailureFacts& facts) noexcept {
  return facts.exit_code == 0 && facts.signal.value_or(0) == 0 && !facts.timed_out &&
         !facts.out_of_memory && facts.gate.empty() && facts.hook.empty() && facts.start.empty();
}

FactFinding finding_of(const FailureFacts& facts) {
  if (!facts.gate.empty()) {
    return {.category = FailureCategory::unknown,
            .confidence = kSure,
            .id = "fact.gate",
            .text = fmt::format("The command succeeded, but a gate did not pass: {}", facts.gate)};
  }
  if (!facts.hook.empty()) {
    return {.category = FailureCategory::unknown,
            .confidence = kSure,
            .id = "fact.hook",
            .text = fmt::format("It was not started, as a check before it did not pass: {}",
                                facts.hook)};
  }
  if (!facts.start.empty()) {
    return of_start(facts);
  }
  if (facts.timed_out) {
    return {.category = FailureCategory::timeout,
            .confidence = kSure,
            .id = "fact.timeout",
            .text =
                "It took longer than its timeout. See what it did last; raise `timeout` if "
                "that was work."};
  }
  if (facts.out_of_memory) {
    return {.category = FailureCategory::oom,
            .confidence = kSure,
            .id = "fact.oom",
            .text =
                "The kernel ended it because memory ran out. Run fewer stages at once (-j), "
                "or declare what it needs with `memory`."};
  }
  if (facts.disk_free_bytes && *facts.disk_free_bytes < kNoRoomBytes) {
    return {.category = FailureCategory::disk_full,
            .confidence = 0.9,
            .id = "fact.disk_full",
            .text = fmt::format("The disk was full ({} left). Make room and run it again.",
                                format_size(*facts.disk_free_bytes))};
  }
  if (facts.signal.value_or(0) > 0) {
    return of_signal(*facts.signal);
  }
  return facts.exit_code ? of_exit_code(*facts.exit_code) : FactFinding{};
}

}  // namespace headway
