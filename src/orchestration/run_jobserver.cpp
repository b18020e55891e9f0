// See run_jobserver.hpp.
#include "orchestration/run_jobserver.hpp"

#include "execution/make_flags.hpp"
#include "host/program_lookup.hpp"

#include <algorithm>
#include <cmath>

namespace headway {
namespace {

// The value of the last entry of that name, or `otherwise`.
std::string_view value_of(const std::vector<std::string>& environment,
                          std::string_view name,
                          std::string_view otherwise) {
  for (auto entry = environment.rbegin(); entry != environment.rend(); ++entry) {
    const std::string_view text = *entry;
    if (text.size() > name.size() && text.starts_with(name) && text[name.size()] == '=') {
      return text.substr(name.size() + 1);
    }
  }
  return otherwise;
}

int budget_of(const RunPlan& plan, double cpus) {
  const JobsRequest& jobs = plan.request.jobs;
  const bool is_asked = jobs.count > 0 || jobs.percent > 0;
  return std::max({1, static_cast<int>(std::ceil(cpus)), is_asked ? plan.limits.slots : 1});
}

bool takes_part(const Stage& stage) {
  return stage.jobserver != StageJobServer::off;
}

// One that knows no jobserver runs as many jobs as it was given CPUs.
int jobs_of(const Stage& stage) {
  return takes_part(stage) ? 1 : std::max(1, static_cast<int>(stage.resources.cpus));
}

// Which styles the stages of a plan ask for.
struct WantedStyles {
  bool automatic = false, pipe = false, fifo = false;
};

WantedStyles wanted_styles(const RunPlan& plan) {
  WantedStyles wanted;
  for (int position = 0; position < plan.size(); ++position) {
    const StageJobServer style = plan.stage(position).jobserver;
    wanted.automatic = wanted.automatic || style == StageJobServer::automatic;
    wanted.pipe = wanted.pipe || style == StageJobServer::pipe;
    wanted.fifo = wanted.fifo || style == StageJobServer::fifo;
  }
  return wanted;
}

}  // namespace

RunJobServer::RunJobServer(const RunPlan& plan, const JobServerPlace& place, std::string& trouble)
    : plan_(plan),
      server_(JobServer::join(value_of(place.environment, "MAKEFLAGS", ""))),
      running_(static_cast<std::size_t>(plan.size())) {
  WantedStyles wanted = wanted_styles(plan);
  if (server_ != nullptr || !(wanted.automatic || wanted.pipe || wanted.fifo)) {
    return;
  }
  const std::string fifo = std::string(place.run_folder) + "/jobserver";
  if (wanted.automatic && fits_make_flags(fifo)) {
    automatic_ = installed_style(value_of(place.environment, "PATH", kDefaultPath));
    wanted.fifo = wanted.fifo || automatic_ == JobServerStyle::fifo;
  }
  auto made = JobServer::create({budget_of(plan, place.cpus), wanted.fifo ? fifo : std::string()});
  if (made) {
    server_ = *std::move(made);
  } else {
    trouble = made.error().message;
  }
}

void RunJobServer::started(int position) {
  if (server_ != nullptr && !running_[static_cast<std::size_t>(position)]) {
    running_[static_cast<std::size_t>(position)] = true;
    const Stage& stage = plan_.stage(position);
    const auto like_it = [&](int other) {
      const Stage& ended = plan_.stage(other);
      return jobs_of(ended) == jobs_of(stage) && takes_part(ended) == takes_part(stage);
    };
    const auto at = std::find_if(ended_.begin(), ended_.end(), like_it);
    if (at != ended_.end()) {
      ended_.erase(at);  // it takes the place of that one: the tokens stay as they are
    } else {
      server_->stage_started(jobs_of(stage), takes_part(stage));
    }
  }
}

void RunJobServer::ended(int position) {
  if (running_[static_cast<std::size_t>(position)]) {
    running_[static_cast<std::size_t>(position)] = false;
    ended_.push_back(position);
  }
}

void RunJobServer::settle() {
  for (const int position : ended_) {
    const Stage& stage = plan_.stage(position);
    server_->stage_ended(jobs_of(stage), takes_part(stage));
  }
  ended_.clear();
}

std::string RunJobServer::make_flags(const Stage& stage, std::string_view existing) const {
  if (server_ == nullptr || !takes_part(stage)) {
    const bool is_dead = jobserver_address(existing) && !is_reachable(existing);
    return is_dead ? without_jobserver(existing) : std::string(existing);
  }
  return server_->make_flags(existing, style_of(stage));
}

std::array<int, 2> RunJobServer::descriptors(const Stage& stage) const {
  if (server_ == nullptr || !takes_part(stage) || style_of(stage) == JobServerStyle::fifo) {
    return {-1, -1};
  }
  return server_->descriptors();
}

JobServerStyle RunJobServer::style_of(const Stage& stage) const {
  if (stage.jobserver == StageJobServer::automatic) {
    return automatic_;
  }
  return stage.jobserver == StageJobServer::fifo ? JobServerStyle::fifo : JobServerStyle::pipe;
}

}  // namespace headway
