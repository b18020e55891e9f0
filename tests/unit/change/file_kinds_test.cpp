// What a path says of a file.
#include "headway/lanes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

FileRole kind(std::string_view path, bool executable = false) {
  return classify_file(path, executable).kind;
}

TEST(ClassifyFile, common_languages_are_code) {
  for (const auto& [path, language] : {std::pair{"src/a.cpp", "C++"},
                                       std::pair{"include/a.hpp", "C++"},
                                       std::pair{"cmd/main.go", "Go"},
                                       std::pair{"src/lib.rs", "Rust"},
                                       std::pair{"src/A.java", "Java"},
                                       std::pair{"run.sh", "Shell"},
                                       std::pair{"app/Main.kt", "Kotlin"},
                                       std::pair{"App.swift", "Swift"},
                                       std::pair{"x.py", "Python"},
                                       std::pair{"x.ts", "TypeScript"},
                                       std::pair{"X.PY", "Python"},
                                       std::pair{"web/index.html", "HTML"}}) {
    EXPECT_EQ(kind(path), FileRole::code) << path;
    EXPECT_EQ(classify_file(path).language, language) << path;
  }
}

TEST(ClassifyFile, text_for_people_is_a_document) {
  for (const char* path : {"README",
                           "README.md",
                           "docs/a.rst",
                           "notes.txt",
                           "LICENSE",
                           "LICENSE.MIT",
                           "doc/picture.png",
                           "docs/_config.yml",
                           "docs/index.html",
                           "man/headway.1",
                           "tests/README.md",
                           "doc/Makefile.md",
                           "SECURITY.md"}) {
    EXPECT_EQ(kind(path), FileRole::docs) << path;
    EXPECT_TRUE(classify_file(path).language.empty()) << path;
  }
}

TEST(ClassifyFile, lock_and_requirement_files_are_no_documents) {
  for (const char* path : {"requirements.txt",
                           "requirements-dev.txt",
                           "docs/requirements.txt",
                           "constraints.txt",
                           "CMakeLists.txt",
                           "poetry.lock",
                           "Cargo.lock",
                           "package-lock.json",
                           "go.sum",
                           "yarn.lock",
                           "Makefile",
                           "Dockerfile"}) {
    EXPECT_EQ(kind(path), FileRole::build) << path;
  }
}

TEST(ClassifyFile, a_script_below_docs_is_code) {
  EXPECT_EQ(kind("docs/build.sh"), FileRole::code);
  EXPECT_EQ(kind("docs/conf.py"), FileRole::code);
  EXPECT_EQ(kind("docs/generate", true), FileRole::code);
  EXPECT_EQ(kind("docs/generate", false), FileRole::docs);
  EXPECT_EQ(classify_file("bin/tool", true).language, "script");
}

TEST(ClassifyFile, tests_are_known_by_place_and_by_name) {
  for (const char* path : {"tests/a.cpp",
                           "pkg/a_test.go",
                           "src/test_a.py",
                           "src/a.spec.ts",
                           "src/ATest.java",
                           "spec/a_spec.rb",
                           "tests/data/x.json"}) {
    EXPECT_EQ(kind(path), FileRole::test) << path;
  }
  EXPECT_EQ(kind("src/latest.py"), FileRole::code);
  EXPECT_EQ(kind("src/contest/a.go"), FileRole::code);
}

TEST(ClassifyFile, ci_files_are_known) {
  for (const char* path : {".github/workflows/ci.yml",
                           ".gitlab-ci.yml",
                           "Jenkinsfile",
                           ".circleci/config.yml",
                           "headway.yaml"}) {
    EXPECT_EQ(kind(path), FileRole::ci) << path;
  }
}

TEST(ClassifyFile, everything_else_is_other) {
  EXPECT_EQ(kind("assets/logo.png"), FileRole::other);
  EXPECT_EQ(kind("data.csv"), FileRole::other);
  EXPECT_EQ(kind(""), FileRole::other);
  EXPECT_EQ(kind(std::string(5000, 'a') + "/x.py"), FileRole::code);
}

TEST(CodeIn, languages_are_counted_most_first) {
  Change change;
  for (const char* path : {"a.py", "b.py", "c.sh", "README.md"}) {
    change.files.push_back({.path = path});
  }
  const auto found = code_in(change);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].language, "Python");
  EXPECT_EQ(found[0].files, 2);
  EXPECT_EQ(found[1].language, "Shell");
}

TEST(CodeIn, a_docs_change_has_none_and_one_python_file_is_one) {
  Change change;
  change.files.push_back({.path = "docs/a.txt"});
  EXPECT_TRUE(code_in(change).empty());
  change.files.push_back({.path = "main.py"});
  ASSERT_EQ(code_in(change).size(), 1U);
  EXPECT_EQ(code_in(change)[0].files, 1);
}

}  // namespace
}  // namespace headway
