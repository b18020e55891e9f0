// Attacks on "up to date": everything that has fooled a build tool, done to real files.
#include "orchestration/stage_inputs.hpp"

#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>

namespace headway {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A stage in a folder of its own that reads src/** and writes out/**.
class StageInputsTest : public testing::Test {
 protected:
  StageInputsTest() {
    workflow_.directory = folder_.path();
    state_.path = folder_ / ".headway";
    EXPECT_TRUE(state_.create());
    stage_.key = "build";
    stage_.run.script = "make";
    stage_.files = {{"src/**"}, {"out/**"}, true};
    write("src/a", "one");
    write("src/b", "two");
  }

  void write(const std::string& path, const std::string& content) {
    fs::create_directories(fs::path(folder_ / path).parent_path());
    spill(folder_ / path, content);
  }
  // Looks as the next run would: with a cache that was saved and read back.
  InputVerdict look(bool force = false) {
    StageInputs inputs(workflow_, lane_, state_);
    InputVerdict verdict = inputs.look(stage_, force);
    EXPECT_TRUE(inputs.save());
    return verdict;
  }
  // One good run; `meanwhile` is what happens while the stage runs. Why it is not remembered.
  std::optional<std::string> run(const std::function<void()>& meanwhile = [] {}) {
    StageInputs inputs(workflow_, lane_, state_);
    InputSnapshot snapshot;
    inputs.look(stage_, false, &snapshot);
    write("out/app", "built");
    meanwhile();
    auto why_not = inputs.remember(
        stage_, std::move(snapshot), "01a20775-436d-7df4-a866-c61fc7abfaf1", Nanos{5});
    EXPECT_TRUE(inputs.save());
    return why_not;
  }
  // What a look says after a good run and `change`.
  InputVerdict after(const std::function<void()>& change) {
    EXPECT_EQ(run(), std::nullopt);
    ::usleep(3 * kFileClockTickNs / 1000);  // until stamps are believed
    EXPECT_TRUE(look().up_to_date());
    EXPECT_GE(ContentCache::load(content_cache_path(state_), file_clock_now_ns()).size(), 2U);
    EXPECT_TRUE(look().up_to_date());
    change();
    return look();
  }
  std::string text_after(const std::function<void()>& change) {
    return cause_text(after(change).cause);
  }

  TempFolder folder_;
  Workflow workflow_;
  Lane lane_;
  StateFolder state_;
  Stage stage_;
};

struct timespec times_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mtim;
}

void set_mtime(const std::string& path, const struct timespec& time) {
  const struct timespec times[2] = {time, time};
  EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

TEST_F(StageInputsTest, first_time_it_runs_then_it_is_up_to_date_and_the_time_is_saved) {
  EXPECT_EQ(look().cause.kind, CauseKind::first_run);
  EXPECT_EQ(run(), std::nullopt);
  const InputVerdict verdict = look();
  EXPECT_EQ(cause_text(verdict.cause), "up to date: 2 inputs unchanged since run c7abfaf1");
  EXPECT_EQ(verdict.saved, Nanos{5});
  EXPECT_EQ(look(true).cause.kind, CauseKind::forced);
}

TEST_F(StageInputsTest, touch_without_a_change_is_up_to_date) {
  EXPECT_TRUE(after([&] { set_mtime(folder_ / "src/a", {1, 2}); }).up_to_date());
  write("src/a", "one");
  EXPECT_TRUE(look().up_to_date());
}

TEST_F(StageInputsTest, change_of_equal_size_with_its_time_set_back_runs) {
  EXPECT_EQ(text_after([&] {
              const struct timespec before = times_of(folder_ / "src/a");
              write("src/a", "ONE");
              set_mtime(folder_ / "src/a", before);
            }),
            "input src/a changed");
}

// Without any pause: size and even the stamp may be the same as before.
TEST_F(StageInputsTest, changes_in_one_tick_of_the_clock_are_seen) {
  for (int i = 0; i < 50; ++i) {
    write("src/a", "x" + std::to_string(i % 10));
    ASSERT_EQ(run(), std::nullopt);
    write("src/a", "y" + std::to_string(i % 10));
    ASSERT_EQ(look().cause.kind, CauseKind::inputs_changed) << i;
  }
}

TEST_F(StageInputsTest, files_from_the_past_and_the_future_are_seen_to_change) {
  for (const std::int64_t second : {1LL, 1'000'000'000LL, 4'000'000'000LL}) {
    set_mtime(folder_ / "src/a", {second, 0});
    ASSERT_EQ(run(), std::nullopt);
    ASSERT_TRUE(look().up_to_date());
    write("src/a", "at" + std::to_string(second));
    set_mtime(folder_ / "src/a", {second, 0});
    EXPECT_EQ(look().cause.kind, CauseKind::inputs_changed);
  }
}

TEST_F(StageInputsTest, rename_is_one_gone_and_one_new) {
  EXPECT_EQ(text_after([&] { fs::rename(folder_ / "src/b", folder_ / "src/c"); }),
            "input src/b is gone, input src/c is new");
}

TEST_F(StageInputsTest, two_files_that_change_places_are_seen) {
  EXPECT_EQ(text_after([&] {
              fs::rename(folder_ / "src/a", folder_ / "x");
              fs::rename(folder_ / "src/b", folder_ / "src/a");
              fs::rename(folder_ / "x", folder_ / "src/b");
            }),
            "input src/a changed, input src/b changed");
}

TEST_F(StageInputsTest, executable_bit_counts) {
  EXPECT_EQ(text_after([&] {
              fs::permissions(folder_ / "src/a", fs::perms::owner_exec, fs::perm_options::add);
            }),
            "input src/a may or may not be executed now");
}

TEST_F(StageInputsTest, link_that_leads_elsewhere_counts_though_the_content_is_the_same) {
  write("one", "same");
  write("two", "same");
  fs::create_symlink("../one", folder_ / "src/link");
  EXPECT_EQ(text_after([&] {
              fs::remove(folder_ / "src/link");
              fs::create_symlink("../two", folder_ / "src/link");
            }),
            "input src/link changed");
}

TEST_F(StageInputsTest, output_that_is_missing_or_was_changed_by_hand_runs_again) {
  EXPECT_EQ(text_after([&] { fs::remove(folder_ / "out/app"); }), "output out/app is missing");
  EXPECT_EQ(text_after([&] { write("out/app", "BUILT"); }), "output out/app was changed by others");
  EXPECT_TRUE(after([&] { write("out/more", "x"); }).up_to_date());
}

TEST_F(StageInputsTest, input_edited_while_it_runs_is_not_remembered) {
  EXPECT_EQ(run([&] { write("src/a", "ONE"); }), "its input src/a changed while it ran");
  EXPECT_EQ(look().cause.kind, CauseKind::first_run);
  EXPECT_EQ(run([&] { write("src/new", ""); }), "its input src/new changed while it ran");
  EXPECT_EQ(run([&] { fs::remove(folder_ / "src/new"); }),
            "its input src/new changed while it ran");
}

TEST_F(StageInputsTest, input_edited_and_set_back_while_it_runs_is_not_remembered) {
  EXPECT_THAT(run([&] {
                const struct timespec before = times_of(folder_ / "src/a");
                write("src/a", "ONE");
                ::usleep(20'000);
                write("src/a", "one");
                set_mtime(folder_ / "src/a", before);
              }).value_or(""),
              HasSubstr("src/a changed while it ran"));
}

TEST_F(StageInputsTest, success_that_was_not_remembered_leaves_the_one_before) {
  ASSERT_EQ(run(), std::nullopt);
  write("src/a", "ONE");
  ASSERT_NE(run([&] { write("src/b", "TWO"); }), std::nullopt);
  write("src/a", "one");
  write("src/b", "two");
  EXPECT_TRUE(look().up_to_date()) << "content is what counts";
}

TEST_F(StageInputsTest, own_outputs_are_no_inputs) {
  stage_.files.inputs = {"**"};
  ASSERT_EQ(run(), std::nullopt);
  EXPECT_TRUE(look().up_to_date());
}

TEST_F(StageInputsTest, output_that_was_not_made_is_not_remembered) {
  stage_.files.outputs = {"out/**", "report.xml"};
  EXPECT_EQ(run(), "it left nothing that its output 'report.xml' means");
}

TEST_F(StageInputsTest, inputs_that_match_nothing_always_run_and_are_told) {
  stage_.files.inputs = {"scr/**", "*.nothing"};
  EXPECT_THAT(look().empty, ElementsAre("scr/**", "*.nothing"));
  EXPECT_THAT(run().value_or(""), HasSubstr("match no file"));
  EXPECT_EQ(cause_text(look().cause), "its inputs match no file");
  stage_.files.inputs = {"src/**", "*.nothing"};
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_TRUE(look().up_to_date());
  write("now.nothing", "");
  EXPECT_EQ(cause_text(look().cause), "input now.nothing is new");
}

TEST_F(StageInputsTest, empty_inputs_rest_on_definition_and_outputs) {
  stage_.files.inputs = {};
  ASSERT_EQ(run(), std::nullopt);
  EXPECT_TRUE(look().up_to_date());
  stage_.run.script = "make -k";
  EXPECT_EQ(cause_text(look().cause), "its run changed");
}

TEST_F(StageInputsTest, variables_of_the_file_count_others_do_not) {
  ASSERT_EQ(run(), std::nullopt);
  stage_.env = {{"CC", "clang"}};
  EXPECT_EQ(cause_text(look().cause), "variable CC is new");
}

TEST_F(StageInputsTest, no_value_of_a_variable_is_written_down) {
  stage_.env = {{"API", "hunter2hunter2"}};
  ASSERT_EQ(run(), std::nullopt);
  for (const auto& entry : fs::recursive_directory_iterator(state_.path)) {
    if (entry.is_regular_file()) {
      EXPECT_EQ(slurp(entry.path().string()).find("hunter2"), std::string::npos) << entry.path();
    }
  }
}

TEST_F(StageInputsTest, damaged_files_of_ours_make_it_run_again) {
  ASSERT_EQ(run(), std::nullopt);
  const std::string path = imprint_path(state_, workflow_.name, stage_.key);
  std::string bytes = slurp(path);
  spill(path, bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(look().cause.kind, CauseKind::first_run);
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  spill(path, bytes);
  EXPECT_EQ(look().cause.kind, CauseKind::first_run);
  spill(content_cache_path(state_), "rubbish");
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_TRUE(look().up_to_date());
}

// Somebody else's digests under the right stamps would be believed: the cache must be its own.
TEST_F(StageInputsTest, cache_of_another_folder_is_not_believed) {
  ASSERT_EQ(run(), std::nullopt);
  TempFolder other;
  fs::copy(folder_.path(), other.path(), fs::copy_options::recursive);
  fs::remove(other / "src/a");
  spill(other / "src/a", "ONE");
  workflow_.directory = other.path();
  state_.path = other / ".headway";
  EXPECT_EQ(cause_text(look().cause), "input src/a changed");
}

TEST_F(StageInputsTest, full_disk_costs_the_memory_of_the_run_and_says_so) {
  struct rlimit before {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto old = ::signal(SIGXFSZ, SIG_IGN);
  const auto why_not = run([] {
    const struct rlimit none { 16, RLIM_INFINITY };
    ::setrlimit(RLIMIT_FSIZE, &none);
  });
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old);
  EXPECT_THAT(why_not.value_or(""), HasSubstr("File too large"));
  EXPECT_EQ(look().cause.kind, CauseKind::first_run);
}

TEST_F(StageInputsTest, input_that_cannot_be_read_runs_and_is_told) {
  const std::string nobody_reads_this = "/proc/self/mem";  // not even root, at its start
  stage_.files.inputs.push_back(nobody_reads_this);
  EXPECT_EQ(cause_text(look().cause),
            "its inputs cannot be read: read /proc/self/mem: Input/output error");
  EXPECT_EQ(run(), "read /proc/self/mem: Input/output error");
}

TEST_F(StageInputsTest, what_a_stage_writes_is_known_by_its_globs) {
  Stage writer;
  EXPECT_FALSE(StageInputs::outputs_of(writer).matches("src/gen/x"));
  writer.files.outputs = {"src/gen/**"};
  EXPECT_TRUE(StageInputs::outputs_of(writer).matches("src/gen/x"));
  EXPECT_FALSE(StageInputs::outputs_of(writer).matches("src/x"));
}

}  // namespace
}  // namespace headway
