// Which stages are proposed for what a folder holds.
#include "cli/init/starter_part.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Texts = std::map<std::string, std::string, std::less<>>;

SourceFolder folder_with(Texts texts) {
  SourceFolder folder;
  for (const auto& [file, text] : texts) {
    folder.files.insert(file);
  }
  folder.texts = std::move(texts);
  return folder;
}

// "id: run" of every stage.
std::vector<std::string> stages(const std::optional<StarterPart>& part) {
  std::vector<std::string> all;
  for (const StarterStage& stage : part ? part->stages : std::vector<StarterStage>()) {
    all.push_back(stage.id + ": " + stage.run);
  }
  return all;
}

std::vector<std::string> node_stages(const std::string& package, Texts more = {}) {
  more["package.json"] = package;
  return stages(node_part(folder_with(std::move(more))));
}

std::vector<std::string> python_stages(Texts texts) {
  return stages(python_part(folder_with(std::move(texts))));
}

TEST(CMakePart, tests_are_run_where_the_project_has_some) {
  const auto part =
      cmake_part(folder_with({{"CMakeLists.txt", "PROJECT (x)\n# no more\nEnable_Testing( )\n"}}));
  EXPECT_THAT(stages(part),
              ElementsAre("configure: cmake -S . -B build/headway",
                          "build: cmake --build build/headway",
                          "test: ctest --test-dir build/headway --output-on-failure"));
  EXPECT_THAT(part->stages[2].needs, ElementsAre("build"));
}

TEST(CMakePart, no_tests_and_no_project_are_told) {
  const auto untested =
      cmake_part(folder_with({{"CMakeLists.txt", "project(x)\n# enable_testing()\n"}}));
  EXPECT_EQ(untested->stages.size(), 2U);
  EXPECT_THAT(untested->notes, ElementsAre(HasSubstr("no test stage")));
  const auto piece = cmake_part(folder_with({{"CMakeLists.txt", "add_library(x x.c)"}}));
  EXPECT_THAT(piece->stages, IsEmpty());
  EXPECT_THAT(piece->notes, ElementsAre(HasSubstr("no project()")));
  EXPECT_FALSE(cmake_part(folder_with({})).has_value());
}

TEST(NodePart, scripts_that_exist_become_stages) {
  EXPECT_THAT(node_stages(R"({"scripts": {"test": "jest", "lint": "eslint .", "dev": "vite"}})"),
              ElementsAre("lint: npm run lint", "test: npm run test"));
  EXPECT_THAT(node_stages(R"({"scripts": {"type-check": "tsc", "format:check": "prettier"}})"),
              ElementsAre("typecheck: npm run type-check", "format: npm run format:check"));
}

