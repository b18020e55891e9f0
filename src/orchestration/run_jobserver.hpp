// RunJobServer: the jobserver of one run: whose it is, its budget, and what each stage is told of
// it. Starts nothing.
#pragma once

#include "execution/jobserver.hpp"
#include "orchestration/run_plan.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Where a run stands.
struct JobServerPlace {
  std::string_view run_folder;                  // exists
  double cpus = 1;                              // that this process may use
  const std::vector<std::string>& environment;  // of this process, "NAME=value"
};

// One budget for all stages of a run. Under an outer jobserver it is that one, and each stage
// beyond the first holds a token of it; else one of its own, with as many jobs as there are CPUs,
// or as stages were asked for at once where those are more. Not synchronised.
class RunJobServer {
 public:
  // Where none can be had, `trouble` says why, and stages run without. `plan` must outlive this.
  RunJobServer(const RunPlan& plan, const JobServerPlace& place, std::string& trouble);

  // An attempt of that stage (position in the plan) is about to start, or is over. A second start
  // is nothing, and so is an end without a start. A stage that begins where one like it has just
  // ended takes its place at no cost; what else has ended is told to the server by settle(), once
  // all that begins is told.
  void started(int position);
  void ended(int position);
  void settle();
  // MAKEFLAGS for a stage whose environment has `existing` there (empty: it is not set).
  std::string make_flags(const Stage& stage, std::string_view existing) const;
  // What that stage's process must inherit; -1: nothing.
  std::array<int, 2> descriptors(const Stage& stage) const;

 private:
  JobServerStyle style_of(const Stage& stage) const;

  const RunPlan& plan_;
  JobServerStyle automatic_ = JobServerStyle::pipe;
  std::unique_ptr<JobServer> server_;  // null: there is none
  std::vector<bool> running_;          // by position
  std::vector<int> ended_;             // not yet told to the server
};

}  // namespace headway
