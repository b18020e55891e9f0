// Tarjan's strongly connected components (SIAM J. Comput. 1, 1972) with a stack of its own, then a
// breadth-first search for a short cycle inside each. Knows indices only.
#include "model/graph_check.hpp"

#include <algorithm>
#include <cstddef>

namespace headway {
namespace {

constexpr int kUnseen = -1;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// Numbers the strongly connected components.
class Components {
 public:
  explicit Components(const std::vector<Stage>& stages)
      : stages_(stages),
        order_(stages.size(), kUnseen),
        low_(stages.size(), 0),
        component_(stages.size(), kUnseen) {
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if (order_[i] == kUnseen) {
        search(static_cast<int>(i));
      }
    }
  }

  int of(int stage) const { return component_[at(stage)]; }
  std::size_t count() const { return static_cast<std::size_t>(components_); }

 private:
  // A stage being searched, and the next of its needs to look at.
  struct Frame {
    int stage;
    std::size_t next_need;
  };

  void search(int root) {
    enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const int stage = frame.stage;
      const std::vector<int>& needs = stages_[at(stage)].needs;
      if (frame.next_need == needs.size()) {
        frames_.pop_back();
        leave(stage);
        continue;
      }
      const int need = needs[frame.next_need++];
      if (order_[at(need)] == kUnseen) {
        enter(need);
      } else if (component_[at(need)] == kUnseen) {
        low_[at(stage)] = std::min(low_[at(stage)], order_[at(need)]);
      }
    }
  }

  void enter(int stage) {
    order_[at(stage)] = low_[at(stage)] = counter_++;
    open_.push_back(stage);
    frames_.push_back({stage, 0});
  }

  void leave(int stage) {
    if (!frames_.empty()) {
      int& low = low_[at(frames_.back().stage)];
      low = std::min(low, low_[at(stage)]);
    }
    if (low_[at(stage)] != order_[at(stage)]) {
      return;
    }
    int member = kUnseen;
    do {
      member = open_.back();
      open_.pop_back();
      component_[at(member)] = components_;
    } while (member != stage);
    ++components_;
  }

  const std::vector<Stage>& stages_;
  std::vector<int> order_;
  std::vector<int> low_;
  std::vector<int> component_;
  std::vector<int> open_;  // seen, component not yet known
  std::vector<Frame> frames_;
  int counter_ = 0;
  int components_ = 0;
};

// From `start` along the way that led to `last`.
std::vector<int> way_back(int start, int last, const std::vector<int>& came_from) {
  std::vector<int> way;
  for (int back = last; back != start; back = came_from[at(back)]) {
    way.push_back(back);
  }
  way.push_back(start);
  std::reverse(way.begin(), way.end());
  return way;
}

// The shortest way from `start` back to itself inside its component; empty where there is none.
std::vector<int> shortest_cycle(const std::vector<Stage>& stages,
                                const Components& components,
                                int start,
                                std::vector<int>& came_from) {
  std::vector<int> queue{start};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const int stage = queue[head];
    for (const int need : stages[at(stage)].needs) {
      if (need == start) {
        return way_back(start, stage, came_from);
      }
      if (components.of(need) == components.of(start) && came_from[at(need)] == kUnseen) {
        came_from[at(need)] = stage;
        queue.push_back(need);
      }
    }
  }
  return {};
}

}  // namespace

std::vector<std::vector<int>> find_cycles(const std::vector<Stage>& stages) {
  const Components components(stages);
  std::vector<bool> looked(components.count(), false);
  std::vector<int> came_from(stages.size(), kUnseen);
  std::vector<std::vector<int>> cycles;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const int stage = static_cast<int>(i);
    const std::size_t component = at(components.of(stage));
    if (looked[component]) {
      continue;
    }
    looked[component] = true;
    std::vector<int> cycle = shortest_cycle(stages, components, stage, came_from);
    if (!cycle.empty()) {
      cycles.push_back(std::move(cycle));
    }
  }
  return cycles;
}

}  // namespace headway
