// What `headway init` writes for a Cargo project; see starter_part.hpp.
#include "cli/init/starter_part.hpp"

namespace headway::cli {

std::optional<StarterPart> cargo_part(const SourceFolder& folder) {
  if (!folder.has("Cargo.toml")) {
    return std::nullopt;
  }
  StarterPart part{.kind = "Cargo", .word = "cargo", .evidence = "Cargo.toml"};
  const std::string all = folder.says("Cargo.toml", "[workspace]") ? " --workspace" : "";
  // Two cargos wait for each other at the target folder: the lock lets the slot go to others.
  const std::string lock = "cargo-target";
  if (!folder.first_of({"rustfmt.toml", ".rustfmt.toml"}).empty()) {
    part.stages.push_back({.id = "format", .run = "cargo fmt --check", .needs = {}});
  }
  part.stages.push_back({.id = "build", .run = "cargo build" + all, .needs = {}, .lock = lock});
  const bool is_linted = folder.says("Cargo.toml", "[lints") ||
                         folder.says("Cargo.toml", "[workspace.lints") ||
                         !folder.first_of({"clippy.toml", ".clippy.toml"}).empty();
  if (is_linted) {
    part.stages.push_back(
        {.id = "lint", .run = "cargo clippy" + all, .needs = {"build"}, .lock = lock});
  }
  part.stages.push_back(
      {.id = "test", .run = "cargo test" + all, .needs = {"build"}, .lock = lock});
  return part;
}

}  // namespace headway::cli
