// What a process costs through ProcessBackend, beside its peer in the same run: a bare loop of
// vfork, exec and wait, two at a time. Rounds alternate, so that both see the same machine. usage:
// spawn_benchmark [processes a round = 1000] [rounds = 9]
#include "execution/process_backend.hpp"

#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace headway {
namespace {

constexpr int kJobs = 2;
constexpr const char* kProgram = "/bin/true";

// One side of the comparison: wall and CPU time a process, in microseconds, a round each.
struct Side {
  std::vector<double> wall;
  std::vector<double> cpu;
};

Nanos cpu_now() {
  Nanos sum{};
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      sum += std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
    }
  }
  return sum;
}

void start_bare() {
  char program[] = "/bin/true";
  char* const argv[] = {static_cast<char*>(program), nullptr};
  if (vfork() == 0) {
    execve(kProgram, static_cast<char* const*>(argv), environ);
    _exit(127);
  }
}

// The floor: nothing is captured, nothing recorded.
void run_bare(int count) {
  int started = 0;
  for (int ended = 0; ended < count; ++ended) {
    while (started < count && started - ended < kJobs) {
      start_bare();
      ++started;
    }
    wait(nullptr);
  }
}

// The same with output through a pipe and usage of each.
void run_backend(ProcessBackend& backend, int count) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    environment.emplace_back(*entry);
  }
  std::vector<Exit> exits;
  std::vector<Wakeup> wakeups;
  int started = 0;
  for (int ended = 0; ended < count;) {
    while (started < count && started - ended < kJobs) {
      if (!backend.start({started, 1, {kProgram}, "/", &environment, "/tmp/headway-unused"})) {
        std::abort();
      }
      ++started;
    }
    exits.clear();
    backend.wait(std::nullopt, exits, wakeups);
    ended += static_cast<int>(exits.size());
  }
}

template <typename Run>
void measure(Side& side, int count, const Run& run) {
  const SystemClock clock;
  const Nanos cpu = cpu_now();
  const Nanos wall = clock.monotonic();
  run(count);
  side.wall.push_back(to_seconds(clock.monotonic() - wall).count() * 1e6 / count);
  side.cpu.push_back(to_seconds(cpu_now() - cpu).count() * 1e6 / count);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

int run_benchmark(int count, int rounds) {
  const SystemClock clock;
  auto backend = ProcessBackend::create({}, clock);
  if (!backend) {
    fmt::print(stderr, "failed to {}\n", backend.error().message);
    return 1;
  }
  Side bare;
  Side through;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    measure(bare, count, run_bare);
    measure(through, count, [&](int n) { run_backend(**backend, n); });
    ratios.push_back(through.wall.back() / bare.wall.back());
  }
  fmt::print(
      "{} processes a round, {} rounds, {} at a time; medians a process\n", count, rounds, kJobs);
  fmt::print(
      "bare loop       {:7.1f} us wall {:7.1f} us cpu\n", median(bare.wall), median(bare.cpu));
  fmt::print("ProcessBackend  {:7.1f} us wall {:7.1f} us cpu\n",
             median(through.wall),
             median(through.cpu));
  fmt::print("ratio of the medians {:.3f}, median of the rounds' ratios {:.3f}\n",
             median(through.wall) / median(bare.wall),
             median(ratios));
  return 0;
}

}  // namespace
}  // namespace headway

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 1000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 9;
  if (count < 1 || rounds < 1) {
    fmt::print(stderr, "usage: spawn_benchmark [processes a round] [rounds]\n");
    return 2;
  }
  return headway::run_benchmark(count, rounds);
}
