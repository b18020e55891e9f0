// The workflow file as a file: found, opened, parsed. Knows nothing of single keys.
#include "model/workflow_file.hpp"

#include "base/files.hpp"
#include "model/workflow_reader.hpp"
#include "model/yaml_parser.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

constexpr std::string_view kFileName = "headway.yaml";
constexpr std::string_view kLocalFileName = "headway-local.yaml";

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

}  // namespace

LoadedWorkflow parse_workflow(std::string_view text, std::string file, std::string directory) {
  LoadedWorkflow loaded;
  ProblemList problems(file);
  loaded.workflow.file = std::move(file);
  loaded.workflow.directory = std::move(directory);
  if (const auto document = parse_yaml(text, problems)) {
    read_workflow(document->root(), problems, loaded.workflow);
  }
  loaded.problems = problems.take();
  return loaded;
}

Result<LoadedWorkflow> load_workflow(const std::string& path) {
  auto text = read_file(path, static_cast<std::int64_t>(kMaxYamlBytes));
  if (!text) {
    return std::move(text).error();
  }
  const std::string folder = parent_of(absolute_path(current_directory(), path));
  LoadedWorkflow loaded = parse_workflow(*text, path, folder);
  if (const std::string local = fmt::format("{}/{}", folder, kLocalFileName); path_exists(local)) {
    loaded.problems.push_back(
        {local, {1, 1}, "overriding keys from this file is not built yet: move it away", "", true});
  }
  return loaded;
}

Result<std::string> find_workflow_file(const std::string& start) {
  std::string folder = absolute_path(current_directory(), start);
  while (true) {
    std::string path =
        folder == "/" ? fmt::format("/{}", kFileName) : fmt::format("{}/{}", folder, kFileName);
    if (path_exists(path)) {
      return path;
    }
    if (folder == "/") {
      break;
    }
    folder = parent_of(folder);
  }
  return Error{ErrorCode::not_found,
               fmt::format("no {} in {} or a folder above it", kFileName, start),
               "'headway init' writes one; -f FILE names another"};
}

}  // namespace headway
