// See ci_facts.hpp. The names are those of each system's own documentation of its variables.
#include "change/ci_facts.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace headway {
namespace {

constexpr std::int64_t kMostEventBytes = std::int64_t{8} << 20;

// Which variables of a system say what; empty: none does.
struct CiSystem {
  std::string_view name;
  std::string_view sign;  // set where it is this system
  std::string_view base_branch, base_commit, before, default_branch, branch;
};

constexpr std::array kSystems{
    CiSystem{"GitHub Actions", "GITHUB_ACTIONS", "GITHUB_BASE_REF", "", "", "", "GITHUB_REF_NAME"},
    CiSystem{"GitLab CI",
             "GITLAB_CI",
             "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
             "CI_MERGE_REQUEST_DIFF_BASE_SHA",
             "CI_COMMIT_BEFORE_SHA",
             "CI_DEFAULT_BRANCH",
             "CI_COMMIT_BRANCH"},
    CiSystem{"Buildkite",
             "BUILDKITE",
             "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
             "",
             "",
             "BUILDKITE_PIPELINE_DEFAULT_BRANCH",
             "BUILDKITE_BRANCH"},
    CiSystem{"Azure Pipelines",
             "TF_BUILD",
             "SYSTEM_PULLREQUEST_TARGETBRANCH",
             "",
             "",
             "",
             "BUILD_SOURCEBRANCHNAME"},
    CiSystem{
        "Jenkins", "JENKINS_URL", "CHANGE_TARGET", "", "GIT_PREVIOUS_COMMIT", "", "BRANCH_NAME"},
    CiSystem{"Bitbucket Pipelines",
             "BITBUCKET_BUILD_NUMBER",
             "BITBUCKET_PR_DESTINATION_BRANCH",
             "BITBUCKET_PR_DESTINATION_COMMIT",
             "",
             "",
             "BITBUCKET_BRANCH"},
    CiSystem{"Woodpecker",
             "CI_PREV_COMMIT_SHA",
             "CI_COMMIT_TARGET_BRANCH",
             "",
             "CI_PREV_COMMIT_SHA",
             "CI_REPO_DEFAULT_BRANCH",
             "CI_COMMIT_BRANCH"},
    CiSystem{"Drone", "DRONE", "", "", "DRONE_COMMIT_BEFORE", "DRONE_REPO_BRANCH", "DRONE_BRANCH"},
    CiSystem{"Travis CI", "TRAVIS", "", "", "", "", "TRAVIS_BRANCH"},
    CiSystem{"Cirrus CI",
             "CIRRUS_CI",
             "CIRRUS_BASE_BRANCH",
             "CIRRUS_BASE_SHA",
             "CIRRUS_LAST_GREEN_CHANGE",
             "CIRRUS_DEFAULT_BRANCH",
             "CIRRUS_BRANCH"},
    CiSystem{"CircleCI", "CIRCLECI", "", "", "", "", "CIRCLE_BRANCH"},
    CiSystem{"CI", "CI", "", "", "", "", ""}};

// Entries "NAME=value" by name.
class Variables {
 public:
  explicit Variables(const std::vector<std::string>& entries) : entries_(entries) {}

  // The value without blanks around; "" where there is none.
  std::string operator[](std::string_view name) const {
    if (name.empty()) {
      return "";
    }
    for (const std::string& entry : entries_) {
      if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name)) {
        return std::string(trim(std::string_view(entry).substr(name.size() + 1)));
      }
    }
    return "";
  }
  bool is_set(std::string_view name) const {
    const std::string value = (*this)[name];
    return !value.empty() && value != "false" && value != "0";
  }

 private:
  const std::vector<std::string>& entries_;
};

// "refs/heads/main" is main.
std::string branch_name(std::string name) {
  constexpr std::string_view kPrefix = "refs/heads/";
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

// Zeros stand for "there was nothing before".
std::string commit_id(std::string id) {
  return id.find_first_not_of('0') == std::string::npos ? "" : id;
}

void read_github_event(const std::string& path, CiFacts& facts) {
  if (path.empty()) {
    return;
  }
  const auto text = read_file(path, kMostEventBytes);
  const auto event = Json::parse(text ? *text : "");
  if (!event) {
    return;
  }
  facts.before = commit_id((*event)["before"].as_string());
  facts.base_commit = (*event)["pull_request"]["base"]["sha"].as_string();
  if (facts.base_commit.empty()) {
    facts.base_commit = (*event)["merge_group"]["base_sha"].as_string();
  }
  facts.default_branch = (*event)["repository"]["default_branch"].as_string();
}

}  // namespace

CiFacts read_ci_facts(const std::vector<std::string>& environment) {
  const Variables variables(environment);
  const auto system = std::find_if(kSystems.begin(), kSystems.end(), [&](const CiSystem& known) {
    return variables.is_set(known.sign);
  });
  if (system == kSystems.end()) {
    return {};
  }
  CiFacts facts;
  facts.is_ci = true;
  facts.system = system->name;
  facts.base_branch = branch_name(variables[system->base_branch]);
  facts.base_commit = variables[system->base_commit];
  facts.before = commit_id(variables[system->before]);
  facts.default_branch = variables[system->default_branch];
  facts.branch = variables[system->branch];
  if (system->name == "GitHub Actions") {
    facts.branch = variables["GITHUB_REF_TYPE"] == "tag" ? "" : facts.branch;
    read_github_event(variables["GITHUB_EVENT_PATH"], facts);
  } else if (system->name == "Travis CI" && variables.is_set("TRAVIS_PULL_REQUEST")) {
    facts.base_branch = variables["TRAVIS_BRANCH"];
  } else if (system->name == "Travis CI") {
    const std::string range = variables["TRAVIS_COMMIT_RANGE"];  // "a...b"
    facts.before = commit_id(range.substr(0, range.find("...")));
  } else if (system->name == "Drone" && variables.is_set("DRONE_PULL_REQUEST")) {
    facts.base_branch = variables["DRONE_TARGET_BRANCH"];
  }
  return facts;
}

}  // namespace headway
