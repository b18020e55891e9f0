// See commit_log.hpp.
#include "change/commit_log.hpp"

#include "host/git_questions.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {
namespace {

CommitPolicy policy_named(std::string_view name, CommitPolicy fallback) {
  return name == "accept"   ? CommitPolicy::accept
         : name == "check"  ? CommitPolicy::check
         : name == "refuse" ? CommitPolicy::refuse
                            : fallback;
}

// "ID PARENT PARENT\nMESSAGE".
LoggedCommit parse_one(std::string_view record) {
  const std::size_t end = record.find('\n');
  const std::string_view head = record.substr(0, end);
  const std::size_t space = head.find(' ');
  LoggedCommit commit;
  commit.id = head.substr(0, space);
  commit.is_merge =
      space != std::string_view::npos && head.find(' ', space + 1) != std::string_view::npos;
  commit.message = end == std::string_view::npos ? std::string_view() : record.substr(end + 1);
  return commit;
}

}  // namespace

std::vector<std::string> commit_log_words(const std::string& range) {
  return {"log", "-z", "--encoding=UTF-8", "--format=tformat:%H %P%n%B", range, "--"};
}

CommitLog parse_commit_log(std::string_view output) {
  CommitLog log;
  log.text.assign(output.begin(), output.end());
  std::string_view rest(log.text.data(), log.text.size());
  while (!rest.empty()) {
    const std::size_t end = rest.find('\0');
    log.commits.push_back(parse_one(rest.substr(0, end)));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return log;
}

Result<CommitLog> read_commit_log(const std::string& directory, const std::string& range) {
  if (range.empty() || range.starts_with('-')) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("read '{}' as a range of commits", range),
                 "give two revisions as main..HEAD"};
  }
  const GitAnswer answer = std::move(ask_git(directory, {commit_log_words(range)}).front());
  if (!answer.is_good()) {
    return Error{answer.is_missing || answer.is_large ? ErrorCode::unsupported
                 : answer.is_late                     ? ErrorCode::timeout
                                                      : ErrorCode::not_found,
                 fmt::format("read the commits of '{}': {}", range, answer.trouble()),
                 answer.is_missing ? ""
                 : answer.is_large ? "give a shorter range"
                                   : "give two revisions that this repository has, as main..HEAD"};
  }
  return parse_commit_log(answer.output);
}

CommitRules commit_rules(const CommitSettings& settings, CommitPlace place) {
  CommitRules rules;
  rules.profile = settings.profile == "strict"    ? CommitProfile::strict
                  : settings.profile == "relaxed" ? CommitProfile::relaxed
                                                  : CommitProfile::standard;
  if (!settings.types.empty()) {
    rules.types = settings.types;
  }
  rules.needs_issue = settings.issue == "required";
  rules.merge = policy_named(settings.merge, CommitPolicy::accept);
  rules.revert = policy_named(settings.revert, CommitPolicy::accept);
  rules.fixup = policy_named(
      settings.fixup, place == CommitPlace::range ? CommitPolicy::refuse : CommitPolicy::accept);
  return rules;
}

}  // namespace headway
