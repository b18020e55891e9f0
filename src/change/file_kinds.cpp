// classify_file: what a path says of a file. Pure tables; looks at no file.
#include "headway/lanes.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace headway {
namespace {

struct Language {
  std::string_view ending;  // in lower case, without the dot
  std::string_view name;
};

constexpr Language kLanguages[] = {{"c", "C"},
                                   {"h", "C"},
                                   {"cpp", "C++"},
                                   {"cc", "C++"},
                                   {"cxx", "C++"},
                                   {"c++", "C++"},
                                   {"hpp", "C++"},
                                   {"hh", "C++"},
                                   {"hxx", "C++"},
                                   {"ipp", "C++"},
                                   {"ixx", "C++"},
                                   {"cppm", "C++"},
                                   {"cu", "CUDA"},
                                   {"cuh", "CUDA"},
                                   {"m", "Objective-C"},
                                   {"mm", "Objective-C"},
                                   {"py", "Python"},
                                   {"pyi", "Python"},
                                   {"pyx", "Python"},
                                   {"ipynb", "Python"},
                                   {"js", "JavaScript"},
                                   {"jsx", "JavaScript"},
                                   {"mjs", "JavaScript"},
                                   {"cjs", "JavaScript"},
                                   {"ts", "TypeScript"},
                                   {"tsx", "TypeScript"},
                                   {"mts", "TypeScript"},
                                   {"cts", "TypeScript"},
                                   {"vue", "Vue"},
                                   {"svelte", "Svelte"},
                                   {"go", "Go"},
                                   {"rs", "Rust"},
                                   {"java", "Java"},
                                   {"kt", "Kotlin"},
                                   {"kts", "Kotlin"},
                                   {"scala", "Scala"},
                                   {"groovy", "Groovy"},
                                   {"swift", "Swift"},
                                   {"rb", "Ruby"},
                                   {"php", "PHP"},
                                   {"cs", "C#"},
                                   {"fs", "F#"},
                                   {"fsx", "F#"},
                                   {"vb", "Visual Basic"},
                                   {"sh", "Shell"},
                                   {"bash", "Shell"},
                                   {"zsh", "Shell"},
                                   {"fish", "Shell"},
                                   {"ksh", "Shell"},
                                   {"bat", "Batch"},
                                   {"cmd", "Batch"},
                                   {"ps1", "PowerShell"},
                                   {"psm1", "PowerShell"},
                                   {"pl", "Perl"},
                                   {"pm", "Perl"},
                                   {"t", "Perl"},
                                   {"lua", "Lua"},
                                   {"r", "R"},
                                   {"jl", "Julia"},
                                   {"dart", "Dart"},
                                   {"ex", "Elixir"},
                                   {"exs", "Elixir"},
                                   {"erl", "Erlang"},
                                   {"hrl", "Erlang"},
                                   {"hs", "Haskell"},
                                   {"ml", "OCaml"},
                                   {"mli", "OCaml"},
                                   {"clj", "Clojure"},
                                   {"cljs", "Clojure"},
                                   {"el", "Lisp"},
                                   {"lisp", "Lisp"},
                                   {"scm", "Scheme"},
                                   {"zig", "Zig"},
                                   {"nim", "Nim"},
                                   {"d", "D"},
                                   {"v", "Verilog"},
                                   {"sv", "SystemVerilog"},
                                   {"vhd", "VHDL"},
                                   {"vhdl", "VHDL"},
                                   {"f", "Fortran"},
                                   {"f90", "Fortran"},
                                   {"f95", "Fortran"},
                                   {"asm", "Assembly"},
                                   {"s", "Assembly"},
                                   {"sql", "SQL"},
                                   {"proto", "Protocol Buffers"},
                                   {"thrift", "Thrift"},
                                   {"graphql", "GraphQL"},
                                   {"tf", "Terraform"},
                                   {"hcl", "HCL"},
                                   {"nix", "Nix"},
                                   {"sol", "Solidity"},
                                   {"wat", "WebAssembly"},
                                   {"awk", "Awk"},
                                   {"tcl", "Tcl"},
                                   {"coffee", "CoffeeScript"},
                                   {"cr", "Crystal"},
                                   {"pas", "Pascal"},
                                   {"adb", "Ada"},
                                   {"ads", "Ada"},
                                   {"cob", "COBOL"},
                                   {"css", "CSS"},
                                   {"scss", "CSS"},
                                   {"less", "CSS"},
                                   {"sass", "CSS"},
                                   {"html", "HTML"},
                                   {"htm", "HTML"}};

constexpr std::string_view kDocumentEndings[] = {
    "md",      "markdown", "mdx", "rst",  "adoc", "asciidoc", "txt", "text", "org",
    "textile", "pdf",      "odt", "docx", "rtf",  "tex",      "bib", "pod",  "rdoc",
    "1",       "2",        "3",   "4",    "5",    "6",        "7",   "8"};

// Pictures and pages count as documents where documents lie.
constexpr std::string_view kPageEndings[] = {
    "png",  "jpg", "jpeg", "gif", "svg",  "webp", "ico",  "drawio", "puml", "mmd", "dot",
    "html", "htm", "css",  "yml", "yaml", "json", "toml", "csv",    "mp4",  "webm"};

// Names without ending, and their stems ("README.de").
constexpr std::string_view kDocumentNames[] = {
    "readme",          "license",   "licence",     "copying", "notice",    "authors",
    "contributors",    "changelog", "changes",     "history", "news",      "contributing",
    "code_of_conduct", "security",  "maintainers", "todo",    "install",   "thanks",
    "patents",         "roadmap",   "governance",  "support", "codeowners"};

constexpr std::string_view kBuildNames[] = {"makefile",
                                            "gnumakefile",
                                            "cmakelists.txt",
                                            "cmakepresets.json",
                                            "meson.build",
                                            "meson_options.txt",
                                            "meson.options",
                                            "build",
                                            "build.bazel",
                                            "workspace",
                                            "workspace.bazel",
                                            "module.bazel",
                                            "sconstruct",
                                            "sconscript",
                                            "configure",
                                            "configure.ac",
                                            "configure.in",
                                            "package.json",
                                            "package-lock.json",
                                            "npm-shrinkwrap.json",
                                            "yarn.lock",
                                            "pnpm-lock.yaml",
                                            "pnpm-workspace.yaml",
                                            "bun.lockb",
                                            "tsconfig.json",
                                            "lerna.json",
                                            "nx.json",
                                            "turbo.json",
                                            "pyproject.toml",
                                            "setup.py",
                                            "setup.cfg",
                                            "pipfile",
                                            "pipfile.lock",
                                            "poetry.lock",
                                            "tox.ini",
                                            "noxfile.py",
                                            "environment.yml",
                                            "manifest.in",
                                            "cargo.toml",
                                            "cargo.lock",
                                            "go.mod",
                                            "go.sum",
                                            "go.work",
                                            "go.work.sum",
                                            "pom.xml",
                                            "build.gradle",
                                            "build.gradle.kts",
                                            "settings.gradle",
                                            "settings.gradle.kts",
                                            "gradle.properties",
                                            "gradlew",
                                            "gradlew.bat",
                                            "gemfile",
                                            "gemfile.lock",
                                            "rakefile",
                                            "composer.json",
                                            "composer.lock",
                                            "mix.exs",
                                            "mix.lock",
                                            "rebar.config",
                                            "package.swift",
                                            "package.resolved",
                                            "podfile",
                                            "podfile.lock",
                                            "pubspec.yaml",
                                            "pubspec.lock",
                                            "stack.yaml",
                                            "cabal.project",
                                            "build.zig",
                                            "build.sbt",
                                            "flake.nix",
                                            "flake.lock",
                                            "default.nix",
                                            "shell.nix",
                                            "dockerfile",
                                            "containerfile",
                                            "vcpkg.json",
                                            "conanfile.txt",
                                            "conanfile.py",
                                            "justfile",
                                            "taskfile.yml",
                                            "taskfile.yaml",
                                            "deno.json",
                                            "deno.lock",
                                            "robots.txt"};

constexpr std::string_view kBuildEndings[] = {
    "cmake", "mk",      "mak",   "am",  "m4",     "ninja",   "bzl",    "bazel",
    "lock",  "gemspec", "cabal", "sln", "csproj", "fsproj",  "vbproj", "vcxproj",
    "props", "targets", "pri",   "pro", "gradle", "podspec", "spec",   "dockerfile"};

constexpr std::string_view kCiNames[] = {".gitlab-ci.yml",
                                         ".travis.yml",
                                         "jenkinsfile",
                                         "appveyor.yml",
                                         ".appveyor.yml",
                                         ".drone.yml",
                                         "azure-pipelines.yml",
                                         "bitbucket-pipelines.yml",
                                         "cloudbuild.yaml",
                                         ".cirrus.yml",
                                         "headway.yaml",
                                         ".woodpecker.yml",
                                         "buildkite.yml",
                                         ".pre-commit-config.yaml",
                                         ".zuul.yaml",
                                         "wercker.yml",
                                         "codecov.yml",
                                         ".codecov.yml"};

constexpr std::string_view kCiFolders[] = {".github/workflows/",
                                           ".github/actions/",
                                           ".circleci/",
                                           ".gitlab/ci/",
                                           ".buildkite/",
                                           ".azure-pipelines/",
                                           ".woodpecker/",
                                           ".semaphore/",
                                           ".teamcity/"};

constexpr std::string_view kTestFolders[] = {
    "test", "tests", "testing", "__tests__", "spec", "specs", "e2e", "testdata", "fixtures"};

constexpr std::string_view kDocumentFolders[] = {"doc", "docs", "documentation", "man"};

template <std::size_t N>
bool has(const std::string_view (&names)[N], std::string_view name) noexcept {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// A path in lower case, in its parts. Longer ones are judged by their end.
class LoweredPath {
 public:
  explicit LoweredPath(std::string_view path) noexcept {
    if (path.size() > text_.size()) {
      path.remove_prefix(path.size() - text_.size());
    }
    size_ = path.size();
    std::transform(path.begin(), path.end(), text_.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  }

  std::string_view whole() const noexcept { return {text_.data(), size_}; }
  std::string_view name() const noexcept { return whole().substr(whole().rfind('/') + 1); }
  std::string_view ending() const noexcept {
    const std::size_t dot = name().rfind('.');
    return dot == std::string_view::npos || dot == 0 ? "" : name().substr(dot + 1);
  }
  std::string_view stem() const noexcept { return name().substr(0, name().find('.')); }

  template <std::size_t N>
  bool is_below(const std::string_view (&folders)[N]) const noexcept {
    std::string_view rest = whole();
    for (std::size_t slash = rest.find('/'); slash != std::string_view::npos;
         slash = rest.find('/')) {
      if (has(folders, rest.substr(0, slash))) {
        return true;
      }
      rest.remove_prefix(slash + 1);
    }
    return false;
  }

 private:
  std::array<char, 1024> text_{};
  std::size_t size_ = 0;
};

bool is_ci(const LoweredPath& path) noexcept {
  return has(kCiNames, path.name()) ||
         std::any_of(std::begin(kCiFolders), std::end(kCiFolders), [&](std::string_view folder) {
           return path.whole().starts_with(folder);
         });
}

bool is_build(const LoweredPath& path) noexcept {
  const std::string_view name = path.name();
  const bool is_requirements = path.ending() == "txt" && (name.starts_with("requirements") ||
                                                          name.starts_with("constraints") ||
                                                          name.ends_with("requirements.txt"));
  return is_requirements || has(kBuildNames, name) || has(kBuildEndings, path.ending()) ||
         name.starts_with("dockerfile.") || name.starts_with("docker-compose") ||
         name.starts_with("compose.y");
}

// test_x.py, x_test.go, x.test.ts, x.spec.js, XTest.java, x_spec.rb.
bool is_test_name(const LoweredPath& path, std::string_view original) noexcept {
  const std::string_view name = path.name();
  const std::string_view stem = name.substr(0, name.rfind('.'));
  const std::string_view spelled = original.substr(0, original.rfind('.'));
  for (const std::string_view ending : {"_test", ".test", "-test", "_spec", ".spec", "_tests"}) {
    if (stem.ends_with(ending)) {
      return true;
    }
  }
  return stem.starts_with("test_") || stem == "conftest" || spelled.ends_with("Test") ||
         spelled.ends_with("Tests");
}

std::string_view language_of(std::string_view ending) noexcept {
  const auto found =
      std::find_if(std::begin(kLanguages), std::end(kLanguages), [ending](const Language& known) {
        return known.ending == ending;
      });
  return found == std::end(kLanguages) ? std::string_view() : found->name;
}

bool is_document(const LoweredPath& path) noexcept {
  const bool has_ending = !path.ending().empty();
  return has(kDocumentEndings, path.ending()) ||
         (has(kDocumentNames, path.stem()) && language_of(path.ending()).empty()) ||
         (path.is_below(kDocumentFolders) && (!has_ending || has(kPageEndings, path.ending())));
}

}  // namespace

std::string_view to_string(FileRole kind) noexcept {
  switch (kind) {
    case FileRole::code:
      return "code";
    case FileRole::test:
      return "test";
    case FileRole::docs:
      return "docs";
    case FileRole::ci:
      return "ci";
    case FileRole::build:
      return "build";
    case FileRole::other:
      return "other";
  }
  return "other";
}

FileClass classify_file(std::string_view path, bool executable) noexcept {
  const LoweredPath lowered(path);
  const std::string_view language = language_of(lowered.ending());
  if (is_ci(lowered)) {
    return {FileRole::ci, language};
  }
  if (is_build(lowered)) {
    return {FileRole::build, language};
  }
  // A page of the documentation is written in HTML, and is no code.
  const bool is_page = lowered.is_below(kDocumentFolders) && has(kPageEndings, lowered.ending());
  if (!language.empty() && !is_page) {
    const bool tests = lowered.is_below(kTestFolders) || is_test_name(lowered, path);
    return {tests ? FileRole::test : FileRole::code, language};
  }
  if (executable && lowered.ending().empty()) {
    return {lowered.is_below(kTestFolders) ? FileRole::test : FileRole::code, "script"};
  }
  if (is_document(lowered)) {
    return {FileRole::docs, {}};
  }
  return {lowered.is_below(kTestFolders) ? FileRole::test : FileRole::other, {}};
}

long long Change::lines_added() const noexcept {
  long long sum = 0;
  for (const ChangedFile& file : files) {
    sum += file.lines_added;
  }
  return sum;
}

long long Change::lines_deleted() const noexcept {
  long long sum = 0;
  for (const ChangedFile& file : files) {
    sum += file.lines_deleted;
  }
  return sum;
}

long long Change::count(FileRole kind) const noexcept {
  return std::count_if(files.begin(), files.end(), [kind](const ChangedFile& file) {
    return classify_file(file.path, file.executable).kind == kind;
  });
}

std::vector<LanguageCount> code_in(const Change& change) {
  std::map<std::string_view, int> counts;
  for (const ChangedFile& file : change.files) {
    if (const std::string_view language = classify_file(file.path, file.executable).language;
        !language.empty()) {
      ++counts[language];
    }
  }
  std::vector<LanguageCount> all;
  for (const auto& [language, files] : counts) {
    all.push_back({language, files});
  }
  std::stable_sort(all.begin(), all.end(), [](const LanguageCount& a, const LanguageCount& b) {
    return a.files > b.files;
  });
  return all;
}

}  // namespace headway
