// The workflow file as a file: found, opened, parsed. Knows nothing of single keys.
#include "model/workflow_file.hpp"

#include "base/files.hpp"
#include "model/workflow_reader.hpp"
#include "model/yaml_overlay.hpp"
#include "model/yaml_parser.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

namespace headway {
namespace {

constexpr std::string_view kFileName = "headway.yaml";
constexpr std::string_view kLocalFileName = "headway-local.yaml";

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

// The keys of the local file in the place of those in the document; the mistakes of its own syntax.
std::vector<Problem> put_over(YamlDocument& document,
                              const LocalText& local,
                              ProblemList& problems) {
  ProblemList own(local.file);
  if (!says_anything(local.text)) {
    return {};
  }
  const auto over = parse_yaml(local.text, own);
  if (over && !over->root().is_mapping() && !over->root().is_null()) {
    own.add(over->root().at(), "the file must be a mapping of the keys that it overrides");
  } else if (over) {
    const int source = problems.add_file(local.file);
    document = overlay_yaml(std::move(document), *over, static_cast<std::uint8_t>(source));
  }
  return own.take();
}

// Git tells paths without links, and globs are compared with those.
std::string without_links(const std::string& folder) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(folder, error);
  return error ? folder : real.string();
}

// What stands beside the workflow file, if anything: a link that leads nowhere is a mistake too,
// and a pipe would be waited for.
Result<std::optional<LocalText>> read_local(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  LocalText local;
  local.file = (slash == std::string::npos ? "" : path.substr(0, slash + 1));
  local.file += kLocalFileName;
  struct stat status {};
  if (::lstat(local.file.c_str(), &status) != 0) {
    return std::optional<LocalText>();
  }
  if (::stat(local.file.c_str(), &status) == 0 && S_ISFIFO(status.st_mode)) {
    return Error{ErrorCode::invalid_argument, fmt::format("read {}: it is a pipe", local.file)};
  }
  auto text = read_file(local.file, static_cast<std::int64_t>(kMaxYamlBytes));
  if (!text) {
    return std::move(text).error();
  }
  local.text = std::move(*text);
  return std::optional(std::move(local));
}

}  // namespace

LoadedWorkflow parse_workflow(std::string_view text, std::string file, std::string directory) {
  return parse_workflow(text, std::move(file), std::move(directory), std::nullopt);
}

LoadedWorkflow parse_workflow(std::string_view text,
                              std::string file,
                              std::string directory,
                              const std::optional<LocalText>& local) {
  LoadedWorkflow loaded;
  ProblemList problems(file);
  loaded.workflow.file = std::move(file);
  loaded.workflow.directory = std::move(directory);
  auto document = parse_yaml(text, problems);
  std::vector<Problem> of_local;
  if (local && document) {
    of_local = put_over(*document, *local, problems);
  }
  if (document) {
    read_workflow(document->root(), problems, loaded.workflow);
  }
  loaded.problems = problems.take();
  loaded.problems.insert(loaded.problems.end(), of_local.begin(), of_local.end());
  return loaded;
}

Result<LoadedWorkflow> load_workflow(const std::string& path) {
  auto text = read_file(path, static_cast<std::int64_t>(kMaxYamlBytes));
  if (!text) {
    return std::move(text).error();
  }
  const std::string folder = without_links(parent_of(absolute_path(current_directory(), path)));
  auto local = read_local(path);
  if (!local) {
    return std::move(local).error();
  }
  return parse_workflow(*text, path, folder, *local);
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
