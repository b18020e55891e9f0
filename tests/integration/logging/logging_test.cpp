// StructuredLogger on real files, threads and processes.
#include "headway/logging.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/secrets.hpp"
#include "base/text.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>

namespace headway {
namespace {

using namespace std::chrono_literals;

std::vector<Json> records_in(const std::string& path) {
  std::vector<Json> records;
  const auto content = read_file(path);
  EXPECT_TRUE(content);
  const std::string text = content ? *content : "";
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) {
      continue;
    }
    auto record = Json::parse(line);
    EXPECT_TRUE(record) << line;
    records.push_back(record ? *record : Json());
  }
  return records;
}

LoggerOptions file_only(std::string path) {
  LoggerOptions options;
  options.structured_path = std::move(path);
  return options;
}

LogContext lane(std::string name) {
  return {.workflow_id = "", .lane = std::move(name)};
}

TEST(StructuredLogger, writes_both_files_of_its_name) {
  const TempFolder dir;
  StructuredLogger logger("workflow", dir / "logs");
  logger.set_context({.workflow_id = "change-123",
                      .lane = "standard",
                      .stage_id = 0,
                      .stage_name = "Setup",
                      .user = "ana"});
  logger.info("Starting stage", {{"duration", 5.2s}, {"n", 1}});
  const auto records = records_in(dir / "logs/workflow-structured.jsonl");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0]["msg"].as_string(), "Starting stage");
  EXPECT_EQ(records[0]["change_id"].as_string(), "change-123");
  EXPECT_EQ(records[0]["stage_id"].as_integer(-1), 0);
  EXPECT_EQ(records[0]["attr"].dump(), R"({"duration_seconds":5.2,"n":1})");
  EXPECT_EQ(records[0]["src"].as_string().find("logging/logging_test.cpp:"), 0U);
  EXPECT_EQ(records[0]["pid"].as_integer(), getpid());
  const std::string details = *read_file(dir / "logs/workflow-details.log");
  EXPECT_NE(details.find("INFO     workflow [Setup] Starting stage duration_seconds=5.2 n=1\n"),
            std::string::npos);
}

TEST(StructuredLogger, levels_choose_files_and_console) {
  const TempFolder dir;
  LoggerOptions options = file_only(dir / "a.jsonl");
  options.level = LogLevel::info;
  options.console = LogLevel::error;
  StructuredLogger logger("a", options);
  testing::internal::CaptureStderr();
  logger.debug("too low");
  logger.info("in the file");
  logger.warning("in the file");
  logger.error("in both");
  logger.critical("in both");
  const std::string console = testing::internal::GetCapturedStderr();
  EXPECT_EQ(console.find("in the file"), std::string::npos);
  EXPECT_NE(console.find("CRITICAL a in both\n"), std::string::npos);
  std::vector<std::int64_t> severities;
  for (const Json& record : records_in(dir / "a.jsonl")) {
    severities.push_back(record["sev"].as_integer());
  }
  EXPECT_EQ(severities, (std::vector<std::int64_t>{9, 13, 17, 21}));
}

// Bug of the original: two loggers of one name wrote every line twice.
TEST(StructuredLogger, two_of_one_name_do_not_double_lines) {
  const TempFolder dir;
  StructuredLogger first("workflow", dir.path());
  StructuredLogger second("workflow", dir.path());
  first.info("from the first");
  second.info("from the second");
  const auto records = records_in(dir / "workflow-structured.jsonl");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["msg"].as_string(), "from the first");
  EXPECT_EQ(records[0]["seq"].as_integer(), 1);
  EXPECT_EQ(records[1]["seq"].as_integer(), 2);
}

