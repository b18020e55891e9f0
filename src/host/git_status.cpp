// See git_status.hpp.
#include "host/git_status.hpp"

#include "base/text.hpp"
#include "host/git_questions.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace headway {
namespace {

constexpr std::string_view kHead = "# branch.head ";
constexpr std::string_view kUpstream = "# branch.upstream ";
// Some hundred thousand paths; what is unmerged and untracked comes last.
constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr std::string_view kAheadBehind = "# branch.ab +";

// What stands after so many blanks.
std::string path_after(std::string_view entry, int blanks) {
  for (int i = 0; i < blanks; ++i) {
    const std::size_t at = entry.find(' ');
    if (at == std::string_view::npos) {
      return "";
    }
    entry.remove_prefix(at + 1);
  }
  return std::string(entry);
}

// "+1 -2" without its plus.
void read_ahead_behind(std::string_view text, GitStatus& status) {
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, status.ahead);
  if (error == std::errc() && end - after > 2) {
    std::from_chars(after + 2, end, status.behind);
  }
}

void read_header(std::string_view entry, GitStatus& status) {
  if (entry.starts_with(kHead)) {
    entry.remove_prefix(kHead.size());
    status.branch = entry == "(detached)" ? "" : entry;
  } else if (entry.starts_with(kUpstream)) {
    status.upstream = entry.substr(kUpstream.size());
  } else if (entry.starts_with(kAheadBehind)) {
    read_ahead_behind(entry.substr(kAheadBehind.size()), status);
  }
}

}  // namespace

GitStatus parse_git_status(std::string_view text) {
  // Blanks before the path of each kind of entry.
  constexpr int kOrdinary = 8;
  constexpr int kRenamed = 9;
  constexpr int kUnmerged = 10;
  GitStatus status;
  status.is_answered = true;
  bool is_old_name = false;  // after a rename comes the old name
  for (const std::string_view entry : split(text, '\0')) {
    if (std::exchange(is_old_name, false) || entry.size() < 3) {
      continue;
    }
    switch (entry[0]) {
      case '#':
        read_header(entry, status);
        break;
      case '1':
        status.changed.push_back(path_after(entry, kOrdinary));
        break;
      case '2':
        status.changed.push_back(path_after(entry, kRenamed));
        is_old_name = true;
        break;
      case 'u':
        status.unmerged.push_back(path_after(entry, kUnmerged));
        break;
      case '?':
        status.untracked.emplace_back(entry.substr(2));
        break;
      default:
        break;
    }
  }
  return status;
}

GitStatus ask_git_status(const GitQuestion& question) {
  QuickCommand command;
  // Whatever the user's settings: no daemon is started, and no untracked file is kept back.
  command.argv = {question.git,
                  "--no-optional-locks",
                  "-c",
                  "core.fsmonitor=false",
                  "status",
                  "--porcelain=v2",
                  "--branch",
                  "-z",
                  question.each_untracked ? "--untracked-files=all" : "--untracked-files=normal"};
  for (const std::string& entry : question.environment) {
    if (!is_order_to_git(entry)) {
      command.environment.push_back(entry);
    }
  }
  command.directory = question.directory;
  command.most_output = kMostBytes;
  command.patience = question.patience;
  command.stop = question.stop;
  const QuickAnswer answer = run_quick_command(command);
  if (answer.is_good() && !answer.is_cut) {
    return parse_git_status(answer.output);
  }
  GitStatus status;
  status.is_late = answer.is_late;
  if (answer.is_cut) {
    status.trouble = fmt::format("more than {} MiB, which is not read", kMostBytes >> 20);
    return status;
  }
  const std::string_view said = trim(answer.output);
  status.trouble = said.substr(0, said.find('\n'));
  return status;
}

}  // namespace headway
