// What `headway init` writes for a Go module; see starter_part.hpp.
#include "cli/init/starter_part.hpp"

namespace headway::cli {

std::optional<StarterPart> go_part(const SourceFolder& folder) {
  if (!folder.has("go.mod")) {
    return std::nullopt;
  }
  StarterPart part{.kind = "Go", .word = "go", .evidence = "go.mod"};
  part.stages = {{.id = "build", .run = "go build ./...", .needs = {}},
                 {.id = "vet", .run = "go vet ./...", .needs = {"build"}},
                 {.id = "test", .run = "go test ./...", .needs = {"build"}}};
  if (!folder.first_of({".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"})
           .empty()) {
    part.stages.push_back({.id = "lint", .run = "golangci-lint run", .needs = {"build"}});
  }
  return part;
}

}  // namespace headway::cli