// Bug of the original: 7 of 8 records carried another thread's context.
TEST(StructuredLogger, contexts_do_not_leak_to_other_threads) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&logger, i] {
      const std::string mine = "lane-" + std::to_string(i);
      const LogScope scope = logger.with_context(lane(mine));
      for (int k = 0; k < 50; ++k) {
        logger.info("x", {{"expected", mine}});
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const auto records = records_in(dir / "a.jsonl");
  EXPECT_EQ(records.size(), 400U);
  for (const Json& record : records) {
    EXPECT_EQ(record["lane"].as_string(), record["attr"]["expected"].as_string());
  }
}

TEST(StructuredLogger, a_scope_lies_over_the_loggers_own_context_until_it_ends) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  StructuredLogger other("b", file_only(dir / "a.jsonl"));
  logger.set_context({.workflow_id = "w", .lane = "outer"});
  {
    const LogScope scope = logger.with_context(lane("inner"));
    logger.info("inside");
    other.info("other logger");
  }
  logger.info("after");
  const auto records = records_in(dir / "a.jsonl");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0]["lane"].as_string(), "inner");
  EXPECT_EQ(records[0]["change_id"].as_string(), "w");
  EXPECT_FALSE(records[1].contains("lane"));
  EXPECT_EQ(records[2]["lane"].as_string(), "outer");
}

// Bug of the original: a path or NaN value broke the record.
TEST(StructuredLogger, a_path_or_nan_value_does_not_break_the_record) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  logger.info("x",
              {{"path", std::filesystem::path("/tmp/a \"b\"\n").string()}, {"nan", std::nan("")}});
  const auto records = records_in(dir / "a.jsonl");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0]["attr"]["path"].as_string(), "/tmp/a \"b\"\n");
  EXPECT_EQ(records[0]["attr"]["nan"].as_string(), "NaN");
}

// Bug of the original: an exception's chain was not told.
TEST(StructuredLogger, an_exception_is_told_with_its_chain) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  try {
    try {
      throw std::out_of_range("inner");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (...) {
    logger.error("failed", std::current_exception(), {{"n", 1}});
  }
  const Json attr = records_in(dir / "a.jsonl")[0]["attr"];
  EXPECT_EQ(attr["exception"]["type"].as_string(), "std::runtime_error");
  EXPECT_EQ(attr["exception"]["chain"].items()[0]["type"].as_string(), "std::out_of_range");
  EXPECT_EQ(attr["n"].as_integer(), 1);
}

TEST(StructuredLogger, performance_and_stages_have_events_of_their_own) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  logger.log_performance("spec_generation", 2.5s, {{"operation", "mine"}, {"n", 1}});
  logger.log_stage_execution(3, "Build", "COMPLETED", 1s);
  logger.log_stage_execution(4, "Test", "FAILED", 1s, {{"reason", "exit code 1"}});
  const auto records = records_in(dir / "a.jsonl");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0]["event"].as_string(), "performance");
  EXPECT_EQ(records[0]["attr"].dump(),
            R"({"operation":"spec_generation","n":1,"duration_seconds":2.5})");
  EXPECT_EQ(records[1]["event"].as_string(), "stage");
  EXPECT_EQ(records[1]["lvl"].as_string(), "info");
  EXPECT_EQ(records[2]["lvl"].as_string(), "error");
  EXPECT_EQ(records[2]["stage_id"].as_integer(), 4);
  EXPECT_EQ(records[2]["stage_name"].as_string(), "Test");
  EXPECT_EQ(records[2]["attr"]["status"].as_string(), "FAILED");
}

TEST(StructuredLogger, secrets_reach_neither_file_nor_console) {
  const TempFolder dir;
  const SecretSet secrets({"hunter2secret"});
  LoggerOptions options = file_only(dir / "a.jsonl");
  options.details_path = dir / "a.log";
  options.console = LogLevel::debug;
  options.secrets = &secrets;
  StructuredLogger logger("a", options);
  testing::internal::CaptureStderr();
  logger.info("is hunter2secret", {{"k", "hunter2secret"}});
  const std::string all = testing::internal::GetCapturedStderr() + *read_file(dir / "a.jsonl") +
                          *read_file(dir / "a.log");
  EXPECT_EQ(all.find("hunter2"), std::string::npos) << all;
  EXPECT_NE(all.find("is ***"), std::string::npos);
}

