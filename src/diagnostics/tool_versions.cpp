// See tool_versions.hpp.
#include "diagnostics/tool_versions.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace headway {
namespace {

// How the tools of one list tell their version.
struct VersionWords {
  std::string_view words;  // apart by a blank
  std::string_view tools;  // between blanks
};

constexpr std::array<VersionWords, 6> kWords{
    {{"--version",
      " ansible awk bash bazel bison black buf bun bundle cargo ccache clang clang++ clang-format "
      "clang-tidy "
      "cmake composer conan cc c++ cpp cppcheck ctest curl deno docker doxygen dotnet emacs eslint "
      "ffmpeg flake8 flex g++ gcc gcov gdb gh git glab gmake gperf hadolint isort jq ld lld lcov "
      "make markdownlint meson mold mypy mysql nasm ninja node npm nvcc pandoc perl php pip pip3 "
      "pipenv pnpm podman poetry pre-commit prettier protoc psql pyflakes3 pylint pytest python "
      "python3 qmake ruby ruff rustc rustfmt rsync sbt sccache shellcheck shfmt sqlite3 swift tar "
      "terraform tsc uv valgrind wget xcodebuild yamllint yarn zig "},
     {"version", " go helm kustomize "},
     {"version --client", " kubectl "},
     {"-version", " java javac "},
     {"-V", " ssh tmux unzip "},
     {"version ", " openssl "}}};

// One binary that stands for many versions of many programs.
constexpr std::array<std::string_view, 9> kManagers{
    "rustup", "volta-shim", "asdf", "mise", "rtx", "proto", "pyenv", "snap", "busybox"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_version_char(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
         c == '+' || c == '_';
}

// "gcc-12" and "python3.11" are asked like "gcc" and "python3".
std::string_view without_version(std::string_view tool) {
  const std::size_t last = tool.find_last_not_of("0123456789.");
  if (last == std::string_view::npos || last + 1 == tool.size()) {
    return tool;
  }
  std::string_view stem = tool.substr(0, last + 1);
  if (stem.ends_with('-')) {
    stem.remove_suffix(1);
  }
  return stem;
}

std::vector<std::string> words_for(std::string_view tool) {
  const std::string wanted = " " + std::string(tool) + " ";
  for (const VersionWords& words : kWords) {
    if (words.tools.find(wanted) == std::string_view::npos) {
      continue;
    }
    std::vector<std::string> all;
    std::string_view rest = words.words;
    while (!rest.empty()) {
      const std::size_t blank = rest.find(' ');
      all.emplace_back(rest.substr(0, blank));
      rest = blank == std::string_view::npos ? std::string_view() : rest.substr(blank + 1);
    }
    return all;
  }
  return {};
}

// "(Debian 12.2.0-14)" is the package's version, not the program's.
std::string without_parentheses(std::string_view text) {
  std::string out;
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : 0;
    out += depth == 0 ? c : ' ';
    depth -= c == ')' && depth > 0 ? 1 : 0;
  }
  return out;
}

// The first "digits.digits..." of a text.
std::string first_version(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at]) || (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.'))) {
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) {
      ++end;
    }
    if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
      while (end < text.size() && is_version_char(text[end])) {
        ++end;
      }
      while (!is_digit(text[end - 1]) && (text[end - 1] == '.' || text[end - 1] == '-')) {
        --end;
      }
      return std::string(text.substr(at, end - at));
    }
  }
  return "";
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

std::vector<std::string> version_arguments(std::string_view tool) {
  std::vector<std::string> words = words_for(tool);
  return words.empty() ? words_for(without_version(tool)) : words;
}

const std::vector<std::string>& version_environment() {
  static const std::vector<std::string> all{"RUSTUP_AUTO_INSTALL=0",
                                            "GOTOOLCHAIN=local",
                                            "COREPACK_ENABLE_NETWORK=0",
                                            "COREPACK_ENABLE_DOWNLOAD_PROMPT=0",
                                            "NO_UPDATE_NOTIFIER=1",
                                            "CHECKPOINT_DISABLE=1",
                                            "GH_NO_UPDATE_NOTIFIER=1",
                                            "DOTNET_CLI_TELEMETRY_OPTOUT=1",
                                            "PIP_DISABLE_PIP_VERSION_CHECK=1"};
  return all;
}

std::string version_in(std::string_view output) {
  constexpr std::size_t kHead = 600;
  const std::string_view head = output.substr(0, kHead);
  const std::string found = first_version(without_parentheses(head));
  return found.empty() ? first_version(head) : found;
}

bool version_is_fixed(const std::string& file) {
  std::array<char, PATH_MAX> real{};
  if (::realpath(file.c_str(), real.data()) == nullptr) {
    return false;
  }
  const std::string_view name = base_name(real.data());
  const UniqueFd fd(::open(real.data(), O_RDONLY | O_CLOEXEC));
  std::array<char, 2> head{};
  return std::find(kManagers.begin(), kManagers.end(), name) == kManagers.end() && fd &&
         ::read(fd.get(), head.data(), head.size()) == 2 &&
         std::string_view(head.data(), 2) != "#!";
}

VersionCache VersionCache::read(const std::string& path) {
  constexpr std::int64_t kMaxBytes = 1 << 20;
  VersionCache cache;
  const auto text = read_file(path, kMaxBytes);
  const auto json = text ? Json::parse(*text) : Result<Json>(Json());
  if (!json) {
    return cache;
  }
  for (const Json& entry : (*json)["tools"].items()) {
    cache.entries_.push_back(
        {{entry["path"].as_string(), entry["size"].as_integer(), entry["modified_ns"].as_integer()},
         entry["version"].as_string()});
  }
  return cache;
}

std::optional<std::string> VersionCache::find(const ToolFile& file) const {
  for (const Entry& entry : entries_) {
    if (entry.file == file) {
      return entry.version;
    }
  }
  return std::nullopt;
}

void VersionCache::remember(const ToolFile& file, std::string version) {
  if (find(file)) {
    return;
  }
  entries_.push_back({file, std::move(version)});
  if (entries_.size() > kMostEntries) {
    entries_.erase(entries_.begin());
  }
  is_changed_ = true;
}

Result<void> VersionCache::write(const std::string& path) const {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).key("tools").begin_array();
  for (const Entry& entry : entries_) {
    json.begin_object()
        .field("path", entry.file.path)
        .field("size", entry.file.size)
        .field("modified_ns", entry.file.modified_ns)
        .field("version", entry.version)
        .end_object();
  }
  json.end_array().end_object();
  return write_file_atomically(path, text + "\n", Durability::process);
}

}  // namespace headway
