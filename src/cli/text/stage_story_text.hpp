// A StageStory in words and as JSON: what `headway why` says. Knows no stream.
#pragma once

#include "base/secrets.hpp"
#include "cli/terminal/paint.hpp"
#include "record/stage_story.hpp"

#include <string>

namespace headway::cli {

// For people: what became of the stage, then a line for each reason. The story has the stage.
// `workflow` (may be null) knows the locks.
std::string stage_story_text(const StageStory& story, const Workflow* workflow, const Paint& paint);

// The document of `why --json`; the story need not have the stage.
std::string stage_story_document(const StageStory& story,
                                 const std::string& key,
                                 const Workflow* workflow);

}  // namespace headway::cli
