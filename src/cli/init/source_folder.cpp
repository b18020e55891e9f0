// Looks at a folder for `headway init`; see source_folder.hpp. Knows no kind of project.
#include "cli/init/source_folder.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace headway::cli {
namespace {

constexpr std::size_t kMaxNames = 20'000;
constexpr int kMaxDepth = 4;
constexpr std::int64_t kMaxText = 256 * 1024;
constexpr int kMaxTests = 200;

// Filled by tools, or by others.
constexpr std::array kLeftOut{"node_modules",
                              "__pycache__",
                              "build",
                              "dist",
                              "target",
                              "vendor",
                              "third_party",
                              "venv",
                              "site-packages"};

// Files by whose text a project is known, in any folder.
constexpr std::array kDescribing{"CMakeLists.txt",
                                 "package.json",
                                 "pyproject.toml",
                                 "setup.py",
                                 "setup.cfg",
                                 "tox.ini",
                                 "Pipfile",
                                 "requirements.txt",
                                 "Cargo.toml",
                                 "go.mod",
                                 "GNUmakefile",
                                 "makefile",
                                 "Makefile",
                                 "requirements-dev.txt",
                                 "mypy.ini",
                                 "dev-requirements.txt",
                                 "test-requirements.txt"};

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_left_out(const std::string& folder) {
  return folder.starts_with('.') ||
         std::find(kLeftOut.begin(), kLeftOut.end(), folder) != kLeftOut.end();
}

bool is_describing(std::string_view path) {
  return std::find(kDescribing.begin(), kDescribing.end(), name_of(path)) != kDescribing.end();
}

bool is_python_test(std::string_view path) {
  const std::string_view name = name_of(path);
  return name.ends_with(".py") && (name.starts_with("test") || name.ends_with("_test.py"));
}

void collect_names(const std::string& directory, SourceFolder& found) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(directory, options, error), end;
       !error && at != end && found.files.size() < kMaxNames;
       at.increment(error)) {
    std::error_code ignored;
    if (at->is_directory(ignored)) {
      if (at.depth() + 1 >= kMaxDepth || is_left_out(at->path().filename().string())) {
        at.disable_recursion_pending();
      }
    } else {
      found.files.insert(at->path().lexically_relative(directory).generic_string());
    }
  }
}

}  // namespace

std::string_view SourceFolder::text(std::string_view file) const {
  const auto found = texts.find(file);
  return found == texts.end() ? std::string_view() : std::string_view(found->second);
}

std::string SourceFolder::first_of(std::initializer_list<std::string_view> names) const {
  const auto found =
      std::find_if(names.begin(), names.end(), [this](std::string_view name) { return has(name); });
  return found == names.end() ? "" : std::string(*found);
}

bool SourceFolder::says(std::string_view file, std::string_view words) const {
  return text(file).find(words) != std::string_view::npos;
}

SourceFolder SourceFolder::below(std::string_view folder) const {
  const std::string start = std::string(folder) + "/";
  SourceFolder inner;
  inner.path = path.empty() ? std::string(folder) : path + "/" + std::string(folder);
  for (auto at = files.lower_bound(start); at != files.end() && at->starts_with(start); ++at) {
    inner.files.insert(at->substr(start.size()));
  }
  for (auto at = texts.lower_bound(start); at != texts.end() && at->first.starts_with(start);
       ++at) {
    inner.texts.emplace(at->first.substr(start.size()), at->second);
  }
  return inner;
}

std::vector<std::string> SourceFolder::folders() const {
  std::vector<std::string> names;
  for (const std::string& file : files) {
    const std::size_t slash = file.find('/');
    if (slash != std::string::npos && (names.empty() || names.back() != file.substr(0, slash))) {
      names.push_back(file.substr(0, slash));
    }
  }
  return names;
}

SourceFolder read_source_folder(const std::string& directory) {
  SourceFolder found;
  collect_names(directory, found);
  int tests = 0;
  for (const std::string& file : found.files) {
    if (!is_describing(file) && !(is_python_test(file) && ++tests <= kMaxTests)) {
      continue;
    }
    if (auto text = read_file(directory + "/" + file, kMaxText); text) {
      found.texts.emplace(file, std::move(*text));
    }
  }
  return found;
}

}  // namespace headway::cli
