// The grammar of Conventional Commits 1.0.0: what is read, and where it is broken.
#include "headway/commits.hpp"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

CommitReport read(std::string_view message) {
  return CommitValidator().check(message);
}

// "rule@line:column" of every issue.
std::vector<std::string> issues_of(std::string_view message) {
  std::vector<std::string> all;
  for (const CommitIssue& issue : read(message).issues) {
    all.push_back(fmt::format("{}@{}:{}", issue.rule, issue.at.line, issue.at.column));
  }
  return all;
}

using List = std::vector<std::string>;

TEST(CommitGrammar, examples_of_the_specification_are_valid) {
  const auto extends = read(
      "feat: allow provided config object to extend other configs\n\n"
      "BREAKING CHANGE: `extends` key in config file is now used for extending other config "
      "files");
  EXPECT_TRUE(extends.valid());
  EXPECT_TRUE(extends.message.breaking);
  EXPECT_EQ(extends.message.type, "feat");
  EXPECT_TRUE(extends.message.body.empty());

  const auto mark = read("feat!: send an email to the customer when a product is shipped");
  EXPECT_TRUE(mark.valid());
  EXPECT_TRUE(mark.message.breaking);

  const auto scope = read("feat(api)!: send an email to the customer when a product is shipped");
  EXPECT_TRUE(scope.valid());
  EXPECT_TRUE(scope.message.breaking);
  EXPECT_EQ(scope.message.scope, "api");

  const auto both = read(
      "feat!: drop support for Node 6\n\n"
      "BREAKING CHANGE: use JavaScript features not available in Node 6.");
  EXPECT_TRUE(both.valid());
  EXPECT_TRUE(both.message.breaking);

  const auto plain = read("docs: correct spelling of CHANGELOG");
  EXPECT_TRUE(plain.valid());
  EXPECT_FALSE(plain.message.breaking);
  EXPECT_EQ(plain.message.subject, "correct spelling of CHANGELOG");

  EXPECT_TRUE(read("feat(lang): add Polish language").valid());

  const auto revert =
      read("revert: let us never again speak of the noodle incident\n\nRefs: 676104e, a215868");
  EXPECT_TRUE(revert.valid());
  EXPECT_EQ(revert.message.kind, CommitKind::conventional);
  ASSERT_EQ(revert.message.footers.size(), 1U);
  EXPECT_EQ(revert.message.footers[0].value, "676104e, a215868");
}

TEST(CommitGrammar, example_with_paragraphs_and_footers_is_taken_apart) {
  const auto report = read(
      "fix: prevent racing of requests\n\n"
      "Introduce a request id and a reference to latest request. Dismiss\n"
      "incoming responses other than from latest request.\n\n"
      "Remove timeouts which were used to mitigate the racing issue but are\n"
      "obsolete now.\n\n"
      "Reviewed-by: Z\n"
      "Refs: #123\n");
  EXPECT_TRUE(report.valid());
  EXPECT_TRUE(report.message.body.starts_with("Introduce a request id"));
  EXPECT_TRUE(report.message.body.ends_with("obsolete now."));
  ASSERT_EQ(report.message.footers.size(), 2U);
  EXPECT_EQ(report.message.footers[0].token, "Reviewed-by");
  EXPECT_EQ(report.message.footers[0].value, "Z");
  EXPECT_EQ(report.message.footers[1].value, "#123");
  EXPECT_EQ(report.message.footers[1].at, (TextPosition{10, 1}));
}

TEST(CommitGrammar, the_eight_messages_of_the_original_are_valid) {
  for (const char* message : {"feat: add new feature",
                              "feat: add new workflow feature",
                              "fix: resolve bug",
                              "docs: update readme",
                              "feat(workflow): add lane selection",
                              "fix(core): resolve crash",
                              "refactor: simplify code",
                              "test: add unit tests",
                              "chore: update dependencies",
                              "fix: resolve issue #123"}) {
    EXPECT_EQ(issues_of(message), List{}) << message;
  }
}

TEST(CommitGrammar, what_is_no_header_is_refused_where_it_breaks) {
  EXPECT_EQ(issues_of("Added new feature"), List{"header-format@1:6"});
  EXPECT_EQ(issues_of("feat something"), List{"header-format@1:5"});
  EXPECT_EQ(issues_of("feat: "), List{"subject-empty@1:7"});
  EXPECT_EQ(issues_of("feat:"), List{"subject-empty@1:6"});
  EXPECT_EQ(issues_of("feat:x"), List{"subject-space@1:6"});
  EXPECT_EQ(issues_of("feat:  x"), List{"subject-space@1:6"});
  EXPECT_EQ(issues_of("feat(api: x"), List{"scope-open@1:5"});
  EXPECT_EQ(issues_of("feat(): x"), List{"scope-empty@1:5"});
  EXPECT_EQ(issues_of("feat( api ): x"), List{"scope-format@1:6"});
  EXPECT_EQ(issues_of("feat!(api): x"), List{"header-format@1:5"});
  EXPECT_EQ(issues_of("feat(api) x"), (List{"header-space@1:10", "header-format@1:11"}));
  EXPECT_EQ(issues_of("[fix] x"), List{"header-format@1:1"});
  EXPECT_EQ(issues_of(": x"), List{"header-format@1:1"});
  EXPECT_EQ(issues_of("1fix: x"), List{"header-format@1:1"});
  EXPECT_EQ(issues_of(""), List{"header-empty@1:1"});
}

