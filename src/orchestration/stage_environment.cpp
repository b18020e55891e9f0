// See stage_environment.hpp.
#include "orchestration/stage_environment.hpp"

#include "host/process_table.hpp"
#include "model/matrix_reader.hpp"
#include "model/trace_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

namespace headway {
namespace {

// What Headway alone says: neither a run around this one nor `env` does. By HEADWAY_RUN_ID and
// HEADWAY_KEEP_BACKGROUND it is known which processes are to end.
constexpr std::array<std::string_view, 12> kFacts = {"HEADWAY_RUN_ID",
                                                     "HEADWAY_WORKFLOW",
                                                     "HEADWAY_LANE",
                                                     "HEADWAY_CHANGE_ID",
                                                     "HEADWAY_TITLE",
                                                     "HEADWAY_OWNER",
                                                     "HEADWAY_STAGE",
                                                     "HEADWAY_STAGE_ID",
                                                     "HEADWAY_ATTEMPT",
                                                     "HEADWAY_CPUS",
                                                     "HEADWAY_KEEP_BACKGROUND",
                                                     "TRACEPARENT"};

bool is_fact(std::string_view name) {
  return std::find(kFacts.begin(), kFacts.end(), name) != kFacts.end();
}

std::string_view name_of(std::string_view entry) {
  return entry.substr(0, entry.find('='));
}

// A nested Headway must not take over the state folder of the run around it either.
bool is_inherited(std::string_view entry) {
  const std::string_view name = name_of(entry);
  return !is_fact(name) && !name.starts_with("HEADWAY_MATRIX_") && name != "HEADWAY_STATE_DIR";
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

void set_all(std::vector<std::string>& environment, std::size_t& count, const EnvironmentList& of) {
  for (const auto& [name, value] : of) {
    if (!is_fact(name)) {
      set(environment, count, name, value);
    }
  }
}

// Removes the entry of that name from the first `count`; its value.
std::optional<std::string> take(std::vector<std::string>& environment,
                                std::size_t& count,
                                std::string_view name) {
  const auto end = environment.begin() + static_cast<std::ptrdiff_t>(count);
  const auto at = std::find_if(
      environment.begin(), end, [&](const std::string& entry) { return name_of(entry) == name; });
  if (at == end) {
    return std::nullopt;
  }
  std::string value = at->substr(std::min(at->size(), name.size() + 1));
  environment.erase(at);
  --count;
  return value;
}

constexpr std::size_t kStageFacts = 5;
constexpr std::string_view kMakeFlags = "MAKEFLAGS";

}  // namespace

std::vector<std::string> inherited_environment(const std::vector<std::string>& environment) {
  std::vector<std::string> taken;
  std::copy_if(environment.begin(), environment.end(), std::back_inserter(taken), is_inherited);
  return taken;
}

StageEnvironment::StageEnvironment(const std::vector<std::string>& inherited,
                                   const EnvironmentList& workflow_env,
                                   const RunFacts& facts,
                                   const RunJobServer* jobserver)
    : run_id_(facts.run_id),
      trace_id_(trace_id_of(facts.run_id, trace_parent_in(inherited))),
      jobserver_(jobserver),
      common_(inherited_environment(inherited)) {
  facts_at_ = common_.size();
  set_all(common_, facts_at_, workflow_env);
  set(common_, facts_at_, "HEADWAY_RUN_ID", facts.run_id);
  set(common_, facts_at_, "HEADWAY_WORKFLOW", facts.workflow);
  set(common_, facts_at_, "HEADWAY_LANE", facts.lane);
  set(common_, facts_at_, "HEADWAY_CHANGE_ID", facts.change_id);
  set(common_, facts_at_, "HEADWAY_TITLE", facts.title);
  set(common_, facts_at_, "HEADWAY_OWNER", facts.owner);
  if (jobserver_ != nullptr) {
    make_flags_ = take(common_, facts_at_, kMakeFlags).value_or("");
  }
  common_.resize(facts_at_ + kStageFacts);
}

const std::vector<std::string>& StageEnvironment::of(const Stage& stage, int attempt) {
  if (stage.env.empty() && stage.matrix.empty() && !stage.keep_background) {
    common_.resize(facts_at_ + kStageFacts);
    set_facts(common_, stage, attempt);
    tell_make_flags(common_, stage, make_flags_);
    return common_;
  }
  for_stage_.assign(common_.begin(), common_.begin() + static_cast<std::ptrdiff_t>(facts_at_));
  std::size_t count = facts_at_;
  set_all(for_stage_, count, stage.env);
  for (const auto& [axis, value] : stage.matrix) {
    set(for_stage_, count, matrix_variable(axis), value);
  }
  if (stage.keep_background) {
    const std::size_t equals = kKeepBackground.find('=');
    set(for_stage_, count, kKeepBackground.substr(0, equals), kKeepBackground.substr(equals + 1));
  }
  std::optional<std::string> own_flags;
  if (jobserver_ != nullptr) {
    own_flags = take(for_stage_, count, kMakeFlags);
  }
  for_stage_.resize(count + kStageFacts);
  set_facts(for_stage_, stage, attempt);
  tell_make_flags(for_stage_, stage, own_flags.value_or(make_flags_));
  return for_stage_;
}

void StageEnvironment::tell_make_flags(std::vector<std::string>& environment,
                                       const Stage& stage,
                                       std::string_view existing) {
  if (jobserver_ == nullptr) {
    return;
  }
  const bool is_usual = stage.env.empty() && stage.jobserver == StageJobServer::automatic;
  if (is_usual && usual_make_flags_) {
    environment.push_back(*usual_make_flags_);
    return;
  }
  if (const std::string flags = jobserver_->make_flags(stage, existing); !flags.empty()) {
    environment.push_back(fmt::format("{}={}", kMakeFlags, flags));
    if (is_usual) {
      usual_make_flags_ = environment.back();
    }
  }
}

void StageEnvironment::set_facts(std::vector<std::string>& environment,
                                 const Stage& stage,
                                 int attempt) const {
  auto slot = environment.end() - static_cast<std::ptrdiff_t>(kStageFacts);
  const int cpus = std::max(1, static_cast<int>(std::floor(stage.resources.cpus)));
  const auto assign = [&slot](std::string_view name) -> std::string& {
    std::string& entry = *slot;
    ++slot;
    return entry.assign(name);
  };
  assign("HEADWAY_STAGE=").append(stage.key);
  assign("HEADWAY_STAGE_ID=").append(std::to_string(stage.stage_id));
  assign("HEADWAY_ATTEMPT=").append(std::to_string(attempt));
  assign("HEADWAY_CPUS=").append(std::to_string(cpus));
  append_trace_parent(
      assign("TRACEPARENT="), trace_id_, span_id_of(run_id_, {stage.stage_id, attempt}));
}

}  // namespace headway
