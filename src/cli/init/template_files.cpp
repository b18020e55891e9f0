// Finds a template among the embedded files; see template_files.hpp.
#include "cli/init/template_files.hpp"

#include "cli/init/embedded_templates.hpp"

#include <filesystem>

namespace headway::cli {
namespace {

constexpr std::string_view kRoot = "assets/templates/";

// "change/process/lib.sh" of an embedded file's name.
std::string_view below_root(const EmbeddedFile& file) {
  return file.name.substr(kRoot.size());
}

}  // namespace

std::vector<std::string> template_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_template_files()) {
    const std::string_view path = below_root(file);
    const std::string_view name = path.substr(0, path.find('/'));
    if (names.empty() || names.back() != name) {
      names.emplace_back(name);
    }
  }
  return names;
}

std::vector<NewFile> template_files(std::string_view name, const std::string& workflow_file) {
  const std::string start = std::string(name) + "/";
  const std::filesystem::path folder = std::filesystem::path(workflow_file).parent_path();
  std::vector<NewFile> files;
  for (const EmbeddedFile& file : embedded_template_files()) {
    const std::string_view path = below_root(file);
    if (!path.starts_with(start)) {
      continue;
    }
    const std::string_view inner = path.substr(start.size());
    files.push_back({inner == "headway.yaml" ? workflow_file : (folder / inner).string(),
                     std::string(file.text),
                     file.text.starts_with("#!")});
  }
  return files;
}

}  // namespace headway::cli