TEST(StructuredLogger, counts_what_it_cannot_write) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "logs", "a file in the way", Durability::process));
  testing::internal::CaptureStderr();
  StructuredLogger logger("a", dir / "logs");
  logger.info("one");
  logger.info("two");
  EXPECT_EQ(logger.dropped(), 2);
  ASSERT_EQ(unlink((dir / "logs").c_str()), 0);
  logger.info("three");
  testing::internal::GetCapturedStderr();
  EXPECT_EQ(logger.dropped(), 2);
  const auto records = records_in(dir / "logs/a-structured.jsonl");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["event"].as_string(), "records_lost");
  EXPECT_EQ(records[0]["attr"]["lost"].as_integer(), 2);
  EXPECT_EQ(records[1]["msg"].as_string(), "three");
  EXPECT_EQ(records[1]["seq"].as_integer(), 3);
}

TEST(StructuredLogger, a_moved_logger_goes_on_and_the_empty_one_is_silent) {
  const TempFolder dir;
  StructuredLogger first("a", file_only(dir / "a.jsonl"));
  StructuredLogger second(std::move(first));
  second.info("x");
  first.info("nowhere");  // NOLINT(bugprone-use-after-move): it must not crash
  first.set_context(lane("x"));
  const LogScope scope = first.with_context(lane("y"));
  EXPECT_EQ(first.dropped(), 0);
  EXPECT_EQ(records_in(dir / "a.jsonl").size(), 1U);
}

// What a child process of a test logs, and the number of records each of them writes.
constexpr int kRecords = 300;

void log_in_child(StructuredLogger& logger, int number) {
  const std::string padding(static_cast<std::size_t>(50 * number), 'x');
  for (int i = 0; i < kRecords; ++i) {
    logger.info("from a child", {{"child", number}, {"i", i}, {"padding", padding}});
  }
}

std::map<std::int64_t, std::set<std::int64_t>> numbers_by_child(const std::vector<Json>& records) {
  std::map<std::int64_t, std::set<std::int64_t>> seen;
  for (const Json& record : records) {
    seen[record["attr"]["child"].as_integer()].insert(record["attr"]["i"].as_integer());
  }
  return seen;
}

void run_children(int count, const std::function<void(int)>& action) {
  std::vector<pid_t> children;
  for (int number = 0; number < count; ++number) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(60);
      action(number);
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
}

TEST(StructuredLogger, several_processes_append_whole_records_to_one_file) {
  const TempFolder dir;
  run_children(4, [&](int number) {
    StructuredLogger logger("a", file_only(dir / "a.jsonl"));
    log_in_child(logger, number);
  });
  const auto records = records_in(dir / "a.jsonl");
  EXPECT_EQ(records.size(), 4U * kRecords);
  for (const auto& [child, numbers] : numbers_by_child(records)) {
    EXPECT_EQ(numbers.size(), static_cast<std::size_t>(kRecords)) << child;
  }
}

TEST(StructuredLogger, rotation_between_processes_loses_no_record) {
  const TempFolder dir;
  LoggerOptions options = file_only(dir / "a.jsonl");
  options.rotate_bytes = 20'000;
  options.rotate_keep = 1000;
  run_children(4, [&](int number) {
    StructuredLogger logger("a", options);
    log_in_child(logger, number);
  });
  std::size_t records = 0;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
    records += records_in(entry.path().string()).size();
    ++files;
  }
  EXPECT_EQ(records, 4U * kRecords);
  EXPECT_GT(files, 5U);
}

TEST(StructuredLogger, goes_on_in_children_forked_while_threads_log) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  std::atomic<bool> done{false};
  std::thread busy([&] {
    while (!done) {
      logger.info("from the parent", {{"child", -1}});
    }
  });
  run_children(8, [&](int number) {
    logger.info("from a child", {{"child", number}});
    StructuredLogger("b", file_only(dir / "b.jsonl")).info("from a child");
  });
  done = true;
  busy.join();
  std::set<std::int64_t> pids;
  for (const Json& record : records_in(dir / "a.jsonl")) {
    if (record["attr"]["child"].as_integer() >= 0) {
      pids.insert(record["pid"].as_integer());
      EXPECT_EQ(record["pid"].as_integer(), record["tid"].as_integer());
    }
  }
  EXPECT_EQ(pids.size(), 8U);
  EXPECT_EQ(pids.count(getpid()), 0U);
  EXPECT_EQ(records_in(dir / "b.jsonl").size(), 8U);
}

}  // namespace
}  // namespace headway
