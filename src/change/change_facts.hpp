// The event change_facts of a change and its lane. Pure.
#pragma once

#include "headway/lanes.hpp"
#include "model/run_event.hpp"

namespace headway {

ChangeFacts change_facts(const Change& change, const LaneDecision& decision);

// Every kind of file there is, in the order of FileRole.
inline constexpr FileRole kFileRoles[] = {
    FileRole::code, FileRole::test, FileRole::docs, FileRole::ci, FileRole::build, FileRole::other};

}  // namespace headway
