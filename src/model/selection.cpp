// Which stages a run takes: see the header.
#include "model/selection.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace headway {
namespace {

constexpr std::size_t kMaxNamesListed = 20;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

template <typename T>
std::vector<std::string_view> keys_of(const std::vector<T>& things) {
  std::vector<std::string_view> keys;
  keys.reserve(things.size());
  for (const T& thing : things) {
    keys.push_back(thing.key);
  }
  return keys;
}

Error unknown_name(std::string_view kind,
                   std::string_view name,
                   const std::vector<std::string_view>& known) {
  std::string message = fmt::format("find {} '{}'", kind, name);
  if (const auto nearest = nearest_name(name, known)) {
    message += fmt::format(" (did you mean '{}'?)", *nearest);
  }
  const std::size_t listed = std::min(known.size(), kMaxNamesListed);
  std::string list = fmt::format(
      "{}", fmt::join(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(listed), ", "));
  if (listed < known.size()) {
    list += fmt::format(" and {} more", known.size() - listed);
  }
  return Error{ErrorCode::not_found, message, fmt::format("there is: {}", list)};
}

Result<const Lane*> wanted_lane(const Workflow& workflow, const std::string& name) {
  if (workflow.lanes.empty()) {
    return Error{ErrorCode::invalid_argument, "find a lane: the workflow has none"};
  }
  if (name.empty()) {
    return &workflow.default_lane();
  }
  const Lane* lane = workflow.find_lane(name);
  if (lane == nullptr) {
    return unknown_name("lane", name, keys_of(workflow.lanes));
  }
  return lane;
}

// Marks stages, and follows needs without recursion.
class Selector {
 public:
  Selector(const Workflow& workflow, const Lane& lane)
      : stages_(workflow.stages),
        in_lane_(stages_.size(), false),
        chosen_(stages_.size(), false),
        position_(stages_.size(), -1),
        seen_by_(stages_.size(), -1) {
    for (const int stage : lane.stages) {
      in_lane_[at(stage)] = true;
    }
  }

  bool in_lane(int stage) const { return in_lane_[at(stage)]; }

  void choose_lane() { chosen_ = in_lane_; }

  // Those stages and all they need, as far as the lane has it.
  void choose_with_needs(std::vector<int> open) {
    std::vector<bool> seen(stages_.size(), false);
    while (!open.empty()) {
      const int stage = open.back();
      open.pop_back();
      if (seen[at(stage)]) {
        continue;
      }
      seen[at(stage)] = true;
      chosen_[at(stage)] = in_lane_[at(stage)];
      open.insert(open.end(), stages_[at(stage)].needs.begin(), stages_[at(stage)].needs.end());
    }
  }

  Selection result(const Lane& lane) {
    Selection selection;
    selection.lane = &lane;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      const int stage = static_cast<int>(i);
      if (chosen_[i]) {
        position_[i] = static_cast<int>(selection.stages.size());
        selection.stages.push_back(stage);
      } else {
        selection.left_out.push_back(
            {stage,
             in_lane_[i] ? "not asked for" : fmt::format("lane '{}' leaves it out", lane.key)});
      }
    }
    selection.needs.reserve(selection.stages.size());
    for (const int stage : selection.stages) {
      selection.needs.push_back(needs_among_chosen(stage));
    }
    return selection;
  }

 private:
  // Positions of what `stage` needs, through what is left out; ascending.
  std::vector<int> needs_among_chosen(int stage) {
    std::vector<int> found;
    open_.assign(1, stage);
    while (!open_.empty()) {
      const int next = open_.back();
      open_.pop_back();
      for (const int need : stages_[at(next)].needs) {
        if (seen_by_[at(need)] == stage) {
          continue;
        }
        seen_by_[at(need)] = stage;
        if (chosen_[at(need)]) {
          found.push_back(position_[at(need)]);
        } else {
          open_.push_back(need);
        }
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  const std::vector<Stage>& stages_;
  std::vector<bool> in_lane_;
  std::vector<bool> chosen_;
  std::vector<int> position_;  // in the selection
  std::vector<int> seen_by_;   // the last stage whose needs led here
  std::vector<int> open_;
};

Result<std::vector<int>> find_named(const Workflow& workflow,
                                    const std::vector<std::string>& names,
                                    const Lane& lane,
                                    const Selector& selector) {
  std::unordered_map<std::string_view, int> index;
  index.reserve(workflow.stages.size());
  for (std::size_t i = 0; i < workflow.stages.size(); ++i) {
    index.emplace(workflow.stages[i].key, static_cast<int>(i));
  }
  std::vector<int> named;
  for (const std::string& name : names) {
    const auto found = index.find(name);
    if (found == index.end()) {
      return unknown_name("stage", name, keys_of(workflow.stages));
    }
    if (!selector.in_lane(found->second)) {
      return Error{ErrorCode::invalid_argument,
                   fmt::format("run stage '{}': lane '{}' leaves it out", name, lane.key),
                   "name another lane with --lane"};
    }
    named.push_back(found->second);
  }
  return named;
}

}  // namespace

Result<Selection> select_stages(const Workflow& workflow, const SelectionRequest& request) {
  const auto lane = wanted_lane(workflow, request.lane);
  if (!lane) {
    return lane.error();
  }
  Selector selector(workflow, **lane);
  if (request.stages.empty()) {
    selector.choose_lane();
  } else {
    auto named = find_named(workflow, request.stages, **lane, selector);
    if (!named) {
      return std::move(named).error();
    }
    selector.choose_with_needs(*std::move(named));
  }
  Selection selection = selector.result(**lane);
  if (selection.stages.empty()) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("find a stage to run: lane '{}' takes none", (*lane)->key)};
  }
  return selection;
}

}  // namespace headway
