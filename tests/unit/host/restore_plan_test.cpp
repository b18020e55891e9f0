// RestorePlan: which steps lead from what is there to what was saved, and in which order.
#include "host/restore_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using Kind = RestoreStep::Kind;
using Change = RestoreChange::Kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

SavedEntry file(std::string path, std::string object, std::uint32_t mode = 0644) {
  return {std::move(path), SavedKind::file, mode, std::move(object), 1};
}
SavedEntry link(std::string path, std::string object) {
  return {std::move(path), SavedKind::link, 0777, std::move(object), 1};
}
SavedEntry folder(std::string path, std::uint32_t mode = 0755) {
  return {std::move(path), SavedKind::folder, mode, "", 0};
}

std::vector<std::pair<Kind, std::string>> steps_of(const RestorePlan& plan) {
  std::vector<std::pair<Kind, std::string>> out;
  for (const RestoreStep& step : plan.steps) {
    out.emplace_back(step.kind, step.path);
  }
  return out;
}

std::vector<std::pair<Change, std::string>> changes_of(const RestorePlan& plan) {
  std::vector<std::pair<Change, std::string>> out;
  for (const RestoreChange& change : plan.changes) {
    out.emplace_back(change.kind, change.path);
  }
  return out;
}

TEST(RestorePlan, nothing_is_done_where_nothing_differs) {
  const std::vector<SavedEntry> same{folder("d"), file("d/a", "1"), link("l", "2")};
  const auto plan = plan_restore(same, same, {});
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->steps, IsEmpty());
  EXPECT_THAT(plan->changes, IsEmpty());
  EXPECT_EQ(plan->same, 2);
}

TEST(RestorePlan, content_is_replaced_by_one_write_and_a_mode_by_itself) {
  const auto plan = plan_restore({file("a", "1"), file("b", "2"), link("l", "3")},
                                 {file("a", "9", 0600), file("b", "2", 0755), link("l", "8")},
                                 {});
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->steps,
              ElementsAre(RestoreStep{Kind::write, "a", 0600, 0, "9", false, true},
                          RestoreStep{Kind::write, "l", 0777, 0, "8", true, true},
                          RestoreStep{Kind::set_mode, "b", 0755, 0644}));
  EXPECT_THAT(
      changes_of(*plan),
      ElementsAre(
          Pair(Change::replaced, "a"), Pair(Change::mode, "b"), Pair(Change::replaced, "l")));
}

TEST(RestorePlan, what_was_not_there_goes_folders_from_below) {
  const auto plan =
      plan_restore({folder("d"), folder("d/e"), file("d/e/x", "1"), file("d/y", "2")}, {}, {});
  ASSERT_TRUE(plan);
  EXPECT_THAT(steps_of(*plan),
              ElementsAre(Pair(Kind::remove_file, "d/e/x"),
                          Pair(Kind::remove_file, "d/y"),
                          Pair(Kind::remove_folder, "d/e"),
                          Pair(Kind::remove_folder, "d")));
}

TEST(RestorePlan, what_is_gone_comes_back_folders_from_above_and_modes_last) {
  const auto plan =
      plan_restore({}, {folder("d", 0555), folder("d/e", 0700), file("d/e/x", "1")}, {});
  ASSERT_TRUE(plan);
  EXPECT_THAT(steps_of(*plan),
              ElementsAre(Pair(Kind::make_folder, "d"),
                          Pair(Kind::make_folder, "d/e"),
                          Pair(Kind::write, "d/e/x"),
                          Pair(Kind::set_mode, "d/e"),
                          Pair(Kind::set_mode, "d")));
}

