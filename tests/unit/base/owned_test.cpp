// Owned: one owner at a time, and the end of it.
#include "headway/owned.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <type_traits>
#include <utility>

namespace headway {
namespace {

// Counts how many of it live.
struct Counted {
  explicit Counted(int& count) : living(count) { ++living; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --living; }
  int& living;
};

static_assert(!std::is_copy_constructible_v<Owned<Counted>>);
static_assert(std::is_nothrow_move_constructible_v<Owned<Counted>>);

TEST(Owned, nothing_is_owned_by_default) {
  const Owned<int> none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.get(), nullptr);
}

TEST(Owned, what_is_taken_over_ends_with_it) {
  int living = 0;
  {
    const Owned<Counted> owned = std::make_unique<Counted>(living);
    EXPECT_TRUE(owned);
    EXPECT_EQ(owned->living, 1);
    EXPECT_EQ(&(*owned).living, &living);
  }
  EXPECT_EQ(living, 0);
}

TEST(Owned, moving_leaves_nothing_behind) {
  int living = 0;
  Owned<Counted> first = std::make_unique<Counted>(living);
  const Owned<Counted> second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(second);
  EXPECT_EQ(living, 1);
}

TEST(Owned, assigning_ends_what_was_owned_before) {
  int first_living = 0;
  int second_living = 0;
  Owned<Counted> owned = std::make_unique<Counted>(first_living);
  owned = Owned<Counted>(std::make_unique<Counted>(second_living));
  EXPECT_EQ(first_living, 0);
  EXPECT_EQ(second_living, 1);
}

TEST(Owned, assigning_to_itself_keeps_it) {
  int living = 0;
  Owned<Counted> owned = std::make_unique<Counted>(living);
  Owned<Counted>& same = owned;
  owned = std::move(same);
  EXPECT_TRUE(owned);
  EXPECT_EQ(living, 1);
}

TEST(Owned, released_is_nobodys) {
  int living = 0;
  Owned<Counted> owned = std::make_unique<Counted>(living);
  const std::unique_ptr<Counted> kept(owned.release());
  EXPECT_FALSE(owned);
  EXPECT_EQ(living, 1);
}

}  // namespace
}  // namespace headway
