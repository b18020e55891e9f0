// Checkpoint: its spelling in the store, names that git would take for its own, modes, the choice
// by id.
#include "host/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::string_literals;

constexpr const char* kFirst = "01900000-0000-7000-8000-00000000aaaa";
constexpr const char* kSecond = "01900000-0001-7000-8000-00000001aaaa";

Checkpoint sample() {
  Checkpoint out;
  out.id = kFirst;
  out.made_at = WallTime(std::chrono::milliseconds(1'700'000'000'123));
  out.reason = CheckpointReason::before_stage;
  out.label = "before \"that\"\nline";
  out.run_id = kSecond;
  out.stage = "publish";
  out.paths = {".", "a b", "new\nline", "\xff\xfe", "50%"};
  out.files = 3;
  out.bytes = 12;
  out.skipped = 1;
  return out;
}

TEST(CheckpointText, facts_come_back_with_paths_of_any_bytes) {
  const Checkpoint before = sample();
  const auto after = decode_checkpoint(encode_checkpoint(before));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->id, before.id);
  EXPECT_EQ(after->made_at, before.made_at);
  EXPECT_EQ(after->reason, before.reason);
  EXPECT_EQ(after->label, before.label);
  EXPECT_EQ(after->stage, before.stage);
  EXPECT_EQ(after->paths, before.paths);
  EXPECT_EQ(after->files, 3);
  EXPECT_EQ(after->bytes, 12);
  EXPECT_EQ(after->skipped, 1);
}

TEST(CheckpointText, what_is_no_checkpoint_is_refused) {
  EXPECT_FALSE(decode_checkpoint("hello"));
  EXPECT_FALSE(decode_checkpoint(R"({"id": "x"})"));
  EXPECT_FALSE(
      decode_checkpoint(R"({"id": "01900000-0000-7000-8000-00000000aaaa", "created_at": "soon"})"));
  EXPECT_FALSE(decode_checkpoint(R"({"id": "01900000-0000-7000-8000-00000000aaaa",
      "created_at": "2026-01-01T00:00:00Z", "paths": ["%4"]})"));
  EXPECT_FALSE(decode_checkpoint(R"({"id": "01900000-0000-7000-8000-00000000aaaa",
      "created_at": "2026-01-01T00:00:00Z", "paths": ["%zz"]})"));
}

TEST(StorePath, names_that_mean_something_to_git_are_escaped_and_come_back) {
  EXPECT_EQ(store_path("src/a.cpp"), "src/a.cpp");
  EXPECT_EQ(store_path("a/.git/b"), "a/%.git/b");
  EXPECT_EQ(store_path(".GitAttributes"), "%.GitAttributes");
  EXPECT_EQ(store_path("%.git"), "%%.git");
  for (const char* path : {".git", ".GIT/x", "%", "%%", "a/%b/.gitmodules", "git~1", "a.git"}) {
    EXPECT_EQ(workspace_path(store_path(path)), path);
  }
}

TEST(Modes, only_what_git_does_not_keep_is_written_and_all_comes_back) {
  const std::vector<SavedEntry> entries{{"d", SavedKind::folder, 0750, "", 0},
                                        {"d/a", SavedKind::file, 0644, "1", 1},
                                        {"d/b", SavedKind::file, 0755, "2", 1},
                                        {"d/new\nline", SavedKind::file, 0600, "3", 1},
                                        {"d/s", SavedKind::file, 04755, "4", 1},
                                        {"l", SavedKind::link, 0777, "5", 1}};
  const std::string text = encode_modes(entries);
  EXPECT_EQ(text, "0750 d\0"s + "0600 d/new\nline\0"s + "4755 d/s\0"s);
  std::vector<SavedEntry> stored;
  for (const SavedEntry& entry : entries) {
    if (entry.kind != SavedKind::folder) {
      stored.push_back(entry);
      stored.back().mode = entry.kind == SavedKind::link ? 0777 : entry.mode & 0100 ? 0755 : 0644;
    }
  }
  const auto back = with_modes(stored, text);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, entries);
}

TEST(Modes, damaged_text_is_an_error) {
  for (const std::string& text : {"0644 a"s, "0644\0"s, "rwx a\0"s, "77777 a\0"s, "0648 a\0"s}) {
    EXPECT_FALSE(with_modes({}, text)) << text;
  }
}

TEST(ChooseCheckpoint, by_its_tail_in_any_case) {
  Checkpoint first, second;
  first.id = kFirst;
  second.id = kSecond;
  const std::vector<Checkpoint> all{second, first};
  EXPECT_EQ(choose_checkpoint(all, kFirst)->id, kFirst);
  EXPECT_EQ(choose_checkpoint(all, "1AAAA")->id, kSecond);
  EXPECT_EQ(choose_checkpoint(all, "aaaa").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(choose_checkpoint(all, "aaa").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(choose_checkpoint(all, "").error().code, ErrorCode::invalid_argument);
  const auto unknown = choose_checkpoint(all, "0001aaab");
  EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
  EXPECT_THAT(unknown.error().message, testing::HasSubstr("did you mean '0001aaaa'?"));
}

TEST(TidyPaths, each_once_and_none_below_another) {
  using testing::ElementsAre;
  EXPECT_THAT(tidy_paths({"b", "a/x", "a", "b", "ab", "a-x"}), ElementsAre("a", "a-x", "ab", "b"));
  EXPECT_THAT(tidy_paths({"b", ".", "a"}), ElementsAre("."));
  EXPECT_TRUE(is_at_or_below("a/b", "a"));
  EXPECT_FALSE(is_at_or_below("ab", "a"));
  EXPECT_TRUE(is_at_or_below("anything", "."));
}

}  // namespace
}  // namespace headway
