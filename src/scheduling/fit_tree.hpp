// FitTree: ready tasks by rank; finds the first one that fits into what is free, and counts how
// often each was passed over. Knows nothing of locks, slots or what runs.
#pragma once

#include <cstdint>
#include <vector>

namespace headway {

// What a task wants, or what is free, in whole units (thousandths of a cpu, bytes).
struct Demand {
  std::int64_t memory = 0;
  std::int32_t cpu = 0;
};

// A segment tree over the ranks 0..capacity-1. A task that was passed over `max_passes` times is
// "held": from then on it is the one that others must wait for (see Admission). Operations cost
// O(log n); first_fit() may look at more where wide-and-small and narrow-and-large tasks alternate.
// Nothing allocates after construction. Not synchronised.
class FitTree {
 public:
  FitTree() = default;
  FitTree(int capacity, int max_passes);

  void insert(int rank, Demand demand) noexcept;
  // Takes it out; how often it was passed over is remembered for the next insert().
  void erase(int rank) noexcept;
  // As erase(), and its passes are forgotten: it started.
  void start(int rank) noexcept;
  // A task of that rank starts: every ready task before it is passed over once.
  void count_pass(int rank) noexcept;

  // The smallest rank whose demand is at most `free` in both; -1 where none is.
  int first_fit(Demand free) const noexcept;
  // The smallest held rank from `from` on; -1.
  int first_held(int from) const noexcept;
  // The largest demands of all that are held; -1 in both where none is.
  Demand held_demand() const noexcept;
  Demand demand(int rank) const noexcept;
  bool contains(int rank) const noexcept;

 private:
  struct Node {
    std::int64_t min_memory = INT64_MAX;
    std::int64_t held_memory = -1;
    std::int32_t min_cpu = INT32_MAX;
    std::int32_t held_cpu = -1;
    std::int32_t max_passes = kNone;  // of those not held; with the `add` of this node, without
                                      // that of the nodes above
    std::int32_t add = 0;             // passes that all below still owe
  };
  static constexpr std::int32_t kNone = INT32_MIN / 2;

  template <typename Matches>
  int search(std::size_t from, Matches matches) const noexcept;
  std::int32_t owed(std::size_t leaf) const noexcept;
  void pull_up(std::size_t node) noexcept;
  void pull(std::size_t node) noexcept;
  void hold_those_at_the_limit() noexcept;

  std::vector<Node> nodes_;  // the root at 1, children of i at 2i and 2i+1
  std::vector<std::int32_t> passes_;
  std::size_t leaves_ = 0;
  std::int32_t max_passes_ = 0;
};

}  // namespace headway
