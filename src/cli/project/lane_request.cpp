// See lane_request.hpp.
#include "cli/project/lane_request.hpp"

#include "base/text.hpp"
#include "change/change_facts.hpp"
#include "change/lane_rules.hpp"
#include "cli/terminal/text_layout.hpp"
#include "model/selection.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cctype>

namespace headway::cli {
namespace {

constexpr const char* kAuto = "auto";
constexpr std::size_t kLongestYes = 10;  // with blanks

bool is_automatic(const RequestFlags& flags) {
  return flags.lane.empty() || flags.lane == kAuto;
}

// A line from the terminal; whether it says yes. Its end (Ctrl-D) says no.
bool says_yes() {
  std::string answer;
  char c = 0;
  while (c != '\n') {
    if (::read(STDIN_FILENO, &c, 1) != 1) {
      write_fully(STDERR_FILENO, "\n");
      return false;
    }
    if (answer.size() < kLongestYes + 1) {
      answer += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  const std::string_view word = trim(answer);
  return word == "y" || word == "yes";
}

// The lane that was named, or the one to take in its place.
Result<std::string> named_lane(const LaneQuestion& question, Console& console) {
  const RequestFlags& flags = question.flags;
  const bool is_known = is_automatic(flags) || question.workflow.find_lane(flags.lane) != nullptr;
  if (flags.lane_fallback.empty()) {
    return flags.lane;
  }
  if (question.workflow.find_lane(flags.lane_fallback) == nullptr) {
    std::vector<std::string> known;
    for (const Lane& lane : question.workflow.lanes) {
      known.push_back(lane.key);
    }
    return Error{ErrorCode::not_found,
                 fmt::format("find lane '{}' of '--lane-fallback'", flags.lane_fallback),
                 "there is: " + join(known, ", ")};
  }
  if (is_known) {
    return flags.lane;
  }
  console.tell(
      fmt::format("no lane '{}': '{}' is taken in its place", flags.lane, flags.lane_fallback));
  return flags.lane_fallback;
}

// Tells code in a lane that is not meant for it; the lane to take.
std::string warned_lane(const LaneQuestion& question,
                        const Change& change,
                        const std::string& name,
                        Console& console) {
  const Lane* lane = question.workflow.find_lane(name);
  const std::string code = code_text(change);
  if (lane == nullptr || !lane->warn_on_code || code.empty() || change.counts_everything) {
    return name;
  }
  console.tell(fmt::format("code changed, and lane '{}' is not meant for it: {}", name, code));
  const std::string& other = question.workflow.default_lane().key;
  if (!question.flags.offers_lane || other == name) {
    return name;
  }
  write_fully(STDERR_FILENO, fmt::format("Take lane '{}' instead? [y/N] ", printable(other)));
  return says_yes() ? other : name;
}

// The first of the stages asked for by name that the lane leaves out; null where it has them all.
const Stage* left_out(const LaneQuestion& question, const Lane& lane) {
  const RequestFlags& flags = question.flags;
  for (const auto* names : {&flags.stages, &flags.only, &flags.from, &flags.until}) {
    for (const std::string& name : *names) {
      for (const int stage : stages_named(question.workflow, name).value_or({})) {
        if (!std::binary_search(lane.stages.begin(), lane.stages.end(), stage)) {
          return &question.workflow.stages[static_cast<std::size_t>(stage)];
        }
      }
    }
  }
  return nullptr;
}

// A stage does: the run records what it was told, for who goes on with it.
bool asks_for_change(const Workflow& workflow) {
  return std::any_of(workflow.stages.begin(), workflow.stages.end(), [](const Stage& stage) {
    return !stage.when.changed.empty();
  });
}

// By what changed; but a stage that a person names is not refused because of a lane that nobody
// named.
LaneDecision chosen_lane(const LaneQuestion& question, const Change& change) {
  LaneDecision decision = choose_lane(question.workflow, change);
  const Lane* lane = question.workflow.find_lane(decision.lane);
  const Lane& fallback = question.workflow.default_lane();
  const Stage* missing = lane == nullptr ? nullptr : left_out(question, *lane);
  if (missing != nullptr && left_out(question, fallback) == nullptr) {
    decision.why = fmt::format("lane '{}' leaves out '{}'", decision.lane, missing->key);
    decision.rule = "named_stages";
    decision.lane = fallback.key;
  }
  return decision;
}

}  // namespace

Result<std::optional<Change>> settle_lane(const LaneQuestion& question,
                                          RunRequest& request,
                                          Console& console) {
  const RequestFlags& flags = question.flags;
  if (!flags.chooses_lane) {
    request.selection.lane = flags.lane;
    return std::optional<Change>();
  }
  const bool automatic = is_automatic(flags);
  auto named = named_lane(question, console);
  if (!named) {
    return std::move(named).error();
  }
  request.selection.lane = automatic ? "" : *named;
  const Lane* lane = question.workflow.find_lane(request.selection.lane);
  const bool may_warn = lane != nullptr && lane->warn_on_code;
  if (!may_warn && !asks_for_change(question.workflow) && flags.base.empty() &&
      !(automatic && needs_change(question.workflow))) {
    return std::optional<Change>();
  }
  auto change = read_change(question.workflow.directory,
                            {.base = flags.base,
                             .with_messages = automatic && needs_messages(question.workflow),
                             .environment = question.environment});
  if (!change) {
    return change.error();
  }
  LaneDecision decision = automatic ? chosen_lane(question, *change)
                                    : LaneDecision{*named, "asked_for", "it was asked for", {}};
  const std::string wanted = warned_lane(question, *change, decision.lane, console);
  if (wanted != decision.lane) {
    decision = {wanted, "switched", "it was taken because code changed", {}};
  }
  request.selection.lane = decision.lane;
  request.change = change_facts(*change, decision);
  return std::optional(std::move(*change));
}

}  // namespace headway::cli
