// What a record costs its caller, beside spdlog in the same run: nanoseconds of a call when records
// are paced, records a second when they are not, bytes on disk, memory. Records have 5 context
// fields and 2 of their own. Ours are JSON with escaping and survive SIGKILL; spdlog's are neither:
// lines of text with these fields, or (JSON) with all members of our records.
#include "base/secrets.hpp"
#include "headway/logging.hpp"
#include "support/temp_folder.hpp"

#include <fmt/format.h>

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace headway {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int kPacedRecords = 30'000;
constexpr int kWarmUp = 5'000;
constexpr std::chrono::microseconds kPace{10};
constexpr int kSustainedRecords = 300'000;

// What a child process finds out.
struct Figures {
  double median_ns, p99_ns, p999_ns, records_per_second, bytes_per_record, memory_kib;
};

// One way of logging: makes a logger that writes to that folder; its call takes a number, its
// destruction ends the writing.
struct Way {
  std::string name;
  std::function<std::function<void(int)>(const std::string&)> open;
};

LogContext five_fields() {
  return {.workflow_id = "c-123",
          .lane = "standard",
          .stage_id = 7,
          .stage_name = "Build",
          .user = "ana"};
}

std::function<void(int)> open_headway(const std::string& folder,
                                      const SecretSet* secrets,
                                      bool both) {
  LoggerOptions options;
  options.structured_path = folder + "/a.jsonl";
  options.details_path = both ? folder + "/a.log" : "";
  options.secrets = secrets;
  auto logger = std::make_shared<StructuredLogger>("bench", options);
  logger->set_context(five_fields());
  return [logger](int i) {
    logger->info("built", {{"step", i}, {"ok", true}}, {"src/build.cpp", 66});
  };
}

std::function<void(int)> log_with(const std::shared_ptr<spdlog::logger>& logger) {
  return [logger](int i) {
    logger->info(R"(change_id={} lane={} stage_id={} stage_name={} user={} built step={} ok={})",
                 "c-123",
                 "standard",
                 7,
                 "Build",
                 "ana",
                 i,
                 true);
  };
}

std::function<void(int)> open_spdlog(const std::string& folder) {
  auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(folder + "/a.log");
  return log_with(std::make_shared<spdlog::logger>("bench", std::move(sink)));
}

// The members of our records in spdlog's lines: as many bytes, but without escaping, bounds or
// masking.
std::function<void(int)> open_spdlog_json(const std::string& folder) {
  auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(folder + "/a.log");
  auto logger = std::make_shared<spdlog::logger>("bench", std::move(sink));
  logger->set_pattern(
      R"({"v":1,"ts":"%Y-%m-%dT%H:%M:%S.%eZ","sev":9,"lvl":"%l","event":"log","pid":%P,"tid":%t,%v})",
      spdlog::pattern_time_type::utc);
  return [logger, seq = std::int64_t{0}](int i) mutable {
    logger->info(
        R"("mono_ns":{},"seq":{},"msg":"built","change_id":"{}","lane":"{}","stage_id":{},"stage_name":"{}","user":"{}","src":"{}:{}","attr":{{"step":{},"ok":{}}})",
        Steady::now().time_since_epoch().count(),
        ++seq,
        "c-123",
        "standard",
        7,
        "Build",
        "ana",
        "src/build.cpp",
        66,
        i,
        true);
  };
}

std::function<void(int)> open_spdlog_async(const std::string& folder) {
  auto pool = std::make_shared<spdlog::details::thread_pool>(8192, 1);
  auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(folder + "/a.log");
  auto logger = std::make_shared<spdlog::async_logger>(
      "bench", std::move(sink), pool, spdlog::async_overflow_policy::block);
  auto write = log_with(logger);
  return [pool, write](int i) { write(i); };
}

double nanos_since(Steady::time_point start) {
  return std::chrono::duration<double, std::nano>(Steady::now() - start).count();
}

double share(std::vector<double>& values, double at) {
  const auto nth =
      values.begin() + static_cast<std::ptrdiff_t>(at * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

double clock_cost() {
  std::vector<double> costs(10'000);
  for (double& cost : costs) {
    cost = nanos_since(Steady::now());
  }
  return share(costs, 0.5);
}

// Private and mapped memory that is in use, without the files' cache.
double memory_kib() {
  const std::string status = slurp("/proc/self/status");
  double sum = 0;
  for (const char* key : {"RssAnon:", "RssShmem:", "RssFile:"}) {
    const std::size_t at = status.find(key);
    sum += at == std::string::npos ? 0 : std::stod(status.substr(at + std::string(key).size()));
  }
  return sum;
}

double bytes_in(const std::string& folder) {
  double bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    bytes += static_cast<double>(file.file_size());
  }
  return bytes;
}

void pace(const std::function<void(int)>& log, Figures& figures) {
  const double clock = clock_cost();
  std::vector<double> costs;
  costs.reserve(kPacedRecords);
  auto next = Steady::now();
  for (int i = 0; i < kPacedRecords + kWarmUp; ++i) {
    next += kPace;
    while (Steady::now() < next) {
    }
    const auto start = Steady::now();
    log(i);
    const double cost = nanos_since(start) - clock;
    if (i >= kWarmUp) {
      costs.push_back(cost);
    }
  }
  figures.median_ns = share(costs, 0.5);
  figures.p99_ns = share(costs, 0.99);
  figures.p999_ns = share(costs, 0.999);
}

// In a process of its own, so that memory is that of one way alone.
Figures measure(const Way& way) {
  const TempFolder folder;
  int ends[2];
  if (::pipe(ends) != 0) {
    return {};
  }
  const pid_t child = ::fork();
  if (child == 0) {
    Figures figures{};
    const double before = memory_kib();
    pace(way.open(folder.path()), figures);
    const std::string second = folder / "sustained";
    ::mkdir(second.c_str(), 0777);
    {
      auto log = way.open(second);
      const auto start = Steady::now();
      for (int i = 0; i < kSustainedRecords; ++i) {
        log(i);
      }
      figures.memory_kib = memory_kib() - before;
      log = nullptr;  // all is in the file now
      figures.records_per_second = kSustainedRecords / nanos_since(start) * 1e9;
    }
    figures.bytes_per_record = bytes_in(second) / kSustainedRecords;
    static_cast<void>(!::write(ends[1], &figures, sizeof figures));
    ::_exit(0);
  }
  Figures figures{};
  ::close(ends[1]);
  static_cast<void>(!::read(ends[0], &figures, sizeof figures));
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return figures;
}

double median_of(const std::vector<Figures>& rounds, double Figures::*figure) {
  std::vector<double> values;
  for (const Figures& round : rounds) {
    values.push_back(round.*figure);
  }
  return share(values, 0.5);
}

int run(int rounds) {
  static const SecretSet secrets(
      {"hunter2secret", "ghp_0123456789abcdefABCDEF", "s3cr3t-token-value"});
  const std::vector<Way> ways = {
      {"headway", [](const std::string& f) { return open_headway(f, nullptr, false); }},
      {"headway, 3 secrets", [](const std::string& f) { return open_headway(f, &secrets, false); }},
      {"headway, text too", [](const std::string& f) { return open_headway(f, nullptr, true); }},
      {"spdlog sync", open_spdlog},
      {"spdlog sync, JSON", open_spdlog_json},
      {"spdlog async", open_spdlog_async}};
  std::map<std::string, std::vector<Figures>> all;
  for (int round = 0; round < rounds; ++round) {
    for (const Way& way : ways) {
      all[way.name].push_back(measure(way));
    }
  }
  fmt::print("{:<20} {:>9} {:>8} {:>8} {:>10} {:>8} {:>10}\n",
             "medians of " + std::to_string(rounds),
             "median ns",
             "p99 ns",
             "p99.9",
             "M rec/s",
             "B/rec",
             "memory KiB");
  for (const Way& way : ways) {
    const auto& of = all[way.name];
    fmt::print("{:<20} {:>9.0f} {:>8.0f} {:>8.0f} {:>10.2f} {:>8.0f} {:>10.0f}\n",
               way.name,
               median_of(of, &Figures::median_ns),
               median_of(of, &Figures::p99_ns),
               median_of(of, &Figures::p999_ns),
               median_of(of, &Figures::records_per_second) / 1e6,
               median_of(of, &Figures::bytes_per_record),
               median_of(of, &Figures::memory_kib));
  }
  const auto rate = [&](const char* name) {
    return median_of(all[name], &Figures::records_per_second);
  };
  fmt::print(
      "sustained rate over spdlog sync: {:.2f}, with our members: {:.2f}, over async: {:.2f}\n",
      rate("headway") / rate("spdlog sync"),
      rate("headway") / rate("spdlog sync, JSON"),
      rate("headway") / rate("spdlog async"));
  return 0;
}

}  // namespace
}  // namespace headway

int main(int argc, char** argv) {
  return headway::run(argc > 1 ? std::stoi(argv[1]) : 5);
}
