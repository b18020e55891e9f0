// The segment tree: minima for fitting, lazily added passes, maxima of those that are held.
#include "scheduling/fit_tree.hpp"

#include <algorithm>
#include <bit>

namespace headway {

FitTree::FitTree(int capacity, int max_passes)
    : passes_(static_cast<std::size_t>(capacity), 0),
      leaves_(std::bit_ceil(static_cast<std::size_t>(std::max(capacity, 1)))),
      max_passes_(max_passes) {
  nodes_.resize(2 * leaves_);
}

// The first leaf, in order, below or right of `from` whose path matches all the way down; -1.
template <typename Matches>
int FitTree::search(std::size_t from, Matches matches) const noexcept {
  std::size_t i = from;
  for (;;) {
    if (matches(nodes_[i])) {
      if (i >= leaves_) {
        return static_cast<int>(i - leaves_);
      }
      i *= 2;
      continue;
    }
    while ((i & 1) != 0) {
      i /= 2;
    }
    if (i == 0) {
      return -1;
    }
    ++i;
  }
}

std::int32_t FitTree::owed(std::size_t leaf) const noexcept {
  std::int32_t sum = 0;
  for (std::size_t i = leaf / 2; i > 0; i /= 2) {
    sum += nodes_[i].add;
  }
  return sum;
}

void FitTree::pull(std::size_t node) noexcept {
  const Node& left = nodes_[2 * node];
  const Node& right = nodes_[2 * node + 1];
  Node& own = nodes_[node];
  own.min_memory = std::min(left.min_memory, right.min_memory);
  own.min_cpu = std::min(left.min_cpu, right.min_cpu);
  own.held_memory = std::max(left.held_memory, right.held_memory);
  own.held_cpu = std::max(left.held_cpu, right.held_cpu);
  const std::int32_t most = std::max(left.max_passes, right.max_passes);
  own.max_passes = most == kNone ? kNone : most + own.add;
}

void FitTree::pull_up(std::size_t node) noexcept {
  for (std::size_t i = node / 2; i > 0; i /= 2) {
    pull(i);
  }
}

void FitTree::insert(int rank, Demand demand) noexcept {
  const std::size_t leaf = leaves_ + static_cast<std::size_t>(rank);
  const std::int32_t passes = passes_[static_cast<std::size_t>(rank)];
  Node& own = nodes_[leaf];
  own = Node{};
  own.min_memory = demand.memory;
  own.min_cpu = demand.cpu;
  if (passes >= max_passes_) {
    own.held_memory = demand.memory;
    own.held_cpu = demand.cpu;
  } else {
    own.max_passes = passes - owed(leaf);
  }
  pull_up(leaf);
}

void FitTree::erase(int rank) noexcept {
  const std::size_t leaf = leaves_ + static_cast<std::size_t>(rank);
  if (!contains(rank)) {
    return;
  }
  const Node& own = nodes_[leaf];
  passes_[static_cast<std::size_t>(rank)] =
      own.held_cpu >= 0 ? max_passes_ : own.max_passes + owed(leaf);
  nodes_[leaf] = Node{};
  pull_up(leaf);
}

void FitTree::start(int rank) noexcept {
  erase(rank);
  passes_[static_cast<std::size_t>(rank)] = 0;
}

void FitTree::count_pass(int rank) noexcept {
  for (std::size_t i = leaves_ + static_cast<std::size_t>(rank); i > 1; i /= 2) {
    if ((i & 1) != 0) {
      Node& before = nodes_[i - 1];
      if (before.max_passes != kNone) {
        before.max_passes += 1;
        before.add += i - 1 < leaves_ ? 1 : 0;  // (a leaf has nothing below it)
      }
    }
    pull(i / 2);
  }
  hold_those_at_the_limit();
}

void FitTree::hold_those_at_the_limit() noexcept {
  while (nodes_[1].max_passes >= max_passes_) {
    std::size_t i = 1;
    std::int32_t above = 0;
    while (i < leaves_) {
      above += nodes_[i].add;
      i = nodes_[2 * i].max_passes + above >= max_passes_ ? 2 * i : 2 * i + 1;
    }
    Node& leaf = nodes_[i];
    leaf.max_passes = kNone;
    leaf.held_memory = leaf.min_memory;
    leaf.held_cpu = leaf.min_cpu;
    pull_up(i);
  }
}

int FitTree::first_fit(Demand free) const noexcept {
  if (leaves_ == 0) {
    return -1;
  }
  return search(1, [free](const Node& node) {
    return node.min_cpu <= free.cpu && node.min_memory <= free.memory;
  });
}

int FitTree::first_held(int from) const noexcept {
  if (leaves_ == 0 || static_cast<std::size_t>(from) >= leaves_) {
    return -1;
  }
  return search(leaves_ + static_cast<std::size_t>(from),
                [](const Node& node) { return node.held_cpu >= 0; });
}

Demand FitTree::held_demand() const noexcept {
  return leaves_ == 0 ? Demand{-1, -1} : Demand{nodes_[1].held_memory, nodes_[1].held_cpu};
}

Demand FitTree::demand(int rank) const noexcept {
  const Node& leaf = nodes_[leaves_ + static_cast<std::size_t>(rank)];
  return {leaf.min_memory, leaf.min_cpu};
}

bool FitTree::contains(int rank) const noexcept {
  return leaves_ != 0 && nodes_[leaves_ + static_cast<std::size_t>(rank)].min_cpu != INT32_MAX;
}

}  // namespace headway
