// Loggers that log much: order, levels, children, forks, disks without room.
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "headway/logging.hpp"
#include "logging/ring_file.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace headway {
namespace {

constexpr int kMany = 2000;  // so many that there is a ring

std::vector<Json> records_in(const std::string& path) {
  std::vector<Json> records;
  const std::string text = slurp(path);
  for (const std::string_view line : split(text, '\n')) {
    auto record = Json::parse(line);
    EXPECT_TRUE(record || line.empty()) << line;
    if (record) {
      records.push_back(*std::move(record));
    }
  }
  return records;
}

LoggerOptions file_only(std::string path) {
  LoggerOptions options;
  options.structured_path = std::move(path);
  return options;
}

void log_many(StructuredLogger& logger, int count = kMany) {
  for (int i = 0; i < count; ++i) {
    logger.info("counted", {{"i", i}});
  }
}

// The exit code of a child that runs `action`; -1: it died.
int in_child(const std::function<int()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    ::_exit(action());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(LogRing, is_there_only_for_those_who_log_much_and_goes_with_them) {
  const TempFolder dir;
  {
    StructuredLogger logger("a", file_only(dir / "a.jsonl"));
    log_many(logger, 30);
    EXPECT_TRUE(find_ring_files(dir / "a.jsonl").empty());
    EXPECT_EQ(records_in(dir / "a.jsonl").size(), 30U);
    log_many(logger);
    EXPECT_EQ(find_ring_files(dir / "a.jsonl").size(), 1U);
  }
  EXPECT_TRUE(find_ring_files(dir / "a.jsonl").empty());
  EXPECT_EQ(records_in(dir / "a.jsonl").size(), 30U + kMany);
}

TEST(LogRing, keeps_the_order_of_a_thread_whatever_its_records_are) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  const std::string large(5000, 'x');
  const std::string huge(60'000, 'x');
  int n = 0;
  for (int i = 0; i < 300; ++i) {
    logger.info("plain", {{"n", n++}});
    logger.info(large, {{"n", n++}});
    logger.info(huge, {{"n", n++}, {"a", huge}, {"b", huge}, {"c", huge}});
    logger.error("e", std::make_exception_ptr(std::runtime_error("x")), {{"n", n++}});
    logger.log_performance("p", Seconds(1), {{"n", n++}});
  }
  logger.flush();
  const auto records = records_in(dir / "a.jsonl");
  ASSERT_EQ(records.size(), 1500U);
  std::int64_t time = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i]["attr"]["n"].as_integer(), static_cast<std::int64_t>(i));
    EXPECT_EQ(records[i]["seq"].as_integer(), static_cast<std::int64_t>(i) + 1);
    time = std::max(time, records[i]["mono_ns"].as_integer());
  }
  EXPECT_EQ(logger.dropped(), 0);
}

TEST(LogRing, errors_and_silence_reach_the_file_without_a_flush) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  log_many(logger, 100);
  logger.error("bad");
  for (int tries = 0; tries < 500 && records_in(dir / "a.jsonl").size() < 101; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(records_in(dir / "a.jsonl").size(), 101U);
  // The renderer sleeps deeply after a second, and wakes for a single record.
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  logger.info("late");
  for (int tries = 0; tries < 500 && records_in(dir / "a.jsonl").size() < 102; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(records_in(dir / "a.jsonl").size(), 102U);
}

TEST(LogRing, contexts_change_and_scopes_end_at_once) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  log_many(logger, 100);
  for (int i = 0; i < 50; ++i) {
    logger.set_context({.workflow_id = std::to_string(i), .lane = ""});
    logger.info("own", {{"id", std::to_string(i)}, {"lane", ""}});
    const LogScope scope = logger.with_context({.workflow_id = "", .lane = "inner"});
    logger.info("scope", {{"id", std::to_string(i)}, {"lane", "inner"}});
  }
  logger.flush();
  int seen = 0;
  for (const Json& record : records_in(dir / "a.jsonl")) {
    if (record["attr"].contains("id")) {
      EXPECT_EQ(record["change_id"].as_string(), record["attr"]["id"].as_string());
      EXPECT_EQ(record.contains("lane") ? record["lane"].as_string() : "",
                record["attr"]["lane"].as_string());
      ++seen;
    }
  }
  EXPECT_EQ(seen, 100);
}

TEST(LogRing, a_field_hides_the_contexts_attribute_of_its_name) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  logger.set_context({.workflow_id = "", .lane = "", .additional = {{"team", "a"}}});
  log_many(logger, 100);
  logger.info("last", {{"team", "b"}});
  logger.flush();
  const auto records = records_in(dir / "a.jsonl");
  EXPECT_EQ(records[99]["attr"].dump(), R"({"team":"a","i":99})");
  EXPECT_EQ(records[100]["attr"].dump(), R"({"team":"b"})");
}

TEST(ChildLogger, has_its_parents_context_below_its_own) {
  const TempFolder dir;
  LoggerOptions options = file_only(dir / "a.jsonl");
  options.details_path = dir / "a.log";
  StructuredLogger logger("workflow", options);
  StructuredLogger child = logger.child("parse", {.workflow_id = "", .lane = "mine"});
  logger.set_context({.workflow_id = "w", .lane = "outer"});
  {
    const LogScope scope = logger.with_context({.workflow_id = "", .lane = "", .user = "ana"});
    child.info("inside");
  }
  child.child("deep").info("deeper");
  const auto records = records_in(dir / "a.jsonl");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["change_id"].as_string(), "w");
  EXPECT_EQ(records[0]["lane"].as_string(), "mine");
  EXPECT_EQ(records[0]["user"].as_string(), "ana");
  EXPECT_FALSE(records[1].contains("user"));
  EXPECT_NE(slurp(dir / "a.log").find(" workflow.parse.deep deeper\n"), std::string::npos);
}

