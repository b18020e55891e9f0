// What the last screen offers to type: the command that repeats a stage of a run, and the one that
// goes on from the run. Knows no workflow file; starts nothing.
#pragma once

#include "cli/project/run_request.hpp"
#include "record/run_state.hpp"

#include <string>
#include <string_view>

namespace headway::cli {

// One word for a shell, on one line whatever is in it: as shell_quote() has it, or $'...' (POSIX
// 2024; bash, zsh, ksh) where a line end or the like is in it.
std::string typed_word(std::string_view text);

// The flags that say how it is run, as they were given: " -j 2 --timeout 10m". Neither what is run
// nor where reports and output go.
std::string how_flags(const RequestFlags& flags);

// What the record knows of the request beside lane and stages: " --skip b --title 'a b'".
std::string fact_flags(const RunState& state);

// " -- ARGS" where the run had some for that stage.
std::string argument_words(const RunState& state, std::string_view key);

// The words behind `headway resume` that go on from that run: "1a2b3c4d --skip publish" where the
// side effects of 'publish' are in doubt. `doubts` gets the keys of such stages.
std::string resume_words(const RunState& state, std::string& doubts);

}  // namespace headway::cli
