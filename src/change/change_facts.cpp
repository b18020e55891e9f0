// See change_facts.hpp.
#include "change/change_facts.hpp"

namespace headway {

ChangeFacts change_facts(const Change& change, const LaneDecision& decision) {
  ChangeFacts facts;
  facts.lane = decision.lane;
  facts.rule = decision.rule;
  facts.why = decision.why;
  facts.base = change.base;
  facts.base_source = change.base_source;
  facts.files = change.knows_files ? static_cast<std::int64_t>(change.files.size()) : -1;
  facts.lines_added = change.knows_lines ? change.lines_added() : -1;
  facts.lines_deleted = change.knows_lines ? change.lines_deleted() : -1;
  for (const FileRole kind : kFileRoles) {
    if (const std::int64_t files = change.count(kind); files > 0) {
      facts.by_kind.emplace_back(to_string(kind), files);
    }
  }
  return facts;
}

}  // namespace headway
