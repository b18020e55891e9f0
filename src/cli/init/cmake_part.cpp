// What `headway init` writes for a CMake project; see starter_part.hpp.
#include "base/text.hpp"
#include "cli/init/starter_part.hpp"

#include <algorithm>
#include <cctype>

namespace headway::cli {
namespace {

// Lower case, without comments and spaces: commands of CMake know no case.
std::string commands_of(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    for (const char c : line.substr(0, line.find('#'))) {
      if (std::isspace(static_cast<unsigned char>(c)) == 0) {
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
    out += '\n';
  }
  return out;
}

bool is_tested(std::string_view commands) {
  return commands.find("enable_testing()") != std::string_view::npos ||
         commands.find("include(ctest)") != std::string_view::npos;
}

}  // namespace

std::optional<StarterPart> cmake_part(const SourceFolder& folder) {
  if (!folder.has("CMakeLists.txt")) {
    return std::nullopt;
  }
  const std::string commands = commands_of(folder.text("CMakeLists.txt"));
  StarterPart part{.kind = "CMake", .word = "cmake", .evidence = "CMakeLists.txt"};
  if (commands.find("project(") == std::string::npos) {
    part.notes = {"CMakeLists.txt has no project(): it is a part of another project"};
    return part;
  }
  // A folder of its own: one that is there was configured by someone, with settings of theirs.
  const std::string build = folder.has("build") ? "cmake-build-headway" : "build/headway";
  part.stages = {
      {.id = "configure", .run = "cmake -S . -B " + build, .needs = {}},
      {.id = "build", .run = "cmake --build " + build, .needs = {"configure"}},
  };
  if (is_tested(commands)) {
    part.stages.push_back({.id = "test",
                           .run = "ctest --test-dir " + build + " --output-on-failure",
                           .needs = {"build"}});
  } else {
    part.notes = {"no test stage: CMakeLists.txt has neither enable_testing() nor include(CTest)"};
  }
  return part;
}

}  // namespace headway::cli
