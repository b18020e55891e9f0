// Which stages a run takes: see the header.
#include "model/selection.hpp"

#include "base/text.hpp"
#include "model/needs_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

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

// Who left a stage out.
enum class LeftBy : std::uint8_t { nobody, request, from, until, skip };

// Marks stages, and follows needs without recursion.
class Selector {
 public:
  Selector(const Workflow& workflow, const Lane& lane)
      : stages_(workflow.stages),
        in_lane_(stages_.size(), false),
        chosen_(stages_.size(), false),
        left_by_(stages_.size(), LeftBy::nobody),
        position_(stages_.size(), -1),
        seen_by_(stages_.size(), -1) {
    for (const int stage : lane.stages) {
      in_lane_[at(stage)] = true;
    }
  }

  bool in_lane(int stage) const { return in_lane_[at(stage)]; }

  void choose_lane() { chosen_ = in_lane_; }

  // Exactly those.
  void choose_only(const std::vector<int>& stages) {
    chosen_.assign(stages_.size(), false);
    left_by_.assign(stages_.size(), LeftBy::request);
    for (const int stage : stages) {
      chosen_[at(stage)] = true;
    }
  }

  // Those stages and all they need, as far as the lane has it.
  void choose_with_needs(const std::vector<int>& stages) {
    left_by_.assign(stages_.size(), LeftBy::request);
    const std::vector<bool> needed = reached(
        stages, [this](int stage) -> const auto& { return stages_[at(stage)].needs; });
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      chosen_[i] = needed[i] && in_lane_[i];
    }
  }

  // Of what is chosen: those stages and what comes after them.
  void keep_from(const std::vector<int>& stages) {
    std::vector<std::vector<int>> after(stages_.size());
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      for (const int need : stages_[i].needs) {
        after[at(need)].push_back(static_cast<int>(i));
      }
    }
    keep(reached(
             stages, [&after](int stage) -> const auto& { return after[at(stage)]; }),
         LeftBy::from);
  }

  // Of what is chosen: those stages and what they need.
  void keep_until(const std::vector<int>& stages) {
    keep(reached(
             stages, [this](int stage) -> const auto& { return stages_[at(stage)].needs; }),
         LeftBy::until);
  }

  void skip(const std::vector<int>& stages) {
    for (const int stage : stages) {
      leave_out(at(stage), LeftBy::skip);
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
        selection.left_out.push_back({stage, reason(i, lane)});
      }
    }
    selection.needs.reserve(selection.stages.size());
    for (const int stage : selection.stages) {
      selection.needs.push_back(needs_among_chosen(stage));
    }
    return selection;
  }

 private:
  // Those stages and all that `next` leads to from them.
  template <typename Next>
  std::vector<bool> reached(std::vector<int> open, Next next) const {
    std::vector<bool> seen(stages_.size(), false);
    while (!open.empty()) {
      const int stage = open.back();
      open.pop_back();
      if (seen[at(stage)]) {
        continue;
      }
      seen[at(stage)] = true;
      const std::vector<int>& further = next(stage);
      open.insert(open.end(), further.begin(), further.end());
    }
    return seen;
  }

  void keep(const std::vector<bool>& wanted, LeftBy who) {
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      if (!wanted[i] && !stages_[i].always) {
        leave_out(i, who);
      }
    }
  }

  void leave_out(std::size_t stage, LeftBy who) {
    if (chosen_[stage]) {
      chosen_[stage] = false;
      left_by_[stage] = who;
    }
  }

  std::string reason(std::size_t stage, const Lane& lane) const {
    if (!in_lane_[stage]) {
      return fmt::format("lane '{}' leaves it out", lane.key);
    }
    switch (left_by_[stage]) {
      case LeftBy::from:
        return "--from leaves it out";
      case LeftBy::until:
        return "--until leaves it out";
      case LeftBy::skip:
        return "--skip leaves it out";
      case LeftBy::request:
      case LeftBy::nobody:
        break;
    }
    return "not asked for";
  }

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
  std::vector<LeftBy> left_by_;  // of those that the lane has
  std::vector<int> position_;    // in the selection
  std::vector<int> seen_by_;     // the last stage whose needs led here
  std::vector<int> open_;
};

