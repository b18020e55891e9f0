// See files_reader.hpp.
#include "model/files_reader.hpp"

#include "base/path_patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway {
namespace {

// The value of that key; null where there is none.
const YamlNode* find(const YamlNode& mapping, std::string_view wanted) {
  for (const auto& [key, value] : mapping.entries()) {
    if (key.text == wanted) {
      return &value;
    }
  }
  return nullptr;
}

}  // namespace

bool read_globs(ValueReader& reader, const FileField& field, std::vector<std::string>& out) {
  std::vector<std::string> globs;
  if (!reader.read_names(field, "glob", globs)) {
    return false;
  }
  bool good = true;
  std::size_t number = 0;
  for (const YamlNode& item : field.value.items()) {
    if (const auto patterns = PathPatterns::parse({globs[number++]}); !patterns) {
      reader.problems().add(item.at(),
                            fmt::format("{}: {}", describe(field), patterns.error().message));
      good = false;
    }
  }
  const bool only_leaves_out =
      !globs.empty() && std::all_of(globs.begin(), globs.end(), [](const std::string& glob) {
        return glob.starts_with('!');
      });
  if (only_leaves_out) {
    reader.problems().add(
        field.value.at(),
        fmt::format("{} only leaves out: begin with a glob of what is meant", describe(field)));
    good = false;
  }
  if (good) {
    out = std::move(globs);
  }
  return good;
}

void read_inputs(ValueReader& reader, const FileField& field, StageFiles& out) {
  out.declared = read_globs(reader, field, out.inputs);
}

void read_outputs(ValueReader& reader, const FileField& field, StageFiles& out) {
  if (read_globs(reader, field, out.outputs) && out.outputs.empty()) {
    reader.problems().add(field.value.at(),
                          fmt::format("{} is empty: leave it out", describe(field)));
  }
}

// Without inputs nothing tells whether a stage with outputs is up to date; with neither it always
// would be.
void check_files(ValueReader& reader, const YamlEntry& entry, const Stage& stage) {
  const YamlNode* inputs = find(entry.value, "inputs");
  const YamlNode* outputs = find(entry.value, "outputs");
  const std::string who = describe(Owner{"stage", entry.key.text});
  if (!stage.files.outputs.empty() && inputs == nullptr) {
    reader.problems().add(outputs->at(),
                          fmt::format("{} has 'outputs' and no 'inputs': say what it reads, or "
                                      "'inputs: []' where nothing but its definition counts",
                                      who));
  }
  if (stage.files.declared && stage.files.inputs.empty() && outputs == nullptr) {
    reader.problems().add(
        inputs->at(),
        fmt::format("{} has empty 'inputs' and no 'outputs': it would never run again", who));
  }
}

}  // namespace headway
