// Colour by meaning, or none.
#include "cli/terminal/paint.hpp"

#include <gtest/gtest.h>

#include <set>

namespace headway::cli {
namespace {

TEST(Paint, text_stays_as_it_is_where_paint_is_off) {
  EXPECT_EQ(Paint(false)(Tone::bad, "x"), "x");
  EXPECT_FALSE(Paint().on());
}

TEST(Paint, text_is_wrapped_and_the_colour_taken_back) {
  EXPECT_EQ(Paint(true)(Tone::good, "x"), "\x1b[32mx\x1b[0m");
}

TEST(Paint, nothing_and_normal_text_get_no_sequence) {
  EXPECT_EQ(Paint(true)(Tone::bad, ""), "");
  EXPECT_EQ(Paint(true)(Tone::normal, "x"), "x");
}

TEST(Paint, every_tone_looks_different) {
  std::set<std::string> seen;
  for (const Tone tone :
       {Tone::normal, Tone::good, Tone::bad, Tone::warning, Tone::dim, Tone::strong}) {
    seen.insert(Paint(true)(tone, "x"));
  }
  EXPECT_EQ(seen.size(), 6U);
}

TEST(ToneOf, status_says_good_bad_or_neither) {
  EXPECT_EQ(tone_of(StageStatus::completed), Tone::good);
  EXPECT_EQ(tone_of(StageStatus::failed), Tone::bad);
  EXPECT_EQ(tone_of(StageStatus::interrupted), Tone::bad);
  EXPECT_EQ(tone_of(StageStatus::cancelled), Tone::warning);
  EXPECT_EQ(tone_of(StageStatus::running), Tone::strong);
  EXPECT_EQ(tone_of(StageStatus::pending), Tone::dim);
  EXPECT_EQ(tone_of(StageStatus::skipped), Tone::dim);
  EXPECT_EQ(tone_of(RunStatus::completed), Tone::good);
  EXPECT_EQ(tone_of(RunStatus::failed), Tone::bad);
  EXPECT_EQ(tone_of(RunStatus::interrupted), Tone::bad);
  EXPECT_EQ(tone_of(RunStatus::cancelled), Tone::warning);
  EXPECT_EQ(tone_of(RunStatus::running), Tone::strong);
  EXPECT_EQ(tone_of(RunStatus::none), Tone::dim);
}

}  // namespace
}  // namespace headway::cli
