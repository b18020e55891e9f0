// Which workflow file and state folder a command works on; see project.hpp. Knows no run.
#include "cli/project/project.hpp"

#include "base/files.hpp"
#include "cli/terminal/text_layout.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace headway::cli {
namespace {

Project project_of(std::string file, std::string directory, const GlobalOptions& options) {
  StateFolder state = state_folder(directory, options.settings.state_directory);
  return {std::move(file), std::move(directory), std::move(state)};
}

}  // namespace

Result<Project> find_project(const GlobalOptions& options, bool file_needed) {
  const std::string& here = options.start;
  std::string file;
  if (!options.file.empty()) {
    file = absolute_path(here, options.file);
    if (!path_exists(file)) {
      return Error{ErrorCode::not_found, fmt::format("no workflow file '{}'", short_path(file))};
    }
  } else if (auto found = find_workflow_file(here); found) {
    file = absolute_path(here, *found);
  } else if (file_needed) {
    return std::move(found).error();
  } else {
    return project_of("", here, options);
  }
  return project_of(file, std::filesystem::path(file).parent_path().string(), options);
}

std::optional<Workflow> load_checked(const Project& project, Console& console) {
  auto loaded = load_workflow(short_path(project.file));
  if (!loaded) {
    console.tell(loaded.error());
    return std::nullopt;
  }
  for (const Problem& problem : loaded->problems) {
    console.tell_line(to_string(problem));
  }
  return loaded->valid() ? std::optional<Workflow>(std::move(loaded->workflow)) : std::nullopt;
}

std::string short_path(std::string_view path) {
  const std::filesystem::path relative =
      std::filesystem::path(path).lexically_relative(current_directory());
  const std::string text = relative.string();
  return text.empty() || text.starts_with("../..") ? std::string(path) : text;
}

}  // namespace headway::cli
