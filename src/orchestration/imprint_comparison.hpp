// What differs between now and when a stage last succeeded. Pure.
#pragma once

#include "model/stage_cause.hpp"
#include "model/workflow.hpp"
#include "record/stage_imprint.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace headway {

// What counts of a stage beside files: what it runs, where, and the variables that the workflow
// file sets for it, those of the workflow included.
// Its gates count too, with what the lane asks of them.
std::vector<DefinitionPart> definition_of(const Workflow& workflow,
                                          const Lane& lane,
                                          const Stage& stage);

// The same in short: all but the variables, and the variables.
struct DefinitionDigests {
  std::uint64_t definition = 0;
  std::uint64_t environment = 0;
};

// Those of many stages: what the workflow sets for all of them is digested once. Immutable; safe
// from any thread.
class StageDigests {
 public:
  // Both must outlive this.
  StageDigests(const Workflow& workflow, const Lane& lane);

  DefinitionDigests of(const Stage& stage) const;

 private:
  const Workflow& workflow_;
  const Lane& lane_;
  std::map<std::string_view, ContentDigest> variables_;  // of the workflow
  std::uint64_t usual_environment_ = 0;                  // of a stage without any of its own
};

// `now` has the definition and the inputs as they are, and as outputs what is there now of those in
// `last`. up_to_date, with the run's short id as its detail, where nothing differs.
StageCause compare_imprints(const StageImprint& last, const StageImprint& now);

}  // namespace headway
