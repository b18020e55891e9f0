// From where a change counts: by branches and by what CI systems say.
#include "change/base_choice.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

using List = std::vector<std::string>;

BranchFacts branches(std::string current, const List& refs, std::string remote_head = "") {
  return {std::move(current), refs, std::move(remote_head)};
}

List revisions(const BranchFacts& facts, const List& environment = {}) {
  List all;
  for (const BaseCandidate& candidate : base_candidates(facts, read_ci_facts(environment))) {
    all.push_back(candidate.revision);
  }
  return all;
}

const List kUsual{"refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/heads/main"};

TEST(BaseCandidates, a_topic_branch_counts_from_the_default_branch_of_the_remote) {
  EXPECT_EQ(revisions(branches("topic", kUsual, "refs/remotes/origin/trunk")),
            List{"refs/remotes/origin/trunk"});
  EXPECT_EQ(revisions(branches("topic", {"refs/heads/main"})), List{"refs/heads/main"});
  EXPECT_EQ(revisions(branches("topic", {"refs/heads/master"})), List{"refs/heads/master"});
  EXPECT_EQ(revisions(branches("", kUsual)), List{"refs/remotes/origin/main"});
}

TEST(BaseCandidates, the_default_branch_counts_from_the_remote_or_from_its_last_commit) {
  EXPECT_EQ(revisions(branches("main", kUsual)), List{"refs/remotes/origin/main"});
  EXPECT_EQ(revisions(branches("main", {"refs/heads/main"})), List{"HEAD"});
  EXPECT_EQ(revisions(branches("trunk", {})), List{"HEAD"});
}

TEST(BaseCandidates, detached_without_any_branch_has_none) {
  EXPECT_EQ(revisions(branches("", {})), List{});
}

TEST(BaseCandidates, a_request_in_ci_counts_from_its_target) {
  EXPECT_EQ(revisions(branches("", {"refs/remotes/origin/dev", "refs/remotes/origin/main"}),
                      {"GITHUB_ACTIONS=true", "GITHUB_BASE_REF=dev", "GITHUB_REF_NAME=7/merge"}),
            (List{"refs/remotes/origin/dev", "refs/remotes/origin/main"}));
  EXPECT_EQ(revisions(branches("", {}),
                      {"GITLAB_CI=true",
                       "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main",
                       "CI_MERGE_REQUEST_DIFF_BASE_SHA=abc"}),
            List{"abc"});
  EXPECT_EQ(revisions(branches("", {"refs/remotes/origin/main"}),
                      {"TF_BUILD=True", "SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main"})
                .front(),
            "refs/remotes/origin/main");
  EXPECT_EQ(revisions(branches("", {"refs/remotes/origin/main"}),
                      {"TRAVIS=true", "TRAVIS_PULL_REQUEST=5", "TRAVIS_BRANCH=main"})
                .front(),
            "refs/remotes/origin/main");
}

TEST(BaseCandidates, a_request_does_not_count_from_its_own_branch) {
  EXPECT_EQ(revisions(branches("topic", {"refs/remotes/origin/topic"}, "refs/remotes/origin/topic"),
                      {"GITHUB_ACTIONS=true", "GITHUB_BASE_REF=main"}),
            List{});
}

TEST(BaseCandidates, a_push_to_the_default_branch_in_ci_counts_from_before_it) {
  EXPECT_EQ(revisions(branches("", {"refs/remotes/origin/main"}),
                      {"GITLAB_CI=true",
                       "CI_DEFAULT_BRANCH=main",
                       "CI_COMMIT_BRANCH=main",
                       "CI_COMMIT_BEFORE_SHA=abc"}),
            (List{"abc", "HEAD^"}));
  EXPECT_EQ(revisions(branches("main", kUsual), {"CI=true"}), List{"HEAD^"});
}

TEST(BaseCandidates, a_new_branch_has_nothing_before_it) {
  EXPECT_EQ(revisions(branches("main", kUsual),
                      {"GITLAB_CI=1",
                       "CI_COMMIT_BRANCH=main",
                       "CI_COMMIT_BEFORE_SHA=0000000000000000000000000000000000000000"}),
            List{"HEAD^"});
}

TEST(BaseCandidates, a_push_to_a_topic_branch_in_ci_counts_from_the_default_branch) {
  EXPECT_EQ(revisions(branches("", {"refs/remotes/origin/main"}),
                      {"BUILDKITE=true",
                       "BUILDKITE_BRANCH=topic",
                       "BUILDKITE_PIPELINE_DEFAULT_BRANCH=main",
                       "BUILDKITE_PULL_REQUEST_BASE_BRANCH="}),
            List{"refs/remotes/origin/main"});
}

TEST(BaseCandidates, a_job_in_ci_that_knows_no_branch_may_stand_in_the_default_one) {
  const auto found = base_candidates(branches("", kUsual), read_ci_facts({"CI=true"}));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].revision, "refs/remotes/origin/main");
  EXPECT_FALSE(found[0].may_be_head);
  EXPECT_EQ(found[1].revision, "HEAD^");
  EXPECT_EQ(revisions(branches("", kUsual),
                      {"GITHUB_ACTIONS=true", "GITHUB_REF_NAME=v1", "GITHUB_REF_TYPE=tag"})
                .back(),
            "HEAD^");
  EXPECT_EQ(revisions(branches("", kUsual),
                      {"GITHUB_ACTIONS=true", "GITHUB_REF_NAME=topic", "GITHUB_REF_TYPE=branch"}),
            List{"refs/remotes/origin/main"});
}

TEST(ReadCiFacts, blanks_around_a_value_do_not_count) {
  const CiFacts facts = read_ci_facts({"GITHUB_ACTIONS= true ", "GITHUB_BASE_REF= main\n"});
  EXPECT_TRUE(facts.is_ci);
  EXPECT_EQ(facts.base_branch, "main");
  EXPECT_FALSE(read_ci_facts({"CI= "}).is_ci);
}

TEST(ReadCiFacts, outside_ci_nothing_counts) {
  EXPECT_FALSE(read_ci_facts({"CI=false", "GITHUB_BASE_REF=main"}).is_ci);
  EXPECT_TRUE(read_ci_facts({"GITHUB_BASE_REF=main"}).base_branch.empty());
  EXPECT_EQ(read_ci_facts({"CI=true"}).system, "CI");
}

TEST(ParseBranches, remote_head_is_followed) {
  const BranchFacts facts = parse_branches(
      "refs/remotes/origin/HEAD refs/remotes/origin/dev\nrefs/remotes/upstream/HEAD "
      "refs/remotes/upstream/x\nrefs/heads/main \n",
      "topic");
  EXPECT_EQ(facts.remote_head, "refs/remotes/origin/dev");
  EXPECT_EQ(facts.refs.size(), 3U);
  EXPECT_EQ(facts.refs[2], "refs/heads/main");
}

}  // namespace
}  // namespace headway