TEST(StructuredLogger, each_file_has_its_level) {
  const TempFolder dir;
  LoggerOptions options = file_only(dir / "a.jsonl");
  options.details_path = dir / "a.log";
  options.details_level = LogLevel::warning;
  {
    StructuredLogger logger("a", options);
    for (int i = 0; i < 100; ++i) {
      logger.info("low");
      logger.warning("high");
    }
  }
  EXPECT_EQ(records_in(dir / "a.jsonl").size(), 200U);
  const std::string text = slurp(dir / "a.log");
  EXPECT_EQ(text.find("low"), std::string::npos);
  EXPECT_EQ(split(text, '\n').size(), 101U);
}

enum class Colour { red, green };
std::string_view to_string(Colour colour) {
  return colour == Colour::red ? "red" : "green";
}

TEST(LogValue, takes_any_value) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  const std::string text = "text";
  const char* nothing = nullptr;
  logger.info("x",
              {{"null", nullptr},
               {"no_text", nothing},
               {"enum", Colour::green},
               {"none", std::optional<int>()},
               {"some", std::optional<std::string>("here")},
               {"path", std::filesystem::path("/a/b")},
               {"code", std::make_error_code(std::errc::timed_out)},
               {"when", WallTime()},
               {"float", 0.5F},
               {"text", text}});
  EXPECT_EQ(records_in(dir / "a.jsonl")[0]["attr"].dump(),
            R"({"null":null,"no_text":null,"enum":"green","none":null,)"
            R"("some":"here","path":"/a/b","code":"Connection timed out",)"
            R"("when":"1970-01-01T00:00:00.000Z","float":0.5,"text":"text"})");
}

TEST(LogRing, children_of_a_process_with_a_ring_have_their_own) {
  const TempFolder dir;
  StructuredLogger logger("a", file_only(dir / "a.jsonl"));
  log_many(logger);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(in_child([&] {
                log_many(logger);
                logger.flush();
                return 0;
              }),
              0);
    log_many(logger, 10);
  }
  logger.flush();
  std::map<std::int64_t, int> by_process;
  for (const Json& record : records_in(dir / "a.jsonl")) {
    ++by_process[record["pid"].as_integer()];
  }
  EXPECT_EQ(by_process.size(), 6U);
  EXPECT_EQ(by_process[::getpid()], kMany + 50);
  // (A child that ends by _exit leaves its ring, which is empty.)
  recover_log(dir / "a.jsonl");
  EXPECT_EQ(find_ring_files(dir / "a.jsonl").size(), 1U);
  EXPECT_EQ(records_in(dir / "a.jsonl").size(), 6U * kMany + 50U);
}

TEST(LogRing, a_limit_on_files_means_no_ring_and_counted_drops) {
  const TempFolder dir;
  const int code = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{20'000, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    StructuredLogger logger("a", file_only(dir / "a.jsonl"));
    log_many(logger, 500);
    const bool no_ring = find_ring_files(dir / "a.jsonl").empty();
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
    logger.info("after");
    return no_ring && logger.dropped() > 300 ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
  const std::string text = slurp(dir / "a.jsonl");
  EXPECT_NE(text.find(R"("event":"records_lost")"), std::string::npos);
  EXPECT_NE(text.find(R"("msg":"after")"), std::string::npos);
}

TEST(LogRing, drops_of_a_disk_that_fills_up_are_counted_and_told_when_space_returns) {
  const TempFolder dir;
  const int code = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    StructuredLogger logger("a", file_only(dir / "a.jsonl"));
    log_many(logger);
    logger.flush();
    const rlimit limit{static_cast<rlim_t>(slurp(dir / "a.jsonl").size() + 1000), RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    log_many(logger);
    logger.flush();
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
    const std::int64_t dropped = logger.dropped();
    logger.info("after");
    logger.flush();
    return dropped > kMany - 20 && dropped < kMany && logger.dropped() == dropped ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
  std::int64_t lost = 0;
  std::size_t whole = 0;
  const std::string text = slurp(dir / "a.jsonl");
  for (const std::string_view line : split(text, '\n')) {
    if (const auto record = Json::parse(line)) {
      lost += (*record)["attr"]["lost"].as_integer();
      ++whole;
    }
  }
  EXPECT_EQ(static_cast<std::int64_t>(whole) + lost, 2 * kMany + 2);  // "after" and the note
}

TEST(LogRotation, by_age_and_retention_by_bytes) {
  const TempFolder dir;
  LoggerOptions options = file_only(dir / "a.jsonl");
  options.rotate_bytes = 10'000;
  options.rotate_keep = 100;
  options.keep_bytes = 35'000;
  {
    StructuredLogger logger("a", options);
    log_many(logger, 1000);
  }
  std::int64_t bytes = 0;
  for (int number = 1; path_exists(dir / ("a.jsonl." + std::to_string(number))); ++number) {
    bytes += static_cast<std::int64_t>(slurp(dir / ("a.jsonl." + std::to_string(number))).size());
  }
  EXPECT_GT(bytes, 20'000);
  EXPECT_LE(bytes, 35'000);

  LoggerOptions aged = file_only(dir / "b.jsonl");
  aged.rotate_age = Seconds(1);
  StructuredLogger logger("b", aged);
  logger.info("old");
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));
  logger.info("new");
  EXPECT_EQ(records_in(dir / "b.jsonl.1").size(), 1U);
  EXPECT_EQ(records_in(dir / "b.jsonl").size(), 1U);
}

}  // namespace
}  // namespace headway
