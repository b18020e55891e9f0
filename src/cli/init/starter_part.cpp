// All parts of a repository; see starter_part.hpp. The kinds themselves: *_part.cpp.
#include "cli/init/starter_part.hpp"

#include <algorithm>
#include <array>

namespace headway::cli {
namespace {

using PartMaker = std::optional<StarterPart> (*)(const SourceFolder&);

constexpr std::array<PartMaker, 5> kMakers{cmake_part, node_part, python_part, cargo_part, go_part};

bool has_kind(const std::vector<StarterPart>& parts, const StarterPart& part) {
  return std::any_of(parts.begin(), parts.end(), [&part](const StarterPart& other) {
    return other.word == part.word;
  });
}

std::vector<StarterPart> parts_of(const SourceFolder& folder) {
  std::vector<StarterPart> parts;
  for (const PartMaker make : kMakers) {
    if (auto part = make(folder); part) {
      parts.push_back(std::move(*part));
    }
  }
  if (auto part = make_part(folder, parts); part) {
    parts.push_back(std::move(*part));
  }
  for (StarterPart& part : parts) {
    part.folder = folder.path;
  }
  return parts;
}

}  // namespace

bool StarterPart::has(std::string_view id) const {
  return std::any_of(
      stages.begin(), stages.end(), [id](const StarterStage& stage) { return stage.id == id; });
}

std::vector<StarterPart> starter_parts(const SourceFolder& folder) {
  std::vector<StarterPart> parts = parts_of(folder);
  std::vector<StarterPart> inner_parts;
  for (const std::string& name : folder.folders()) {
    for (StarterPart& part : parts_of(folder.below(name))) {
      if (!has_kind(parts, part) && !part.stages.empty()) {
        inner_parts.push_back(std::move(part));
      }
    }
  }
  std::move(inner_parts.begin(), inner_parts.end(), std::back_inserter(parts));
  return parts;
}

}  // namespace headway::cli
