// Hints at work: see the header.
#include "diagnostics/naming.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "diagnostics/package_names.hpp"
#include "host/port_holder.hpp"

#include <fmt/format.h>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

namespace headway {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kModeBits = 07777;
constexpr std::size_t kMaxPasswordEntry = 16384;

std::vector<std::string> programs_in(const std::string& path) {
  std::vector<std::string> names;
  for (const std::string_view folder : split(path, ':')) {
    std::error_code error;
    for (fs::directory_iterator at(fs::path(folder), error), end; !error && at != end;
         at.increment(error)) {
      names.push_back(at->path().filename().string());
    }
  }
  return names;
}

// The program in `path` whose name is nearest to `command`; not `command` itself, which may be
// there now, or not be executable.
std::string nearest_program(const std::string& command, const std::string& path) {
  const std::vector<std::string> names = programs_in(path);
  std::vector<std::string_view> candidates;
  for (const std::string& name : names) {
    if (name != command) {
      candidates.push_back(name);
    }
  }
  return nearest_name(command, candidates).value_or("");
}

std::string user_of(uid_t uid) {
  std::array<char, kMaxPasswordEntry> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return fmt::format("uid {}", uid);
  }
  return entry.pw_name;
}

std::string owner_of(const std::string& path) {
  struct stat facts = {};
  if (stat(path.c_str(), &facts) != 0) {
    return {};
  }
  return fmt::format("owned by {}, mode {:04o}", user_of(facts.st_uid), facts.st_mode & kModeBits);
}

std::string holder_of(const std::string& port, const std::string& proc) {
  constexpr int kMaxPort = 65535;
  const int number = std::atoi(port.c_str());
  if (number < 1 || number > kMaxPort || proc.empty()) {
    return {};
  }
  const auto holder = find_port_holder(number, proc);
  return holder ? fmt::format("{} (pid {})", holder->program, holder->pid) : std::string();
}

// A module's first part: "yaml" of "yaml.loader".
std::string first_part(const std::string& module) {
  return module.substr(0, module.find('.'));
}

void add_command(const std::string& command, const NamingPlaces& places, NamedTexts& texts) {
  if (command.find('/') != std::string::npos) {
    return;
  }
  texts["package"] = command_package_of(command);
  if (texts["package"].empty()) {
    texts["nearest"] = nearest_program(command, places.path);
  }
}

}  // namespace

NamingPlaces NamingPlaces::here() {
  const char* const path = std::getenv("PATH");
  return {.path = path == nullptr ? "" : path, .proc = "/proc", .directory = current_directory()};
}

NamedTexts named_texts(const RuleHit& hit, const NamingPlaces& places) {
  NamedTexts texts = hit.captures;
  const auto input = texts.find(input_of(hit.rule->hint));
  if (input == texts.end()) {
    return texts;
  }
  const std::string name = input->second;
  switch (hit.rule->hint) {
    case RuleHint::none:
      break;
    case RuleHint::python_package:
      texts["package"] = python_package_of(first_part(name));
      break;
    case RuleHint::node_package:
      texts["package"] = node_package_of(name);
      break;
    case RuleHint::header_package:
      texts["package"] = header_package_of(name);
      break;
    case RuleHint::library_package:
      texts["package"] = library_package_of(name);
      break;
    case RuleHint::command:
      add_command(name, places, texts);
      break;
    case RuleHint::port:
      texts["holder"] = holder_of(name, places.proc);
      break;
    case RuleHint::path:
      texts["owner"] = owner_of(absolute_path(places.directory, name));
      break;
  }
  return texts;
}

}  // namespace headway
