// What killed processes have logged: every record is in the log once, whoever drains it.
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/secrets.hpp"
#include "base/text.hpp"
#include "headway/logging.hpp"
#include "logging/ring_file.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <thread>
#include <utility>
#include <vector>

namespace headway {
namespace {

constexpr int kProcesses = 3;
constexpr int kThreads = 2;
constexpr int kDirectRecords = 32;  // of a process, before it has a ring

// How many records each thread of each process had handed over when it was killed.
using Counts = std::array<std::array<std::atomic<std::int64_t>, kThreads>, kProcesses>;

// Memory that children share with the test.
class SharedCounts {
 public:
  SharedCounts()
      : counts_(new (::mmap(
            nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                    Counts{}) {}
  ~SharedCounts() { ::munmap(counts_, sizeof(Counts)); }
  SharedCounts(const SharedCounts&) = delete;
  SharedCounts& operator=(const SharedCounts&) = delete;
  Counts& get() { return *counts_; }

 private:
  Counts* counts_;
};

LoggerOptions options_for(const TempFolder& dir) {
  LoggerOptions options;
  options.structured_path = dir / "a.jsonl";
  options.details_path = dir / "a.log";
  return options;
}

std::vector<Json> records_in(const std::string& path) {
  std::vector<Json> records;
  const std::string text = slurp(path);
  for (const std::string_view line : split(text, '\n')) {
    if (auto record = Json::parse(line); record && record->contains("msg")) {
      records.push_back(*std::move(record));
    }
  }
  return records;
}

// A process that does `action` until it is killed.
pid_t start(const std::function<void()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    action();
    ::_exit(1);
  }
  return child;
}

void kill_hard(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

void log_forever(StructuredLogger& logger, std::atomic<std::int64_t>& count, int thread) {
  for (std::int64_t i = 0;; ++i) {
    logger.info("counted", {{"thread", thread}, {"i", i}});
    count.store(i + 1);
  }
}

// Every number of every thread once, in its order; records that were being written at the kill may
// be there or not.
void expect_all_once(const std::vector<Json>& records,
                     const std::vector<pid_t>& children,
                     Counts& counts) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> next;
  for (const Json& record : records) {
    const Json attr = record["attr"];
    std::int64_t& expected = next[{record["pid"].as_integer(), attr["thread"].as_integer()}];
    ASSERT_EQ(attr["i"].as_integer(), expected);
    ++expected;
  }
  for (std::size_t process = 0; process < children.size(); ++process) {
    for (std::size_t thread = 0; thread < kThreads; ++thread) {
      const std::int64_t seen = next[{children[process], static_cast<std::int64_t>(thread)}];
      const std::int64_t handed_over = counts[process][thread];
      EXPECT_GE(seen, handed_over);
      EXPECT_LE(seen, handed_over + 1);
    }
  }
}

// Kills processes that log as fast as they can, after that time.
std::vector<pid_t> kill_loggers(const TempFolder& dir,
                                Counts& counts,
                                std::chrono::milliseconds after) {
  std::vector<pid_t> children;
  for (std::size_t process = 0; process < kProcesses; ++process) {
    children.push_back(start([&, process] {
      StructuredLogger logger("a", options_for(dir));
      std::vector<std::thread> threads;
      for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back(
            [&, i] { log_forever(logger, counts[process][static_cast<std::size_t>(i)], i); });
      }
      for (std::thread& thread : threads) {
        thread.join();
      }
    }));
  }
  std::this_thread::sleep_for(after);
  for (const pid_t child : children) {
    ::kill(child, SIGKILL);
  }
  for (const pid_t child : children) {
    ::waitpid(child, nullptr, 0);
  }
  return children;
}

TEST(RingRecovery, every_record_of_killed_processes_is_in_the_log_once) {
  for (const int milliseconds : {3, 10, 30, 60, 90}) {
    const TempFolder dir;
    SharedCounts counts;
    const auto children = kill_loggers(dir, counts.get(), std::chrono::milliseconds(milliseconds));
    recover_log(dir / "a.jsonl");
    expect_all_once(records_in(dir / "a.jsonl"), children, counts.get());
    EXPECT_TRUE(find_ring_files(dir / "a.jsonl").empty());
    // The text file has as many lines, but for those that were cut by the kill.
    const std::string json = slurp(dir / "a.jsonl");
    const std::string text = slurp(dir / "a.log");
    EXPECT_NEAR(static_cast<double>(split(json, '\n').size()),
                static_cast<double>(split(text, '\n').size()),
                2.0 * kProcesses);
  }
}

TEST(RingRecovery, several_who_recover_at_once_and_are_killed_write_each_record_once) {
  const TempFolder dir;
  SharedCounts counts;
  const auto children = kill_loggers(dir, counts.get(), std::chrono::milliseconds(60));
  for (int i = 0; i < 6; ++i) {
    const pid_t first = start([&] { recover_log(dir / "a.jsonl"); });
    const pid_t second = start([&] { recover_log(dir / "a.jsonl"); });
    std::this_thread::sleep_for(std::chrono::microseconds(400 * i));
    kill_hard(first);
    kill_hard(second);
  }
  recover_log(dir / "a.jsonl");
  expect_all_once(records_in(dir / "a.jsonl"), children, counts.get());
}

// Logs `count` records and is killed right after the last one.
void log_and_die(const LoggerOptions& options, int count) {
  const pid_t child = start([&] {
    StructuredLogger logger("a", options);
    for (int i = 0; i < count; ++i) {
      logger.info("counted", {{"i", i}});
    }
    ::raise(SIGKILL);
  });
  ::waitpid(child, nullptr, 0);
}

TEST(RingRecovery, the_next_logger_of_the_log_writes_them_first) {
  const TempFolder dir;
  log_and_die(options_for(dir), 100);
  StructuredLogger("a", options_for(dir)).info("after");
  const auto records = records_in(dir / "a.jsonl");
  ASSERT_EQ(records.size(), 101U);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(records[i]["attr"]["i"].as_integer(), static_cast<std::int64_t>(i));
    EXPECT_EQ(records[i]["seq"].as_integer(), static_cast<std::int64_t>(i) + 1);
  }
  EXPECT_EQ(records[100]["msg"].as_string(), "after");
}

TEST(RingRecovery, times_are_those_of_the_records) {
  const TempFolder dir;
  const auto before = std::chrono::steady_clock::now().time_since_epoch().count();
  log_and_die(options_for(dir), 100);
  const auto after = std::chrono::steady_clock::now().time_since_epoch().count();
  recover_log(dir / "a.jsonl");
  std::int64_t last = before;
  for (const Json& record : records_in(dir / "a.jsonl")) {
    EXPECT_GE(record["mono_ns"].as_integer(), last);
    last = record["mono_ns"].as_integer();
  }
  EXPECT_LE(last, after);
}

TEST(RingRecovery, the_ring_of_a_living_process_is_left_alone) {
  const TempFolder dir;
  StructuredLogger logger("a", options_for(dir));
  for (int i = 0; i < 100; ++i) {
    logger.info("counted", {{"i", i}});
  }
  ASSERT_EQ(find_ring_files(dir / "a.jsonl").size(), 1U);
  const pid_t other = start([&] { ::_exit(recover_log(dir / "a.jsonl") == 0 ? 0 : 1); });
  int status = 0;
  ::waitpid(other, &status, 0);
  EXPECT_EQ(status, 0);
  logger.flush();
  EXPECT_EQ(records_in(dir / "a.jsonl").size(), 100U);
}

TEST(RingRecovery, a_moved_folder_takes_its_rings_along) {
  const TempFolder dir;
  ASSERT_EQ(::mkdir((dir / "old").c_str(), 0777), 0);
  LoggerOptions options;
  options.structured_path = dir / "old/a.jsonl";
  log_and_die(options, 100);
  ASSERT_EQ(::rename((dir / "old").c_str(), (dir / "new").c_str()), 0);
  EXPECT_GT(recover_log(dir / "new/a.jsonl"), 0);
  EXPECT_EQ(records_in(dir / "new/a.jsonl").size(), 100U);
}

TEST(RingRecovery, a_damaged_ring_harms_nobody) {
  const TempFolder dir;
  const std::string name = dir / ".a.jsonl.ring-1-1";
  spill(name, "no ring");
  EXPECT_EQ(recover_log(dir / "a.jsonl"), 0);
  EXPECT_FALSE(path_exists(name));
  // One that was a ring, and every byte after its first page is 0xA5.
  log_and_die(options_for(dir), 100);
  const auto rings = find_ring_files(dir / "a.jsonl");
  ASSERT_EQ(rings.size(), 1U);
  std::string content = slurp(rings.front());
  for (std::size_t i = kPageBytes; i < content.size(); ++i) {
    content[i] = '\xA5';
  }
  spill(rings.front(), content);
  EXPECT_EQ(recover_log(dir / "a.jsonl"), 0);
  EXPECT_EQ(records_in(dir / "a.jsonl").size(), static_cast<std::size_t>(kDirectRecords));
}

TEST(RingRecovery, a_ring_holds_no_secret) {
  const TempFolder dir;
  const SecretSet secrets({"hunter2secret"});
  LoggerOptions options = options_for(dir);
  options.secrets = &secrets;
  const pid_t child = start([&] {
    StructuredLogger logger("a", options);
    logger.set_context({.workflow_id = "of hunter2secret", .lane = ""});
    for (int i = 0; i < 100; ++i) {
      logger.info("is hunter2secret", {{"hunter2secret", "hunter2secret"}, {"n", i}});
      logger.info("plain");
    }
    ::raise(SIGKILL);
  });
  ::waitpid(child, nullptr, 0);
  const auto rings = find_ring_files(dir / "a.jsonl");
  ASSERT_EQ(rings.size(), 1U);
  EXPECT_EQ(slurp(rings.front()).find("hunter2"), std::string::npos);
  recover_log(dir / "a.jsonl");
  const std::string all = slurp(dir / "a.jsonl") + slurp(dir / "a.log");
  EXPECT_EQ(all.find("hunter2"), std::string::npos);
  EXPECT_EQ(records_in(dir / "a.jsonl").size(), 200U);
}

}  // namespace
}  // namespace headway
