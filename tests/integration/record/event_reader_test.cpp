// Reading damaged records back.
#include "record/event_reader.hpp"

#include "model/run_event_json.hpp"
#include "support/run_script.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace headway {
namespace {

using namespace std::chrono_literals;

RunScript every_kind_of_event() {
  RunScript script;
  script.start_run({planned("lint", 0), planned("build", 1), planned("test", 2, {0, 1})}, 60s);
  script.add(StageReady{0}).add(StageReady{1}).at(1s).start(0).start(1);
  script.add(EstimateUpdated{{10s, 8s, 15s, 0.5, 3}}).add(StageOutputAt{1, 4096}).at(2s);
  script.add(StageRetrying{0, 1, FailureKind::exit_code, 75, 0, 1s}).at(3s).start(0, 2);
  script.add(ResourcesSampled{0.5, 1 << 30, 2}).add(JobsChanged{2, "memory"}).at(4s);
  script.complete(0, 1s).at(5s).fail(1, 4s, 2).skip(2, "needs 'build'\nand \"quotes\" \u00e9");
  return script.add(RunCancelling{"SIGINT", 2, false}).finish_run(RunStatus::failed, 1);
}

std::vector<std::string> lines_of(const RunScript& script) {
  const auto& started = std::get<RunStarted>(script.events().front().body);
  std::vector<std::string> keys;
  for (const PlannedStage& stage : started.stages) {
    keys.push_back(stage.key);
  }
  std::vector<std::string> lines;
  script.tell([&](const RunEvent& event) {
    append_event_line(lines.emplace_back(), event, keys, SecretSet());
  });
  return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line;
  }
  return text;
}

class DamagedRecord : public ::testing::Test {
 protected:
  ReadEvents read(std::string_view content) {
    spill(path, content);
    auto result = read_events(path);
    EXPECT_TRUE(result);
    return *std::move(result);
  }

  // Cuts `lines` off after every `step` bytes.
  void expect_prefix_of_every_cut(std::size_t step);

  TempFolder folder;
  std::string path = folder / "events.jsonl";
  std::vector<std::string> lines = lines_of(every_kind_of_event());
  std::string whole = join_lines(lines);
};

void expect_prefix(const ReadEvents& read, std::size_t count) {
  ASSERT_EQ(read.events.size(), count);
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_EQ(read.events[i].seq, static_cast<std::int64_t>(i) + 1);
  }
}

void DamagedRecord::expect_prefix_of_every_cut(std::size_t step) {
  whole = join_lines(lines);
  std::size_t lines_before = 0;
  std::size_t bytes_before = 0;
  for (std::size_t size = 0; size <= whole.size(); size += step) {
    while (lines_before < lines.size() && size >= bytes_before + lines[lines_before].size()) {
      bytes_before += lines[lines_before].size();
      ++lines_before;
    }
    const ReadEvents result = read(std::string_view(whole).substr(0, size));
    expect_prefix(result, lines_before);
    ASSERT_EQ(result.torn, size != bytes_before) << "at byte " << size;
    ASSERT_EQ(result.whole_bytes, static_cast<std::int64_t>(bytes_before)) << "at byte " << size;
    ASSERT_EQ(result.bad_lines, 0) << "at byte " << size;
  }
}

TEST_F(DamagedRecord, whole_record_is_read_as_it_was_written) {
  const ReadEvents result = read(whole);
  const RunScript script = every_kind_of_event();
  expect_prefix(result, script.events().size());
  EXPECT_FALSE(result.torn);
  EXPECT_EQ(result.bad_lines, 0);
  EXPECT_EQ(result.whole_bytes, static_cast<std::int64_t>(whole.size()));
  EXPECT_EQ(lines_of(script), lines);
}

TEST_F(DamagedRecord, cut_off_at_any_byte_it_gives_the_events_before) {
  RunScript script;
  script.start_run({planned("build", 0)}).start(0).at(1s).complete(0, 1s);
  lines = lines_of(script.finish_run(RunStatus::completed, 0));
  expect_prefix_of_every_cut(1);
}

