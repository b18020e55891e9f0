// `inputs` and `outputs` of a stage. Knows nothing of the rest of it, and looks at no file.
#pragma once

#include "model/value_reader.hpp"

namespace headway {

// A list of globs; every one that is none is told at its place. False, with `out` left alone, where
// there is a mistake.
bool read_globs(ValueReader& reader, const FileField& field, std::vector<std::string>& out);
void read_inputs(ValueReader& reader, const FileField& field, StageFiles& out);
void read_outputs(ValueReader& reader, const FileField& field, StageFiles& out);

// Paths that are saved before the stage. Problems: one that leads out of the workflow's folder, is
// git's or Headway's own, or looks like a glob.
void read_checkpoint(ValueReader& reader, const FileField& field, std::vector<std::string>& out);

// What the two must be together, once the stage `entry` has been read.
void check_files(ValueReader& reader, const YamlEntry& entry, const Stage& stage);

}  // namespace headway
