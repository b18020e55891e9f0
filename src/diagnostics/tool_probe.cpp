// See tool_probe.hpp.
#include "diagnostics/tool_probe.hpp"

#include "base/files.hpp"
#include "host/program_lookup.hpp"
#include "host/quick_command.hpp"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <array>
#include <string_view>

namespace headway {
namespace {

// Whether a file lies below a folder, through links.
bool lies_below(const std::string& file, const std::string& folder) {
  std::array<char, PATH_MAX> real{};
  const char* resolved = ::realpath(file.c_str(), real.data());
  return file.starts_with(folder + "/") ||
         (resolved != nullptr && std::string_view(resolved).starts_with(folder + "/"));
}

void ask_version(const ToolQuestion& question, ToolFacts& facts) {
  if (question.version_words.empty() || !may_be_started(facts.file, question.unasked_folder)) {
    return;
  }
  QuickCommand command;
  command.argv = {facts.file};
  command.argv.insert(
      command.argv.end(), question.version_words.begin(), question.version_words.end());
  command.environment = question.environment;
  command.environment.insert(
      command.environment.end(), version_environment().begin(), version_environment().end());
  command.patience = question.patience;
  command.stop = question.stop;
  const QuickAnswer answer = run_quick_command(command);
  facts.was_asked = true;
  facts.is_late = answer.is_late;
  facts.version = answer.is_good() ? version_in(answer.output) : "";
}

}  // namespace

bool may_be_started(const std::string& file, const std::string& unasked_folder) {
  return unasked_folder.empty() || !lies_below(file, unasked_folder);
}

ToolFacts look_at_tool(const ToolQuestion& question) {
  ToolFacts facts;
  facts.name = question.name;
  const auto found = find_program(question.name, {question.path, question.directory});
  if (!found) {
    facts.trouble =
        found.error().code == ErrorCode::io ? found.error().message : "not found in PATH";
    return facts;
  }
  facts.file = absolute_path(question.directory, *found);
  struct stat status {};
  if (::stat(facts.file.c_str(), &status) != 0) {  // (a name with a slash is not looked up)
    facts.file.clear();
    facts.trouble = "there is no such file";
    return facts;
  }
  facts.size = status.st_size;
  facts.modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  if (question.cache != nullptr) {
    if (const auto known = question.cache->find({facts.file, facts.size, facts.modified_ns})) {
      facts.version = *known;
      facts.is_remembered = true;
      return facts;
    }
  }
  ask_version(question, facts);
  return facts;
}

}  // namespace headway