TEST_F(DamagedRecord, cut_off_within_any_kind_of_event_it_gives_the_events_before) {
  expect_prefix_of_every_cut(7);
}

TEST_F(DamagedRecord, tail_of_nuls_is_torn_and_all_before_it_is_kept) {
  const std::string nuls(5000, '\0');
  ReadEvents result = read(whole + nuls);
  expect_prefix(result, lines.size());
  EXPECT_TRUE(result.torn);
  EXPECT_EQ(result.whole_bytes, static_cast<std::int64_t>(whole.size()));
  result = read(whole.substr(0, whole.size() - 10) + nuls);
  expect_prefix(result, lines.size() - 1);
  EXPECT_TRUE(result.torn);
}

TEST_F(DamagedRecord, garbage_lines_between_are_passed_over_and_counted) {
  const std::vector<std::string> garbage{"\n",
                                         "garbage\n",
                                         "{\"event\":\n",
                                         "[]\n",
                                         "\xff\xfe\n",
                                         std::string(300'000, 'x') + "\n",
                                         std::string(10, '\0') + "\n"};
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += lines[i] + garbage[i % garbage.size()];
  }
  const ReadEvents result = read(text);
  expect_prefix(result, lines.size());
  EXPECT_EQ(result.bad_lines, static_cast<int>(lines.size()));
  EXPECT_FALSE(result.torn);
}

TEST_F(DamagedRecord, bytes_changed_at_random_never_invent_an_event) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    std::mt19937 random(seed);
    std::string text = whole;
    for (int i = 0; i < 3; ++i) {
      text[random() % text.size()] = static_cast<char>(random() % 256);
    }
    // A new newline may cut a line in two; never more than that.
    EXPECT_LE(read(text).events.size(), lines.size() + 3) << "seed " << seed;
  }
}

TEST_F(DamagedRecord, empty_record_has_no_events_and_is_whole) {
  const ReadEvents result = read("");
  EXPECT_TRUE(result.events.empty());
  EXPECT_FALSE(result.torn);
}

TEST_F(DamagedRecord, absent_record_is_not_found) {
  EXPECT_EQ(read_events(folder / "absent").error().code, ErrorCode::not_found);
  const auto visited = for_each_event(folder / "absent", [](const RunEvent&) { return true; });
  EXPECT_EQ(visited.error().code, ErrorCode::not_found);
}

TEST_F(DamagedRecord, visitor_that_has_enough_sees_no_more) {
  spill(path, whole);
  int seen = 0;
  EXPECT_TRUE(for_each_event(path, [&seen](const RunEvent&) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

TEST_F(DamagedRecord, last_event_is_found_without_reading_what_is_before) {
  spill(path, std::string(1'000'000, 'x') + "\n" + lines.back());
  const auto last = read_last_run_finished(path);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->status, RunStatus::failed);
  EXPECT_EQ(last->exit_code, 1);
}

TEST_F(DamagedRecord, run_whose_last_line_is_half_or_another_event_has_not_finished) {
  spill(path, whole.substr(0, whole.size() - 1));
  EXPECT_FALSE(read_last_run_finished(path));
  spill(path, lines.front());
  EXPECT_FALSE(read_last_run_finished(path));
  spill(path, "");
  EXPECT_FALSE(read_last_run_finished(path));
  EXPECT_FALSE(read_last_run_finished(folder / "absent"));
}

TEST_F(DamagedRecord, event_of_a_newer_headway_behind_the_end_does_not_hide_it) {
  spill(path, whole + "{\"format\":1,\"seq\":99,\"event\":\"moon_rose\"}\n");
  EXPECT_TRUE(read_last_run_finished(path));
  const ReadEvents result = *read_events(path);
  EXPECT_EQ(result.events.size(), lines.size());
  EXPECT_EQ(result.bad_lines, 0);
}

TEST_F(DamagedRecord, finished_run_with_a_tail_of_nuls_has_finished) {
  spill(path, whole + std::string(100, '\0'));
  EXPECT_TRUE(read_last_run_finished(path));
}

}  // namespace
}  // namespace headway
