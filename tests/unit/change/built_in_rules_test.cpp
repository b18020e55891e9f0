// The built-in rules, one by one, at their limits.
#include "headway/lanes.hpp"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

Change with_files(int count, const char* pattern, long long lines = 1) {
  Change change;
  change.root = "/repo";
  for (int number = 0; number < count; ++number) {
    change.files.push_back(
        {.path = fmt::format(fmt::runtime(pattern), number), .lines_added = lines});
  }
  return change;
}

void add(Change& change, const char* path) {
  change.files.push_back({.path = path});
}

std::string chosen(const Change& change) {
  const LaneDecision decision = choose_lane(change);
  return decision.lane + " " + decision.rule;
}

std::string chosen(const Change& change, const char* message) {
  Change with_message = change;
  with_message.messages.emplace_back(message);
  return chosen(with_message);
}

TEST(BuiltInRules, an_ordinary_change_is_standard) {
  EXPECT_EQ(chosen(with_files(3, "src/{}.cpp")), "standard otherwise");
  EXPECT_EQ(chosen(with_files(3, "src/{}.cpp"), "feat: x"), "standard otherwise");
}

TEST(BuiltInRules, nothing_changed_is_standard) {
  EXPECT_EQ(chosen(Change{.root = "/repo"}), "standard nothing_changed");
}

TEST(BuiltInRules, breaking_commits_are_heavy) {
  const Change docs = with_files(1, "docs/{}.md");
  EXPECT_EQ(chosen(docs, "feat!: x"), "heavy breaking_commit");
  EXPECT_EQ(chosen(docs, "feat(a)!: x"), "heavy breaking_commit");
  EXPECT_EQ(chosen(docs, "fix: x\n\nBREAKING CHANGE: y"), "heavy breaking_commit");
  EXPECT_EQ(chosen(docs, "docs: what a BREAKING CHANGE is"), "docs only_documents");
  EXPECT_EQ(chosen(docs, "hurry up! it hangs: x"), "docs only_documents");
}

TEST(BuiltInRules, commits_about_security_are_heavy) {
  const Change code = with_files(1, "src/{}.py");
  EXPECT_EQ(chosen(code, "fix: close a security hole"), "heavy security_commit");
  EXPECT_EQ(chosen(code, "fix: overflow\n\nThis is CVE-2026-1234."), "heavy security_commit");
  EXPECT_EQ(chosen(code, "fix: overflow\n\nsee cve-2026-1234"), "heavy security_commit");
  EXPECT_EQ(chosen(code, "fix: insecurity\n\nReported-by: security@x.org"), "standard otherwise");
}

TEST(BuiltInRules, paths_under_auth_security_and_crypto_are_heavy) {
  for (const char* path : {"src/auth/x.py", "security/x.go", "lib/Crypto/x.c"}) {
    Change change = with_files(1, "src/{}.py");
    add(change, path);
    EXPECT_EQ(chosen(change), "heavy security_path") << path;
  }
  for (const char* path : {"src/author/x.py", "auth.py", "doc/crypto.md"}) {
    Change change = with_files(1, "src/{}.py");
    add(change, path);
    EXPECT_EQ(chosen(change), "standard otherwise") << path;
  }
}

TEST(BuiltInRules, the_old_name_of_a_renamed_file_counts_too) {
  Change change = with_files(1, "src/{}.py");
  change.files[0].old_path = "src/auth/0.py";
  EXPECT_EQ(chosen(change), "heavy security_path");
}

TEST(BuiltInRules, any_number_of_documents_is_docs) {
  EXPECT_EQ(chosen(with_files(25, "docs/{}.md", 100)), "docs only_documents");
  Change change = with_files(25, "docs/{}.md");
  add(change, "docs/build.sh");
  EXPECT_EQ(chosen(change), "heavy large_change");
  Change small = with_files(2, "docs/{}.md");
  add(small, "requirements.txt");
  EXPECT_EQ(chosen(small), "standard otherwise");
}

TEST(BuiltInRules, a_refactor_of_more_than_ten_code_files_is_heavy) {
  EXPECT_EQ(chosen(with_files(10, "src/{}.py"), "refactor: x"), "standard otherwise");
  EXPECT_EQ(chosen(with_files(11, "src/{}.py"), "refactor: x"), "heavy large_refactor");
  EXPECT_EQ(chosen(with_files(11, "tests/{}.py"), "Refactor(a): x"), "heavy large_refactor");
  EXPECT_EQ(chosen(with_files(11, "src/{}.py"), "feat: x"), "standard otherwise");
}

TEST(BuiltInRules, ci_with_more_than_five_code_files_is_heavy) {
  Change five = with_files(5, "src/{}.py");
  add(five, ".gitlab-ci.yml");
  EXPECT_EQ(chosen(five), "standard otherwise");
  Change six = with_files(6, "src/{}.py");
  add(six, "CMakeLists.txt");
  EXPECT_EQ(chosen(six), "heavy ci_with_code");
}

TEST(BuiltInRules, more_than_twenty_files_or_five_hundred_lines_are_heavy) {
  EXPECT_EQ(chosen(with_files(20, "src/{}.py")), "standard otherwise");
  EXPECT_EQ(chosen(with_files(21, "src/{}.py")), "heavy large_change");
  EXPECT_EQ(chosen(with_files(1, "src/{}.py", 500)), "standard otherwise");
  EXPECT_EQ(chosen(with_files(1, "src/{}.py", 501)), "heavy large_change");
}

TEST(BuiltInRules, lines_that_are_not_known_are_many) {
  Change change = with_files(2, "src/{}.py");
  change.knows_lines = false;
  EXPECT_EQ(chosen(change), "heavy large_change");
}

TEST(BuiltInRules, without_a_repository_it_is_the_default_and_says_why) {
  Change change;
  change.knows_files = false;
  change.base_source = "no git repository";
  const LaneDecision decision = choose_lane(change);
  EXPECT_EQ(decision.lane, "standard");
  EXPECT_EQ(decision.why, "no git repository");
}

TEST(BuiltInRules, every_rule_is_told_with_its_numbers) {
  const LaneDecision decision = choose_lane(with_files(3, "docs/{}.md"));
  ASSERT_EQ(decision.rules.size(), 7U);
  EXPECT_EQ(decision.why, "3 of 3 files are documents");
  EXPECT_FALSE(decision.rules[6].holds);
  EXPECT_NE(decision.rules[6].fact.find("3 files"), std::string::npos);
}

}  // namespace
}  // namespace headway