TEST(RestorePlan, a_file_gives_way_to_a_folder_and_the_other_way_round) {
  const auto to_folder = plan_restore({file("x", "1")}, {folder("x"), file("x/a", "2")}, {});
  ASSERT_TRUE(to_folder);
  EXPECT_THAT(steps_of(*to_folder),
              ElementsAre(Pair(Kind::remove_file, "x"),
                          Pair(Kind::make_folder, "x"),
                          Pair(Kind::write, "x/a"),
                          Pair(Kind::set_mode, "x")));
  const auto to_file = plan_restore({folder("x"), file("x/a", "2")}, {file("x", "1")}, {});
  ASSERT_TRUE(to_file);
  EXPECT_THAT(
      steps_of(*to_file),
      ElementsAre(
          Pair(Kind::remove_file, "x/a"), Pair(Kind::remove_folder, "x"), Pair(Kind::write, "x")));
  EXPECT_FALSE(to_file->steps.back().replaces);
  const auto to_link = plan_restore({file("x", "1")}, {link("x", "2")}, {});
  ASSERT_TRUE(to_link);
  EXPECT_THAT(to_link->steps, ElementsAre(RestoreStep{Kind::write, "x", 0777, 0, "2", true, true}));
}

TEST(RestorePlan, a_closed_folder_is_opened_and_closed_again_where_its_names_change) {
  const auto plan = plan_restore({folder("d", 0555), file("d/a", "1"), folder("e", 0555)},
                                 {folder("d", 0555), file("d/a", "2"), folder("e", 0555)},
                                 {});
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->steps,
              ElementsAre(RestoreStep{Kind::open_folder, "d", 0755, 0555},
                          RestoreStep{Kind::write, "d/a", 0644, 0, "2", false, true},
                          RestoreStep{Kind::set_mode, "d", 0555, 0755}));
}

TEST(RestorePlan, a_new_folder_stays_for_what_is_never_touched) {
  FoundNames found;
  found.kept = {{"new/sub/.git", KeptName::Why::git}};
  const auto plan = plan_restore(
      {folder("new"), file("new/a", "1"), folder("new/sub"), file("new/sub/b", "2")}, {}, found);
  ASSERT_TRUE(plan);
  EXPECT_THAT(steps_of(*plan),
              ElementsAre(Pair(Kind::remove_file, "new/a"), Pair(Kind::remove_file, "new/sub/b")));
  EXPECT_THAT(plan->left, ElementsAre("new", "new/sub"));
}

TEST(RestorePlan, what_is_never_touched_in_the_place_of_something_saved_is_an_error) {
  FoundNames found;
  found.kept = {{"x/.git", KeptName::Why::git}};
  const auto repository = plan_restore({folder("x")}, {file("x", "1")}, found);
  ASSERT_FALSE(repository);
  EXPECT_EQ(repository.error().code, ErrorCode::conflict);
  EXPECT_THAT(repository.error().message, testing::HasSubstr("'x/.git' is in the way"));
  found.kept = {{"pipe", KeptName::Why::special}};
  EXPECT_FALSE(plan_restore({}, {file("pipe", "1")}, found));
}

TEST(RestorePlan, folders_above_the_paths_are_made_where_something_comes_back) {
  FoundNames found;
  found.missing_parents = {"a", "a/b", "z"};
  const auto plan = plan_restore({}, {file("a/b/c", "1")}, found);
  ASSERT_TRUE(plan);
  EXPECT_THAT(steps_of(*plan),
              ElementsAre(Pair(Kind::make_parent, "a"),
                          Pair(Kind::make_parent, "a/b"),
                          Pair(Kind::write, "a/b/c")));
}

// 'd-x' sorts before 'd/a' as text, though it is not in the folder.
TEST(RestorePlan, names_that_sort_between_a_folder_and_its_content_confuse_nothing) {
  FoundNames found;
  found.kept = {{"d-x", KeptName::Why::special}};
  const auto plan = plan_restore({folder("d"), file("d.x", "2"), file("d/a", "1")}, {}, found);
  ASSERT_TRUE(plan);
  EXPECT_THAT(steps_of(*plan),
              ElementsAre(Pair(Kind::remove_file, "d.x"),
                          Pair(Kind::remove_file, "d/a"),
                          Pair(Kind::remove_folder, "d")));
}

}  // namespace
}  // namespace headway
