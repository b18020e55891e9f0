// Tests of TaskBodies and of the callables that it holds.
#include "execution/task_bodies.hpp"

#include "headway/task_body.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace headway {
namespace {

template <typename Body>
void add(TaskBodies& bodies, Body body) {
  if constexpr (kIsInlineTask<Body>) {
    ::new (bodies.place(kTaskBodyOps<Body>)) Body(std::move(body));
  } else {
    using Held = HeapTaskBody<Body>;
    ::new (bodies.place(kTaskBodyOps<Held>)) Held(std::in_place, std::move(body));
  }
  bodies.commit();
}

// Counts the objects of it that live.
class Counted {
 public:
  Counted(int* alive, int* calls) : alive_(alive), calls_(calls) { ++*alive_; }
  Counted(Counted&& other) noexcept : alive_(other.alive_), calls_(other.calls_) { ++*alive_; }
  Counted& operator=(Counted&&) = delete;
  ~Counted() { --*alive_; }
  void operator()() const { ++*calls_; }

 private:
  int* alive_;
  int* calls_;
};

TEST(TaskBodies, arranged_callables_stand_in_the_new_order) {
  std::vector<int> seen;
  TaskBodies bodies;
  for (int i = 0; i < 3; ++i) {
    add(bodies, [&seen, i] { seen.push_back(i); });
  }
  const TaskBodies arranged = bodies.arrange({2, 0, 1});
  EXPECT_EQ(bodies.size(), 0U);
  for (int number = 0; number < 3; ++number) {
    arranged.invoke(number);
  }
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 0}));
}

TEST(TaskBodies, callables_of_all_sizes_side_by_side_are_found) {
  int sum = 0;
  const std::array<int, 10> inside{0, 1, 2};        // 40 bytes and a pointer: in the graph
  const std::array<int, 100> outside{0, 0, 0, 30};  // on the heap
  auto movable = std::make_unique<int>(400);
  TaskBodies bodies;
  add(bodies, [] {});
  add(bodies, [&sum, inside] { sum += inside[2]; });
  add(bodies, [&sum, outside] { sum += outside[3]; });
  add(bodies, [&sum, movable = std::move(movable)] { sum += *movable; });
  const TaskBodies arranged = bodies.arrange({3, 2, 1, 0});
  for (int number = 0; number < 4; ++number) {
    arranged.invoke(number);
  }
  EXPECT_EQ(sum, 432);
}

TEST(TaskBodies, many_blocks_are_arranged) {
  constexpr int kCount = 50'000;
  std::int64_t sum = 0;
  TaskBodies bodies;
  std::vector<std::int32_t> backwards;
  for (int i = 0; i < kCount; ++i) {
    add(bodies, [&sum, i] { sum = sum * 3 % 1'000'003 + i; });
    backwards.push_back(kCount - 1 - i);
  }
  const TaskBodies arranged = bodies.arrange(backwards);
  std::int64_t expected = 0;
  for (int number = 0; number < kCount; ++number) {
    arranged.invoke(number);
    expected = expected * 3 % 1'000'003 + (kCount - 1 - number);
  }
  EXPECT_EQ(sum, expected);
}

TEST(TaskBodies, many_blocks_in_the_same_order_are_found) {
  constexpr int kCount = 50'000;
  std::int64_t sum = 0;
  TaskBodies bodies;
  std::vector<std::int32_t> same;
  for (int i = 0; i < kCount; ++i) {
    add(bodies, [&sum, i] { sum += i; });
    same.push_back(i);
  }
  const TaskBodies arranged = bodies.arrange(same);
  for (int number = 0; number < kCount; ++number) {
    arranged.invoke(number);
    ASSERT_EQ(sum, std::int64_t{number} * (number + 1) / 2);
  }
}

TEST(TaskBodies, each_callable_is_destroyed_once) {
  int alive = 0;
  int calls = 0;
  {
    TaskBodies bodies;
    add(bodies, Counted(&alive, &calls));
    add(bodies, Counted(&alive, &calls));
    EXPECT_EQ(alive, 2);
    TaskBodies arranged = bodies.arrange({1, 0});
    EXPECT_EQ(alive, 2);
    const TaskBodies moved = std::move(arranged);
    moved.invoke(0);
    EXPECT_EQ(alive, 2);
  }
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(calls, 1);
}

TEST(TaskBodies, callables_never_arranged_are_destroyed) {
  int alive = 0;
  int calls = 0;
  {
    TaskBodies bodies;
    add(bodies, Counted(&alive, &calls));
  }
  EXPECT_EQ(alive, 0);
}

TEST(TaskBodies, room_that_was_not_committed_is_given_again) {
  TaskBodies bodies;
  const auto body = [] {};
  void* const first = bodies.place(kTaskBodyOps<decltype(body)>);
  EXPECT_EQ(bodies.place(kTaskBodyOps<decltype(body)>), first);
  EXPECT_EQ(bodies.size(), 0U);
}

}  // namespace
}  // namespace headway
