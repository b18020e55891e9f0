// What `headway init` writes for a Makefile; see starter_part.hpp.
#include "base/text.hpp"
#include "cli/init/make_targets.hpp"
#include "cli/init/starter_part.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace headway::cli {
namespace {

// Not what `make` alone should do in a run, where it stands first.
constexpr std::array kNoBuild{"help",  "clean",  "distclean", "install", "uninstall", "run",
                              "start", "deploy", "publish",   "release", "test",      "check",
                              "lint",  "format", "fmt",       "docs",    "serve",     "dev",
                              "watch", "upload", "push",      "up",      "down"};

// A kind's programs, as recipes name them; lower case.
std::vector<std::string_view> programs_of(std::string_view word) {
  if (word == "python") {
    return {"python", "pytest", "ruff", "mypy", "tox", "uv ", "poetry"};
  }
  if (word == "go") {
    return {"go build", "go test", "go vet", "$(go)", "golangci"};
  }
  return word == "cmake" ? std::vector<std::string_view>{"cmake", "ctest"}
                         : std::vector<std::string_view>{word};
}

// The tool of another part that the recipe calls; "" for none.
std::string called_tool(const MakeTarget& target, const std::vector<StarterPart>& others) {
  std::string recipe = target.recipe;
  std::transform(recipe.begin(), recipe.end(), recipe.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  for (const StarterPart& other : others) {
    for (const std::string_view program : programs_of(other.word)) {
      if (recipe.find(program) != std::string::npos) {
        return other.kind;
      }
    }
  }
  return "";
}

const MakeTarget* find(const std::vector<MakeTarget>& targets, std::string_view name) {
  const auto found = std::find_if(
      targets.begin(), targets.end(), [name](const MakeTarget& t) { return t.name == name; });
  return found == targets.end() ? nullptr : &*found;
}

// `all`, `build`, or what `make` alone makes.
const MakeTarget* build_target(const std::vector<MakeTarget>& targets) {
  for (const char* name : {"all", "build"}) {
    if (const MakeTarget* target = find(targets, name); target != nullptr) {
      return target;
    }
  }
  const bool is_harmless =
      !targets.empty() &&
      std::find(kNoBuild.begin(), kNoBuild.end(), targets.front().name) == kNoBuild.end();
  return is_harmless ? &targets.front() : nullptr;
}

}  // namespace

std::optional<StarterPart> make_part(const SourceFolder& folder,
                                     const std::vector<StarterPart>& others) {
  const std::string file = folder.first_of({"GNUmakefile", "makefile", "Makefile"});
  if (file.empty() || folder.says(file, "# CMAKE generated file")) {
    return std::nullopt;
  }
  const std::vector<MakeTarget> targets = make_targets(folder.text(file));
  StarterPart part{.kind = "Make", .word = "make", .evidence = file};
  const auto add = [&](const char* id, const MakeTarget* target) {
    if (target == nullptr) {
      return;
    }
    if (const std::string tool = called_tool(*target, others); !tool.empty()) {
      part.notes.push_back("make " + target->name + " left out: it calls " + tool +
                           ", which has its own stages");
      return;
    }
    StarterStage stage{.id = id, .run = "make " + target->name, .needs = {}};
    if (std::string_view(id) == "test" && part.has("build")) {
      stage.needs = {"build"};
    }
    part.stages.push_back(std::move(stage));
  };
  add("build", build_target(targets));
  add("lint", find(targets, "lint"));
  const MakeTarget* test = find(targets, "test");
  add("test", test == nullptr ? find(targets, "check") : test);
  if (part.stages.empty() && part.notes.empty()) {
    part.notes = {file + " has no target all, build, lint, test or check"};
  }
  return part;
}

}  // namespace headway::cli
