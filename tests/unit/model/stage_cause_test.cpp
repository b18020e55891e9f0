// Words and spellings of StageCause.
#include "model/stage_cause.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(StageCause, spellings_read_back) {
  for (int i = 0; i <= static_cast<int>(CauseKind::outputs_changed); ++i) {
    const auto kind = static_cast<CauseKind>(i);
    EXPECT_EQ(cause_kind_named(to_string(kind)), kind);
  }
  EXPECT_EQ(cause_kind_named("what"), CauseKind::none);
  EXPECT_EQ(to_string(ChangedThing::output), "output");
  EXPECT_EQ(to_string(ChangeKind::executable), "executable");
}

TEST(StageCause, names_five_changes_and_counts_the_rest) {
  StageCause cause;
  cause.kind = CauseKind::inputs_changed;
  for (int i = 0; i < 17; ++i) {
    cause.add({ChangedThing::input, ChangeKind::content, "f" + std::to_string(i)});
  }
  EXPECT_EQ(cause.changes.size(), StageCause::kMaxNamed);
  EXPECT_EQ(cause_text(cause),
            "input f0 changed, input f1 changed, input f2 changed, input f3 changed, "
            "input f4 changed and 12 more");
}

TEST(StageCause, every_change_has_its_words) {
  StageCause cause;
  cause.kind = CauseKind::definition_changed;
  cause.add({ChangedThing::definition, ChangeKind::content, "run"});
  cause.add({ChangedThing::environment, ChangeKind::added, "CC"});
  cause.add({ChangedThing::input, ChangeKind::removed, "a.c"});
  cause.add({ChangedThing::output, ChangeKind::removed, "app"});
  cause.add({ChangedThing::output, ChangeKind::content, "lib"});
  EXPECT_EQ(cause_text(cause),
            "its run changed, variable CC is new, input a.c is gone, output app is missing, "
            "output lib was changed by others");
}

TEST(StageCause, kinds_without_changes_have_their_words) {
  StageCause cause;
  EXPECT_EQ(cause_text(cause), "");
  cause.kind = CauseKind::up_to_date;
  cause.inputs = 1;
  cause.detail = "1a2b3c4d";
  EXPECT_EQ(cause_text(cause), "up to date: 1 input unchanged since run 1a2b3c4d");
  cause.kind = CauseKind::first_run;
  EXPECT_EQ(cause_text(cause), "no run of it that succeeded is known");
  cause.kind = CauseKind::inputs_unreadable;
  cause.detail = "read a: Permission denied";
  EXPECT_EQ(cause_text(cause), "its inputs cannot be read: read a: Permission denied");
}

}  // namespace
}  // namespace headway
