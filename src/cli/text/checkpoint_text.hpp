// Checkpoints as people and programs read them. Pure: knows no store and no disk.
#pragma once

#include "cli/terminal/paint.hpp"
#include "host/checkpoints.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// "before stage 'publish'", "before 'b2c3d4e5' was restored", or what its maker said.
std::string purpose_of(const Checkpoint& checkpoint);
// "3 files, 1 folder, 12 KiB".
std::string amount_of(const Checkpoint& checkpoint);

// `checkpoint list`: newest first.
std::string checkpoints_text(const std::vector<Checkpoint>& all,
                             const Paint& paint,
                             int width,
                             bool verbose);
std::string checkpoints_document(const std::vector<Checkpoint>& all);

// `checkpoint create`.
std::string checkpoint_document(const Checkpoint& checkpoint);

// `checkpoint show`.
std::string entries_text(const Checkpoint& checkpoint,
                         const std::vector<SavedEntry>& entries,
                         const Paint& paint);
std::string entries_document(const Checkpoint& checkpoint, const std::vector<SavedEntry>& entries);

// `checkpoint restore`. The changes one a line, and a summary.
std::string restore_text(const Checkpoint& checkpoint, const RestoreReport& report, bool verbose);
std::string restore_document(const Checkpoint& checkpoint, const RestoreReport& report);

}  // namespace headway::cli
