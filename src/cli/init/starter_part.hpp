// StarterPart: what `headway init` proposes for one kind of project in one folder, and the kinds it
// knows. Pure: it sees a SourceFolder, no disk. Knows no YAML.
#pragma once

#include "cli/init/source_folder.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headway::cli {

// A stage to be. Its id and needs are within the part.
struct StarterStage {
  std::string id;
  std::string run;                 // as `sh -e -c` takes it
  std::vector<std::string> needs;  // ids of stages before it
  std::vector<std::pair<std::string, std::string>> env{};
  std::vector<std::string> inputs{}, outputs{};  // globs, relative to the part's folder
  std::string lock{};                            // resources: {locks: [...]}
};

// One tool's stages in one folder. A part without stages has a note that says why.
struct StarterPart {
  std::string kind;      // "CMake"
  std::string word;      // "cmake": where an id must tell whose it is
  std::string evidence;  // "CMakeLists.txt"
  std::string folder{};  // as SourceFolder::path
  std::vector<StarterStage> stages{};
  std::vector<std::string> notes{};  // what was left out, and why: a sentence each

  bool has(std::string_view id) const;
};

// Each: nothing where the folder is no project of that kind.
std::optional<StarterPart> cmake_part(const SourceFolder& folder);
// npm, yarn or pnpm, by the lock file; the scripts that package.json has.
std::optional<StarterPart> node_part(const SourceFolder& folder);
// pytest only where the repository shows it, else unittest; ruff and mypy where configured.
std::optional<StarterPart> python_part(const SourceFolder& folder);
std::optional<StarterPart> cargo_part(const SourceFolder& folder);
std::optional<StarterPart> go_part(const SourceFolder& folder);
// Targets that exist. One that only calls the tool of an `other` part is left out: it would do the
// same work twice, at the same time in the same files.
std::optional<StarterPart> make_part(const SourceFolder& folder,
                                     const std::vector<StarterPart>& others);

// Of the folder itself, then of folders right below it, there only kinds that the folder itself is
// not.
std::vector<StarterPart> starter_parts(const SourceFolder& folder);

}  // namespace headway::cli
