// See files_reader.hpp.
#include "model/files_reader.hpp"

#include "base/path_patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
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

// Why a checkpoint cannot hold that path, which is normal; or null.
const char* unsuited_path(const std::filesystem::path& path) {
  const std::string text = path.string();
  if (path.is_absolute() || *path.begin() == "..") {
    return "lies outside of the workflow file's folder";
  }
  if (text.find('*') != std::string::npos || text.find('?') != std::string::npos) {
    return "is no path: a folder stands for all that is in it";
  }
  if (*path.begin() == ".headway" || std::find(path.begin(), path.end(), ".git") != path.end()) {
    return "is never saved: it is git's or Headway's own";
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

void read_checkpoint(ValueReader& reader, const FileField& field, std::vector<std::string>& out) {
  std::vector<std::string> paths;
  if (!reader.read_names(field, "path", paths)) {
    return;
  }
  if (paths.empty()) {
    reader.problems().add(field.value.at(),
                          fmt::format("{} is empty: leave it out", describe(field)));
  }
  std::size_t number = 0;
  bool good = true;
  for (const YamlNode& item : field.value.items()) {
    std::string& text = paths[number++];
    const auto path = std::filesystem::path(text).lexically_normal();
    if (const char* why = unsuited_path(path)) {
      reader.problems().add(item.at(),
                            fmt::format("{}: '{}' {}", describe(field), shown(text), why));
      good = false;
    }
    text = path.string();
    if (text.size() > 1 && text.ends_with('/')) {
      text.pop_back();
    }
  }
  if (good) {
    out = std::move(paths);
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
