// events.jsonl written to a real file: full disks, kills, and what is read back.
#include "record/event_log.hpp"

#include "support/run_script.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace headway {
namespace {

using namespace std::chrono_literals;

// While it lives no file of this process grows beyond `bytes`: write(2) then does what it does on a
// full disk (a short write, then an error).
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : signal_before_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, signal_before_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*signal_before_)(int);
};

RunScript long_run(int stages) {
  std::vector<PlannedStage> plan;
  for (int i = 0; i < stages; ++i) {
    plan.push_back(planned("stage-" + std::to_string(i), i));
  }
  RunScript script;
  script.start_run(std::move(plan));
  for (int i = 0; i < stages; ++i) {
    script.at(i * 1s).start(i).at(i * 1s + 500ms).complete(i, 500ms);
  }
  return script.finish_run(RunStatus::completed, 0);
}

std::unique_ptr<EventLog> open_log(const std::string& path, SecretSet secrets = SecretSet()) {
  auto log = EventLog::create(path, std::move(secrets));
  EXPECT_TRUE(log) << log.error().message;
  return log ? *std::move(log) : nullptr;
}

std::vector<std::int64_t> numbers_in(const std::string& path) {
  std::vector<std::int64_t> numbers;
  const auto read = read_events(path);
  EXPECT_TRUE(read);
  EXPECT_FALSE(read->torn);
  EXPECT_EQ(read->bad_lines, 0);
  for (const RunEvent& event : read->events) {
    numbers.push_back(event.seq);
  }
  return numbers;
}

std::vector<std::int64_t> counted_to(std::size_t last) {
  std::vector<std::int64_t> numbers(last);
  for (std::size_t i = 0; i < last; ++i) {
    numbers[i] = static_cast<std::int64_t>(i) + 1;
  }
  return numbers;
}

TEST(EventLog, every_event_is_in_the_file_when_the_call_returns) {
  const TempFolder folder;
  const auto log = open_log(folder / "events.jsonl");
  std::size_t told = 0;
  long_run(3).tell([&](const RunEvent& event) {
    log->on_event(event);
    const std::string text = slurp(folder / "events.jsonl");
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), static_cast<std::ptrdiff_t>(++told));
  });
  EXPECT_EQ(log->trouble(), "");
}

TEST(EventLog, secret_in_an_event_is_masked) {
  const TempFolder folder;
  const auto log = open_log(folder / "events.jsonl", SecretSet({"hunter2hunter2"}));
  RunScript()
      .start_run({planned("build", 0)})
      .skip(0, "password hunter2hunter2 refused")
      .tell([&](const RunEvent& event) { log->on_event(event); });
  const std::string text = slurp(folder / "events.jsonl");
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  EXPECT_NE(text.find("password *** refused"), std::string::npos);
}

TEST(EventLog, events_of_a_full_disk_are_filled_in_when_there_is_room) {
  const TempFolder folder;
  const std::string path = folder / "events.jsonl";
  const auto log = open_log(path);
  const RunScript script = long_run(20);
  const std::size_t half = script.events().size() / 2;
  {
    const FileSizeLimit full(3000);
    for (std::size_t i = 0; i < half; ++i) {
      log->on_event(script.events()[i]);
    }
    EXPECT_GT(log->waiting(), 0);
    EXPECT_NE(log->trouble().find(path), std::string::npos);
    EXPECT_EQ(numbers_in(path).size(), half - static_cast<std::size_t>(log->waiting()));
  }
  for (std::size_t i = half; i < script.events().size(); ++i) {
    log->on_event(script.events()[i]);
  }
  EXPECT_EQ(log->waiting(), 0);
  EXPECT_EQ(log->lost(), 0);
  EXPECT_NE(log->trouble().find("all events were written"), std::string::npos);
  EXPECT_EQ(numbers_in(path), counted_to(script.events().size()));
}

TEST(EventLog, disk_that_stays_full_leaves_whole_lines_and_tells_how_many_wait) {
  const TempFolder folder;
  const FileSizeLimit full(3000);
  const auto log = open_log(folder / "events.jsonl");
  const RunScript script = long_run(20);
  script.tell([&](const RunEvent& event) { log->on_event(event); });
  EXPECT_EQ(slurp(folder / "events.jsonl").back(), '\n');
  EXPECT_NE(log->trouble().find(std::to_string(log->waiting()) + " events wait"),
            std::string::npos);
}

TEST(EventLog, what_waits_at_the_end_is_written_by_the_destructor) {
  const TempFolder folder;
  const RunScript script = long_run(20);
  auto log = open_log(folder / "events.jsonl");
  {
    const FileSizeLimit full(3000);
    script.tell([&](const RunEvent& event) { log->on_event(event); });
  }
  log.reset();
  EXPECT_EQ(numbers_in(folder / "events.jsonl"), counted_to(script.events().size()));
}

TEST(EventLog, beyond_the_backlog_events_are_lost_but_the_end_of_the_run_is_kept) {
  const TempFolder folder;
  const std::string path = folder / "events.jsonl";
  const RunScript script = long_run(20);
  auto log = open_log(path);
  const RunEvent& first = script.events().front();
  log->on_event(first);
  {
    const FileSizeLimit full(slurp(path).size());
    for (int i = 0; i < 60'000; ++i) {
      log->on_event(script.events()[1]);
    }
    log->on_event(script.events().back());
    EXPECT_GT(log->lost(), 0);
  }
  log.reset();
  EXPECT_TRUE(read_last_run_finished(path));
}

TEST(EventLog, file_that_cannot_be_opened_is_an_error_that_names_it) {
  const TempFolder folder;
  const auto log = EventLog::create(folder / "absent/events.jsonl", SecretSet());
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().message.find("absent/events.jsonl"), std::string::npos);
}

// Tells events for ever, each counted on the pipe after the log has it.
[[noreturn]] void write_until_killed(const std::string& path, int pipe) {
  const RunScript script = long_run(1);
  const auto log = open_log(path);
  log->on_event(script.events().front());
  RunEvent event = script.events()[1];
  while (true) {
    ++event.seq;
    log->on_event(event);
    if (::write(pipe, &event.seq, sizeof event.seq) < 0) {
      ::_exit(1);
    }
  }
}

TEST(EventLog, killed_writer_has_lost_no_event_it_was_told) {
  const TempFolder folder;
  const std::string path = folder / "events.jsonl";
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    write_until_killed(path, ends[1]);
  }
  ::close(ends[1]);
  std::int64_t told = 0;
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(::read(ends[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  while (::read(ends[0], &told, sizeof told) == static_cast<ssize_t>(sizeof told)) {
  }
  ::close(ends[0]);
  const auto read = read_events(path);
  ASSERT_TRUE(read);
  EXPECT_GE(read->events.back().seq, told);
  EXPECT_EQ(read->bad_lines, 0);
}

}  // namespace
}  // namespace headway
