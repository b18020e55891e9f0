// How the books of a run and the end of an attempt become a StageExecutionResult. Pure.
#pragma once

#include "execution/attempt_end.hpp"
#include "execution/backend.hpp"
#include "headway/executor.hpp"
#include "orchestration/attempt_verdict.hpp"
#include "orchestration/stage_runs.hpp"

namespace headway {

// What an event says of a callable that threw, as a program would that reports it.
inline constexpr int kThrewExitCode = 1;

// An attempt of a program's stage, as the books take it; the caller sets the task, the attempt and
// the duration.
Exit exit_of(const AttemptEnd& end);
EndSigns signs_of(const AttemptEnd& end);

// What an attempt left (but for `value`): its exception, type and text. Those of the attempt before
// it come back in `end`, so that the caller destroys them where it likes.
void take_attempt(StageExecutionResult& result, AttemptEnd& end);

// What the books say of the stage now.
void take_record(StageExecutionResult& result, const StageRecord& record);

}  // namespace headway