TEST(CommitGrammar, byte_order_mark_is_named_for_nobody_sees_it) {
  const CommitReport report = CommitValidator().check(
      "\xEF\xBB\xBF"
      "feat: x");
  ASSERT_EQ(report.issues.size(), 1U);
  EXPECT_EQ(report.issues[0].rule, "header-format");
  EXPECT_NE(report.issues[0].text.find("byte order mark"), std::string::npos);
  EXPECT_EQ(report.message.type, "feat");
}

TEST(CommitGrammar, after_a_stray_space_reading_goes_on) {
  EXPECT_EQ(issues_of(" feat: x"), List{"header-space@1:1"});
  EXPECT_EQ(issues_of("feat : x"), List{"header-space@1:5"});
  EXPECT_EQ(issues_of("feat (api): x"), List{"header-space@1:5"});
  EXPECT_EQ(issues_of("feat(api) !: x"), List{"header-space@1:10"});
  const auto report = read("feat (api) : x y");
  EXPECT_EQ(report.message.scope, "api");
  EXPECT_EQ(report.message.subject, "x y");
}

TEST(CommitGrammar, prose_with_a_colon_is_no_header) {
  EXPECT_EQ(issues_of("fixed the parser: it hung"), List{"header-format@1:6"});
  EXPECT_EQ(issues_of("see (here) what: x"), List{"header-format@1:4"});
}

TEST(CommitGrammar, a_type_is_read_in_any_case) {
  const auto report = read("FEAT: x");
  EXPECT_TRUE(report.valid());
  EXPECT_EQ(report.message.type, "feat");
}

TEST(CommitGrammar, an_unknown_type_is_named_with_those_there_are) {
  const auto report = read("feature: something");
  ASSERT_EQ(report.issues.size(), 1U);
  EXPECT_EQ(report.issues[0].rule, "type-unknown");
  EXPECT_NE(report.issues[0].text.find("'feature' is not one of feat, fix"), std::string::npos);
}

TEST(CommitGrammar, an_empty_line_must_follow_the_first) {
  EXPECT_EQ(issues_of("fix: x\nand more"), List{"body-blank@2:1"});
  EXPECT_EQ(issues_of("fix: x\n\nand more"), List{});
}

TEST(CommitGrammar, breaking_change_needs_capitals_a_colon_and_words) {
  EXPECT_EQ(issues_of("fix: x\n\nBreaking change: y"), List{"breaking-case@3:1"});
  EXPECT_EQ(issues_of("fix: x\n\nBREAKING CHANGE:\ny"), List{"breaking-empty@3:17"});
  EXPECT_TRUE(read("fix: x\n\nBREAKING CHANGE:\ny").message.breaking);
  EXPECT_FALSE(read("fix: x\n\nBREAKING CHANGE #12").message.breaking);
  EXPECT_TRUE(read("fix: x\n\nBREAKING-CHANGE: y").message.breaking);
  EXPECT_FALSE(read("fix: x\n\nno BREAKING CHANGE: y").message.breaking);
}

TEST(CommitGrammar, breaking_change_inside_a_paragraph_counts_and_is_told) {
  const auto report = read("fix: x\n\nsome words\nBREAKING CHANGE: y\nand z");
  EXPECT_TRUE(report.message.breaking);
  ASSERT_EQ(report.issues.size(), 1U);
  EXPECT_EQ(report.issues[0].rule, "footer-blank");
  EXPECT_EQ(report.message.body, "some words");
  EXPECT_EQ(report.message.footers.at(0).value, "y\nand z");
}

TEST(CommitGrammar, footers_may_follow_each_other_in_any_order) {
  const auto report = read("fix: x\n\nRefs: 1\nBREAKING CHANGE: y\nCloses #2");
  EXPECT_TRUE(report.valid());
  ASSERT_EQ(report.message.footers.size(), 3U);
  EXPECT_EQ(report.message.footers[0].token, "Refs");
  EXPECT_EQ(report.message.footers[2].token, "Closes");
  EXPECT_EQ(report.message.footers[2].value, "2");
  EXPECT_TRUE(report.message.body.empty());
}

TEST(CommitGrammar, a_footer_goes_on_to_the_next_one) {
  const auto report = read("fix: x\n\nBREAKING CHANGE: y\n\nmore of it\n\nRefs: 1");
  ASSERT_EQ(report.message.footers.size(), 2U);
  EXPECT_EQ(report.message.footers[0].value, "y\n\nmore of it");
}

TEST(CommitGrammar, a_paragraph_that_only_looks_like_a_footer_belongs_to_the_body) {
  const auto report = read("fix: x\n\nNote: this is prose\n\nand so is this\n\nRefs: 1");
  EXPECT_EQ(report.message.body, "Note: this is prose\n\nand so is this");
  EXPECT_EQ(report.message.footers.size(), 1U);
}

TEST(CommitGrammar, columns_count_characters) {
  EXPECT_EQ(issues_of("féat : x"), List{"header-format@1:2"});
  const std::string long_line = "fix: " + std::string(66, 'x') + "\u00fc\u00fcx";
  EXPECT_EQ(issues_of(long_line), List{"header-length@1:73"});
}

TEST(CommitGrammar, lines_may_end_the_way_windows_ends_them) {
  const auto report = read("fix: x\r\n\r\nbody\r\n\r\nRefs: 1\r\n");
  EXPECT_TRUE(report.valid());
  EXPECT_EQ(report.message.body, "body");
  EXPECT_EQ(report.message.footers.at(0).value, "1");
}

TEST(CommitGrammar, any_bytes_are_read_without_harm) {
  const std::string bytes("\xff\x00\x80: (\n\n\xe2\x82", 10);
  EXPECT_FALSE(read(bytes).valid());
  EXPECT_FALSE(read("\n\n\n").valid());
}

}  // namespace
}  // namespace headway