TEST(NodePart, npms_failing_default_test_is_left_out) {
  const auto part = node_part(
      folder_with({{"package.json",
                    R"({"scripts": {"test": "echo \"Error: no test specified\" && exit 1"}})"}}));
  EXPECT_THAT(part->stages, IsEmpty());
  EXPECT_THAT(part->notes, ElementsAre(HasSubstr("npm's placeholder")));
}

TEST(NodePart, a_script_that_watches_gives_way_to_one_that_ends) {
  EXPECT_THAT(node_stages(R"({"scripts": {"test": "jest --watch", "test:ci": "jest"}})"),
              ElementsAre("test: npm run test:ci"));
  EXPECT_THAT(node_stages(R"({"scripts": {"test": "jest --watch"}})"), IsEmpty());
}

TEST(NodePart, dependencies_are_installed_by_the_lock_files_program) {
  const std::string package = R"({"dependencies": {"a": "1"}, "scripts": {"build": "tsc"}})";
  EXPECT_THAT(node_stages(package), ElementsAre("install: npm install", "build: npm run build"));
  EXPECT_THAT(node_stages(package, {{"package-lock.json", "{}"}}),
              ElementsAre("install: npm ci", "build: npm run build"));
  EXPECT_THAT(node_stages(package, {{"yarn.lock", ""}}),
              ElementsAre("install: yarn install --frozen-lockfile", "build: yarn run build"));
  EXPECT_THAT(node_stages(package, {{"yarn.lock", ""}, {".yarnrc.yml", ""}}),
              ElementsAre("install: yarn install --immutable", "build: yarn run build"));
  EXPECT_THAT(node_stages(package, {{"pnpm-lock.yaml", ""}}),
              ElementsAre("install: pnpm install --frozen-lockfile", "build: pnpm run build"));
}

TEST(NodePart, package_that_cannot_be_read_is_told) {
  const auto part = node_part(folder_with({{"package.json", "{"}}));
  EXPECT_THAT(part->stages, IsEmpty());
  EXPECT_THAT(part->notes, ElementsAre(HasSubstr("cannot be read")));
}

TEST(PythonPart, pytest_only_where_the_repository_shows_it) {
  const std::string plain = "import unittest\n";
  EXPECT_THAT(python_stages({{"setup.py", ""}, {"tests/test_a.py", plain}}),
              ElementsAre("test: python3 -m unittest discover -s tests"));
  EXPECT_THAT(python_stages({{"setup.py", ""}, {"tests/test_a.py", "import pytest\n"}}),
              ElementsAre("test: python3 -m pytest"));
  EXPECT_THAT(python_stages({{"setup.py", ""}, {"tests/test_a.py", "def test_a(): pass\n"}}),
              ElementsAre("test: python3 -m pytest"));
  EXPECT_THAT(
      python_stages({{"pyproject.toml", "[tool.pytest.ini_options]"}, {"tests/test_a.py", plain}}),
      ElementsAre("test: python3 -m pytest"));
  EXPECT_THAT(python_stages({{"requirements-dev.txt", "pytest>=8\n"},
                             {"requirements.txt", ""},
                             {"uv.lock", ""},
                             {"tests/test_a.py", plain}}),
              ElementsAre("test: uv run pytest"));
}

TEST(PythonPart, unittest_is_told_where_the_packages_begin) {
  const std::string test = "import unittest\n";
  EXPECT_THAT(python_stages({{"setup.py", ""},
                             {"tests/__init__.py", ""},
                             {"tests/unit/__init__.py", ""},
                             {"tests/test_a.py", test},
                             {"tests/unit/test_b.py", test}}),
              ElementsAre("test: python3 -m unittest discover -s tests -t ."));
  EXPECT_THAT(python_stages({{"setup.py", ""}, {"a b/test_a.py", test}, {"test_b.py", test}}),
              ElementsAre("test: python3 -m unittest discover -s 'a b'\n"
                          "python3 -m unittest discover"));
}

TEST(PythonPart, ruff_and_mypy_only_where_configured) {
  EXPECT_THAT(python_stages({{"pyproject.toml", "[tool.ruff.lint]\n[tool.mypy]\nfiles = ['x']\n"}}),
              ElementsAre("lint: ruff check .", "types: mypy"));
  EXPECT_THAT(python_stages({{"mypy.ini", "[mypy]\n"}, {"setup.py", ""}}),
              ElementsAre("types: mypy ."));
}

TEST(PythonPart, code_without_tests_is_compiled_and_src_is_found_by_tests) {
  EXPECT_THAT(python_stages({{"setup.py", ""}, {"a.py", ""}}),
              ElementsAre(HasSubstr("compile: python3 -m compileall -q")));
  const auto part = python_part(folder_with(
      {{"setup.py", ""}, {"src/a/__init__.py", ""}, {"tests/test_a.py", "import unittest\n"}}));
  EXPECT_EQ(part->stages.at(0).env.at(0).second, "src");
  EXPECT_FALSE(python_part(folder_with({{"tool.py", ""}})).has_value());
}

TEST(CargoPart, linters_run_where_they_are_configured) {
  EXPECT_THAT(stages(cargo_part(folder_with({{"Cargo.toml", "[package]\n"}}))),
              ElementsAre("build: cargo build", "test: cargo test"));
  EXPECT_THAT(stages(cargo_part(folder_with(
                  {{"Cargo.toml", "[workspace]\n[workspace.lints]\n"}, {"rustfmt.toml", ""}}))),
              ElementsAre("format: cargo fmt --check",
                          "build: cargo build --workspace",
                          "lint: cargo clippy --workspace",
                          "test: cargo test --workspace"));
}

TEST(GoPart, module_is_built_vetted_and_tested) {
  EXPECT_THAT(stages(go_part(folder_with({{"go.mod", "module x\n"}}))),
              ElementsAre("build: go build ./...", "vet: go vet ./...", "test: go test ./..."));
}

TEST(MakePart, only_targets_that_exist) {
  const auto of = [](const std::string& text) {
    return stages(make_part(folder_with({{"Makefile", text}}), {}));
  };
  EXPECT_THAT(of("app: a.c\ncheck:\n"), ElementsAre("build: make app", "test: make check"));
  EXPECT_THAT(of("help:\nbuild:\nlint:\ntest:\n"),
              ElementsAre("build: make build", "lint: make lint", "test: make test"));
  EXPECT_THAT(of("clean:\ndeploy:\n"), IsEmpty());
  EXPECT_FALSE(make_part(folder_with({{"Makefile", "# CMAKE generated file: x"}}), {}).has_value());
}

TEST(MakePart, target_that_calls_another_parts_tool_is_left_out) {
  const auto part =
      make_part(folder_with({{"Makefile", "all: ; cc a.c\ntest:\n\t$(PYTHON) -m x\n"}}),
                {{.kind = "Python", .word = "python", .evidence = "setup.py"}});
  EXPECT_THAT(stages(part), ElementsAre("build: make all"));
  EXPECT_THAT(part->notes,
              ElementsAre("make test left out: it calls Python, which has its own stages"));
}

TEST(StarterParts, folders_below_add_the_kinds_that_are_not_here) {
  const auto parts = starter_parts(folder_with({{"go.mod", ""},
                                                {"tools/go.mod", ""},
                                                {"web/package.json", R"({"scripts":{"test":"x"}})"},
                                                {"empty/package.json", "{}"}}));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].folder, "");
  EXPECT_EQ(parts[1].folder, "web");
  EXPECT_EQ(parts[1].kind, "npm");
}

}  // namespace
}  // namespace headway::cli
