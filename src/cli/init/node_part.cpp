// What `headway init` writes for a package.json; see starter_part.hpp.
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/init/starter_part.hpp"

#include <array>
#include <string>

namespace headway::cli {
namespace {

// A script that Headway makes a stage of: the first of the names that package.json has.
struct KnownScript {
  const char* id;
  std::array<const char*, 4> names;
};

constexpr std::array<KnownScript, 5> kScripts{{
    {"build", {"build"}},
    {"lint", {"lint"}},
    {"typecheck", {"typecheck", "type-check", "check-types", "tsc"}},
    {"format", {"format:check", "check-format", "fmt:check", "prettier:check"}},
    {"test", {"test:ci", "test"}},
}};

bool has(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

// npm's own default, which always fails.
bool is_placeholder(std::string_view script) {
  return has(script, "no test specified");
}

bool watches(std::string_view script) {
  return has(script, "--watch") && !has(script, "--watch=false") &&
         !has(script, "--watchAll=false");
}

bool is_modern_yarn(const SourceFolder& folder, std::string_view manager) {
  return folder.has(".yarnrc.yml") ||
         (manager.starts_with("yarn@") && !manager.starts_with("yarn@1"));
}

bool has_dependencies(const Json& package) {
  for (const char* key : {"dependencies", "devDependencies", "optionalDependencies"}) {
    if (!package[key].members().empty()) {
      return true;
    }
  }
  return package.contains("workspaces");
}

// The name of the program, by the lock file and then by what package.json asks for.
std::string manager_of(const SourceFolder& folder, std::string_view asked) {
  if (folder.has("pnpm-lock.yaml")) {
    return "pnpm";
  }
  if (folder.has("yarn.lock")) {
    return "yarn";
  }
  if (folder.has("package-lock.json") || folder.has("npm-shrinkwrap.json")) {
    return "npm";
  }
  return asked.starts_with("pnpm@") ? "pnpm" : asked.starts_with("yarn@") ? "yarn" : "npm";
}

StarterStage install_stage(const SourceFolder& folder, const Json& package) {
  const std::string_view asked = package["packageManager"].as_string();
  const std::string manager = manager_of(folder, asked);
  StarterStage stage{.id = "install", .run = manager + " install", .needs = {}};
  const std::string lock =
      folder.first_of({"pnpm-lock.yaml", "yarn.lock", "npm-shrinkwrap.json", "package-lock.json"});
  if (manager == "npm") {
    stage.run = lock.empty() ? "npm install" : "npm ci";
    stage.inputs = {"package.json"};
    if (!lock.empty()) {
      stage.inputs.push_back(lock);
    }
    stage.outputs = {"node_modules/.package-lock.json"};  // npm writes it last
  } else if (!lock.empty()) {
    stage.run +=
        manager == "yarn" && is_modern_yarn(folder, asked) ? " --immutable" : " --frozen-lockfile";
  }
  return stage;
}

// Adds the stage for a script where package.json has it and it can be run unattended.
void add_script(const KnownScript& known, const Json& package, StarterPart& part) {
  const Json& scripts = package["scripts"];
  for (const char* name : known.names) {
    if (name == nullptr || !scripts.contains(name)) {
      continue;
    }
    const std::string& script = scripts[name].as_string();
    if (is_placeholder(script) || watches(script)) {
      part.notes.push_back("script '" + std::string(name) + "' left out: " +
                           (watches(script) ? "it watches and never ends"
                                            : "it is npm's placeholder, which always fails"));
      continue;
    }
    StarterStage stage{.id = known.id, .run = part.word + " run " + name, .needs = {}};
    if (stage.id == "test" && part.has("build")) {
      stage.needs = {"build"};
    } else if (part.has("install")) {
      stage.needs = {"install"};
    }
    part.stages.push_back(std::move(stage));
    return;
  }
}

}  // namespace

std::optional<StarterPart> node_part(const SourceFolder& folder) {
  if (!folder.has("package.json")) {
    return std::nullopt;
  }
  StarterPart part{.kind = "npm", .word = "npm", .evidence = "package.json"};
  const auto package = Json::parse(folder.text("package.json"));
  if (!package || !package->is_object()) {
    part.notes = {"package.json cannot be read: " +
                  (package ? "it is no object" : package.error().message)};
    return part;
  }
  part.word = manager_of(folder, (*package)["packageManager"].as_string());
  part.kind = part.word;
  if (has_dependencies(*package)) {
    part.stages.push_back(install_stage(folder, *package));
  }
  for (const KnownScript& known : kScripts) {
    add_script(known, *package, part);
  }
  if (part.stages.empty() && part.notes.empty()) {
    part.notes = {"package.json has no script named build, lint, typecheck or test"};
  }
  return part;
}

}  // namespace headway::cli
