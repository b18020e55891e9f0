// See stage_environment.hpp.
#include "orchestration/stage_environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace headway {
namespace {

// What a nested Headway, or a stage, must not take over from the run around it.
constexpr std::array<std::string_view, 11> kNotInherited = {"HEADWAY_RUN_ID",
                                                            "HEADWAY_WORKFLOW",
                                                            "HEADWAY_LANE",
                                                            "HEADWAY_CHANGE_ID",
                                                            "HEADWAY_TITLE",
                                                            "HEADWAY_OWNER",
                                                            "HEADWAY_STAGE",
                                                            "HEADWAY_STAGE_ID",
                                                            "HEADWAY_ATTEMPT",
                                                            "HEADWAY_CPUS",
                                                            "HEADWAY_STATE_DIR"};

std::string_view name_of(std::string_view entry) {
  return entry.substr(0, entry.find('='));
}

bool is_inherited(std::string_view entry) {
  const std::string_view name = name_of(entry);
  return std::find(kNotInherited.begin(), kNotInherited.end(), name) == kNotInherited.end() &&
         !name.starts_with("HEADWAY_MATRIX_") && name != "TRACEPARENT";
}

// Replaces the entry of that name among the first `count`, or inserts it there.
void set(std::vector<std::string>& environment,
         std::size_t& count,
         std::string_view name,
         std::string_view value) {
  const auto end = environment.begin() + static_cast<std::ptrdiff_t>(count);
  const auto at = std::find_if(
      environment.begin(), end, [&](const std::string& entry) { return name_of(entry) == name; });
  std::string entry = fmt::format("{}={}", name, value);
  if (at != end) {
    *at = std::move(entry);
  } else {
    environment.insert(end, std::move(entry));
    ++count;
  }
}

constexpr std::size_t kStageFacts = 5;

}  // namespace

StageEnvironment::StageEnvironment(const std::vector<std::string>& inherited,
                                   const EnvironmentList& workflow_env,
                                   const RunFacts& facts)
    : run_id_(facts.run_id) {
  std::copy_if(inherited.begin(), inherited.end(), std::back_inserter(common_), is_inherited);
  facts_at_ = common_.size();
  for (const auto& [name, value] : workflow_env) {
    set(common_, facts_at_, name, value);
  }
  set(common_, facts_at_, "HEADWAY_RUN_ID", facts.run_id);
  set(common_, facts_at_, "HEADWAY_WORKFLOW", facts.workflow);
  set(common_, facts_at_, "HEADWAY_LANE", facts.lane);
  set(common_, facts_at_, "HEADWAY_CHANGE_ID", facts.change_id);
  set(common_, facts_at_, "HEADWAY_TITLE", facts.title);
  set(common_, facts_at_, "HEADWAY_OWNER", facts.owner);
  common_.resize(facts_at_ + kStageFacts);
}

const std::vector<std::string>& StageEnvironment::of(const Stage& stage, int attempt) {
  if (stage.env.empty()) {
    set_facts(common_, stage, attempt);
    return common_;
  }
  for_stage_.assign(common_.begin(), common_.begin() + static_cast<std::ptrdiff_t>(facts_at_));
  std::size_t count = facts_at_;
  for (const auto& [name, value] : stage.env) {
    set(for_stage_, count, name, value);
  }
  set(for_stage_, count, "HEADWAY_RUN_ID", run_id_);  // how strays are found: nobody's to set
  for_stage_.resize(count + kStageFacts);
  set_facts(for_stage_, stage, attempt);
  return for_stage_;
}

void StageEnvironment::set_facts(std::vector<std::string>& environment,
                                 const Stage& stage,
                                 int attempt) const {
  auto slot = environment.end() - static_cast<std::ptrdiff_t>(kStageFacts);
  const int cpus = std::max(1, static_cast<int>(std::floor(stage.resources.cpus)));
  const auto assign = [&slot](std::string_view name, std::string_view value) {
    slot->assign(name).append("=").append(value);
    ++slot;
  };
  assign("HEADWAY_STAGE", stage.key);
  assign("HEADWAY_STAGE_ID", fmt::to_string(stage.stage_id));
  assign("HEADWAY_ATTEMPT", fmt::to_string(attempt));
  assign("HEADWAY_CPUS", fmt::to_string(cpus));
  assign("TRACEPARENT", trace_parent(run_id_, stage.stage_id, attempt));
}

std::string trace_parent(std::string_view run_id, int stage_id, int attempt) {
  std::array<char, 32> trace{};
  std::size_t digits = 0;
  for (std::size_t at = 0; at < run_id.size() && digits < trace.size(); ++at) {
    if (run_id[at] != '-') {
      trace[digits++] = run_id[at];
    }
  }
  const auto span =
      (static_cast<std::uint64_t>(stage_id) + 1) << 20U | static_cast<std::uint64_t>(attempt);
  return fmt::format("00-{}-{:016x}-01", std::string_view(trace.data(), digits), span);
}

}  // namespace headway
