// See attempt_meter.hpp. Each figure of memory is a lower bound of what the tree took, so the
// largest is told: a group knows all processes and no moment, samples know moments, wait4(2) the
// largest single process.
#include "execution/attempt_meter.hpp"

#include "host/process_table.hpp"

#include <algorithm>
#include <chrono>

namespace headway {
namespace {

Nanos to_nanos(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

void AttemptMeter::sample(ProcessAttempt& attempt) {
  const auto counted = attempt.group ? attempt.group->memory_bytes() : std::nullopt;
  attempt.bytes_now = counted ? *counted : tree_memory_bytes(attempt.pid);
  attempt.sampled_bytes = std::max(attempt.sampled_bytes, attempt.bytes_now);
}

// A child that is started the vfork way inherits this process's peak: a figure of wait4 that is not
// above it says nothing. The own peak only grows: it is asked for only where a figure is above the
// one known so far.
void AttemptMeter::measure(const ProcessAttempt& attempt, const rusage& waited, Exit& exit) {
  const CgroupUsage counted = attempt.group ? attempt.group->usage() : CgroupUsage{};
  exit.cpu = std::max(to_nanos(waited.ru_utime) + to_nanos(waited.ru_stime),
                      counted.cpu.value_or(Nanos{}));
  exit.oom_kills = counted.oom_kills;
  exit.peak_memory_bytes = attempt.sampled_bytes;
  exit.peak_memory_source = attempt.sampled_bytes > 0 ? "sampled" : "";
  const std::int64_t waited_bytes = waited.ru_maxrss * 1024;
  if (waited_bytes > own_peak_bytes_) {
    rusage own{};
    getrusage(RUSAGE_SELF, &own);
    own_peak_bytes_ = own.ru_maxrss * 1024;
  }
  if (waited_bytes > own_peak_bytes_ && waited_bytes >= exit.peak_memory_bytes) {
    exit.peak_memory_bytes = waited_bytes;
    exit.peak_memory_source = "wait4";
  }
  if (counted.peak_bytes) {
    exit.peak_memory_bytes = std::max(exit.peak_memory_bytes, *counted.peak_bytes);
    exit.peak_memory_source = "cgroup";
  }
}

}  // namespace headway