// The stages of all those names.
Result<std::vector<int>> find_all(const Workflow& workflow, const std::vector<std::string>& names) {
  std::vector<int> all;
  for (const std::string& name : names) {
    const auto found = stages_named(workflow, name);
    if (!found) {
      return found.error();
    }
    all.insert(all.end(), found->begin(), found->end());
  }
  return all;
}

// The same; the lane must have them.
Result<std::vector<int>> find_in_lane(const Workflow& workflow,
                                      const std::vector<std::string>& names,
                                      const Selector& selector,
                                      const Lane& lane) {
  auto all = find_all(workflow, names);
  if (!all) {
    return all;
  }
  for (const int stage : *all) {
    if (!selector.in_lane(stage)) {
      return Error{
          ErrorCode::invalid_argument,
          fmt::format(
              "run stage '{}': lane '{}' leaves it out", workflow.stages[at(stage)].key, lane.key),
          "name another lane with --lane"};
    }
  }
  return all;
}

// One part of the request: the stages of those names, if any, for `use`.
template <typename Use>
Result<void> apply(Result<std::vector<int>> found, Use use) {
  if (!found) {
    return std::move(found).error();
  }
  if (!found->empty()) {
    use(*found);
  }
  return {};
}

Result<void> choose(const Workflow& workflow,
                    const SelectionRequest& request,
                    const Lane& lane,
                    Selector& selector) {
  const auto find = [&](const std::vector<std::string>& names) {
    return find_in_lane(workflow, names, selector, lane);
  };
  selector.choose_lane();
  for (auto&& done :
       {apply(find(request.only), [&](const auto& stages) { selector.choose_only(stages); }),
        apply(find(request.stages),
              [&](const auto& stages) { selector.choose_with_needs(stages); }),
        apply(find(request.from), [&](const auto& stages) { selector.keep_from(stages); }),
        apply(find(request.until), [&](const auto& stages) { selector.keep_until(stages); }),
        apply(find_all(workflow, request.skip),
              [&](const auto& stages) { selector.skip(stages); })}) {
    if (!done) {
      return done;
    }
  }
  return {};
}

}  // namespace

Result<std::vector<int>> stages_named(const Workflow& workflow, const std::string& name) {
  std::vector<int> found;
  for (std::size_t i = 0; i < workflow.stages.size(); ++i) {
    const Stage& stage = workflow.stages[i];
    if (stage.key == name || (!stage.base.empty() && stage.base == name)) {
      found.push_back(static_cast<int>(i));
    }
  }
  if (found.empty()) {
    return unknown_name("stage", name, stage_names(workflow.stages));
  }
  return found;
}

Result<Selection> select_stages(const Workflow& workflow, const SelectionRequest& request) {
  const auto lane = wanted_lane(workflow, request.lane);
  if (!lane) {
    return lane.error();
  }
  if (!request.only.empty() &&
      !(request.stages.empty() && request.from.empty() && request.until.empty())) {
    return Error{ErrorCode::invalid_argument,
                 "choose stages: '--only' stands alone, without named stages, --from and --until",
                 "name every stage that is to run with an --only of its own"};
  }
  Selector selector(workflow, **lane);
  if (auto chosen = choose(workflow, request, **lane, selector); !chosen) {
    return std::move(chosen).error();
  }
  Selection selection = selector.result(**lane);
  if (selection.stages.empty()) {
    const bool is_narrowed =
        !(request.from.empty() && request.until.empty() && request.skip.empty());
    return Error{ErrorCode::invalid_argument,
                 is_narrowed
                     ? "find a stage to run: what was asked for leaves none"
                     : fmt::format("find a stage to run: lane '{}' takes none", (*lane)->key)};
  }
  return selection;
}

}  // namespace headway
