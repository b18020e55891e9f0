// What `headway init` writes for a Python project; see starter_part.hpp.
#include "base/text.hpp"
#include "cli/init/starter_part.hpp"

#include <algorithm>
#include <array>

namespace headway::cli {
namespace {

constexpr std::array kRequirements{
    "requirements.txt", "requirements-dev.txt", "dev-requirements.txt", "test-requirements.txt"};

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

// As unittest and pytest both find them, of those that were read.
std::vector<std::string> test_files(const SourceFolder& folder) {
  std::vector<std::string> found;
  for (const auto& [file, text] : folder.texts) {
    if (file.ends_with(".py") && name_of(file).starts_with("test") && !text.empty()) {
      found.push_back(file);
    }
  }
  return found;
}

// Functions outside classes, or the word itself: unittest would not run these.
bool is_for_pytest(std::string_view test) {
  return test.find("import pytest") != std::string_view::npos ||
         test.find("from pytest") != std::string_view::npos || test.starts_with("def test_") ||
         test.find("\ndef test_") != std::string_view::npos;
}

// A dependency on it, or its configuration.
bool names_pytest(const SourceFolder& folder) {
  if (!folder.first_of({"pytest.ini", ".pytest.ini", "conftest.py", "tests/conftest.py"}).empty()) {
    return true;
  }
  const bool is_required =
      std::any_of(kRequirements.begin(), kRequirements.end(), [&folder](const char* file) {
        return folder.says(file, "pytest");
      });
  return is_required || folder.says("pyproject.toml", "pytest") ||
         folder.says("setup.cfg", "pytest") || folder.says("setup.py", "pytest") ||
         folder.says("tox.ini", "[pytest]") || folder.says("Pipfile", "pytest");
}

// How programs of the project's environment are started.
std::string runner_of(const SourceFolder& folder) {
  constexpr std::array<std::pair<const char*, const char*>, 4> kRunners{
      {{"uv.lock", "uv run "},
       {"poetry.lock", "poetry run "},
       {"pdm.lock", "pdm run "},
       {"Pipfile", "pipenv run "}}};
  for (const auto& [file, runner] : kRunners) {
    if (folder.has(file)) {
      return runner;
    }
  }
  return "";
}

// What `unittest discover` must be told to find these: a package's tests from the folder of its
// outermost package, the others from their own folder.
std::vector<std::string> discoveries(const SourceFolder& folder,
                                     const std::vector<std::string>& tests) {
  std::vector<std::string> found;
  const auto is_package = [&folder](const std::string& path) {
    return !path.empty() && folder.has(path + "/__init__.py");
  };
  for (const std::string& test : tests) {
    std::string start = folder_of(test);
    std::string words;
    if (is_package(start)) {
      while (is_package(folder_of(start))) {
        start = folder_of(start);
      }
      const std::string top = folder_of(start);
      words = " -s " + shell_quote(start) + " -t " + (top.empty() ? "." : shell_quote(top));
    } else if (!start.empty()) {
      words = " -s " + shell_quote(start);
    }
    if (std::find(found.begin(), found.end(), words) == found.end()) {
      found.push_back(words);
    }
  }
  return found;
}

StarterStage test_stage(const SourceFolder& folder, const std::vector<std::string>& tests) {
  const std::string runner = runner_of(folder);
  const bool uses_pytest =
      names_pytest(folder) || std::any_of(tests.begin(), tests.end(), [&](const std::string& test) {
        return is_for_pytest(folder.text(test));
      });
  StarterStage stage{.id = "test", .run = "", .needs = {}};
  if (uses_pytest) {
    stage.run = runner.empty() ? "python3 -m pytest" : runner + "pytest";
    return stage;
  }
  for (const std::string& words : discoveries(folder, tests)) {
    stage.run += stage.run.empty() ? "" : "\n";
    stage.run += (runner.empty() ? "python3" : runner + "python") + " -m unittest discover" + words;
  }
  return stage;
}

// Packages in src/ are found without being installed.
bool has_source_folder(const SourceFolder& folder) {
  return std::any_of(folder.files.begin(), folder.files.end(), [](const std::string& file) {
    return file.starts_with("src/") && file.ends_with("/__init__.py");
  });
}

void add_linters(const SourceFolder& folder, StarterPart& part) {
  const std::string runner = runner_of(folder);
  if (folder.says("pyproject.toml", "[tool.ruff") ||
      !folder.first_of({"ruff.toml", ".ruff.toml"}).empty()) {
    part.stages.push_back({.id = "lint", .run = runner + "ruff check .", .needs = {}});
  }
  const bool is_typed = folder.says("pyproject.toml", "[tool.mypy") ||
                        folder.says("setup.cfg", "[mypy") ||
                        !folder.first_of({"mypy.ini", ".mypy.ini"}).empty();
  if (is_typed) {
    // Where the configuration says which files, none are named here.
    const bool says_files = folder.says("pyproject.toml", "\nfiles =") ||
                            folder.says("pyproject.toml", "\npackages =") ||
                            folder.says("mypy.ini", "\nfiles") ||
                            folder.says("setup.cfg", "\nfiles");
    part.stages.push_back(
        {.id = "types", .run = runner + (says_files ? "mypy" : "mypy ."), .needs = {}});
  }
}

// All code is at least compiled where there is nothing else to do with it.
void add_compile(const SourceFolder& folder, StarterPart& part) {
  const bool has_code = std::any_of(folder.files.begin(),
                                    folder.files.end(),
                                    [](const std::string& file) { return file.ends_with(".py"); });
  if (has_code) {
    part.stages.push_back(
        {.id = "compile",
         .run = "python3 -m compileall -q -x '/(\\.|venv/|node_modules/|build/)' .",
         .needs = {}});
  } else {
    part.notes.push_back(part.evidence + " is here, but no Python code");
  }
}

}  // namespace

std::optional<StarterPart> python_part(const SourceFolder& folder) {
  const std::vector<std::string> tests = test_files(folder);
  std::string evidence = folder.first_of({"pyproject.toml",
                                          "setup.py",
                                          "setup.cfg",
                                          "requirements.txt",
                                          "Pipfile",
                                          "tox.ini",
                                          "pytest.ini"});
  if (evidence.empty() && !tests.empty() && folder.path.empty()) {
    evidence = tests.front();
  }
  if (evidence.empty()) {
    return std::nullopt;
  }
  StarterPart part{.kind = "Python", .word = "python", .evidence = evidence};
  add_linters(folder, part);
  if (!tests.empty()) {
    part.stages.push_back(test_stage(folder, tests));
    if (has_source_folder(folder)) {
      part.stages.back().env = {{"PYTHONPATH", "src"}};
    }
  } else if (part.stages.empty()) {
    add_compile(folder, part);
  }
  return part;
}

}  // namespace headway::cli
