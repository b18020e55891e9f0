// Tests of PathPatterns: which paths a list of globs means.
#include "base/path_patterns.hpp"

#include "base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool means(const std::vector<std::string>& globs, std::string_view path) {
  const auto patterns = PathPatterns::parse(globs);
  EXPECT_TRUE(patterns) << (patterns ? "" : patterns.error().message);
  return patterns && patterns->matches(path);
}

std::string refusal(const std::vector<std::string>& globs) {
  const auto patterns = PathPatterns::parse(globs);
  return patterns ? "accepted" : patterns.error().message;
}

// Whether a walk would enter `folder`.
bool enters(const std::vector<std::string>& globs, std::string_view folder) {
  const auto patterns = PathPatterns::parse(globs);
  PathPatterns::State state = patterns->start();
  for (const std::string_view name : split(folder, '/')) {
    state = patterns->step(state, name);
  }
  return patterns->may_accept_below(state);
}

TEST(PathPatterns, star_stays_within_one_name) {
  EXPECT_TRUE(means({"*.md"}, "README.md"));
  EXPECT_FALSE(means({"*.md"}, "text/README.md"));
  EXPECT_TRUE(means({"src/*.c"}, "src/a.c"));
  EXPECT_FALSE(means({"src/*.c"}, "src/a.cc"));
  EXPECT_TRUE(means({"a*b*c"}, "aXXbbYYc"));
  EXPECT_FALSE(means({"a*b*c"}, "aXXc"));
  EXPECT_TRUE(means({"*"}, ".hidden"));
}

TEST(PathPatterns, two_stars_are_any_number_of_folders) {
  EXPECT_TRUE(means({"**/*.md"}, "README.md"));
  EXPECT_TRUE(means({"**/*.md"}, "a/b/c.md"));
  EXPECT_TRUE(means({"src/**"}, "src/a"));
  EXPECT_TRUE(means({"src/**"}, "src/a/b"));
  EXPECT_FALSE(means({"src/**"}, "src"));
  EXPECT_TRUE(means({"src/**/test/*.c"}, "src/test/a.c"));
  EXPECT_TRUE(means({"src/**/test/*.c"}, "src/a/test/b/test/a.c"));
  EXPECT_FALSE(means({"src/**/test/*.c"}, "src/a/test/b/a.c"));
  EXPECT_TRUE(means({"**"}, "a/b"));
  EXPECT_TRUE(means({"**/**/x"}, "x"));
}

TEST(PathPatterns, folder_by_its_name_is_everything_below_it) {
  EXPECT_TRUE(means({"src"}, "src/a/b.c"));
  EXPECT_TRUE(means({"src"}, "src"));
  EXPECT_FALSE(means({"src"}, "srcs/a"));
  EXPECT_TRUE(means({"src/"}, "src/a"));
  EXPECT_FALSE(means({"src/"}, "src"));
  EXPECT_TRUE(means({"."}, "a/b"));
  EXPECT_TRUE(means({"**/testdata"}, "a/testdata/b/c"));
}

TEST(PathPatterns, wildcard_at_the_end_means_no_folder) {
  EXPECT_FALSE(means({"src/*"}, "src/a/b.c"));
  EXPECT_TRUE(means({"src/*/"}, "src/a/b.c"));
}

TEST(PathPatterns, last_glob_that_matches_decides) {
  EXPECT_FALSE(means({"src/**", "!src/gen/**"}, "src/gen/a.c"));
  EXPECT_TRUE(means({"src/**", "!src/gen/**", "src/gen/keep.c"}, "src/gen/keep.c"));
  EXPECT_TRUE(means({"!src/gen/**", "src/**"}, "src/gen/a.c"));
  EXPECT_FALSE(means({"**", "!**/node_modules"}, "a/node_modules/b/c.js"));
  EXPECT_FALSE(means({"**", "!build*"}, "build-debug/x/y"));
  EXPECT_FALSE(means({"!src"}, "docs/a"));
}

TEST(PathPatterns, sets_and_single_bytes) {
  EXPECT_TRUE(means({"[a-c]?.txt"}, "bx.txt"));
  EXPECT_FALSE(means({"[!a-c]?.txt"}, "bx.txt"));
  EXPECT_TRUE(means({"[^a]"}, "b"));
  EXPECT_TRUE(means({"[]]"}, "]"));
  EXPECT_TRUE(means({"[a-]"}, "-"));
  EXPECT_TRUE(means({"x[\\]]"}, "x]"));
  EXPECT_FALSE(means({"a?b"}, "a/b"));
}

TEST(PathPatterns, braces_are_alternatives_also_nested_and_with_folders) {
  for (const char* path : {"src/a.ts", "src/a.tsx", "lib/x/a.ts"}) {
    EXPECT_TRUE(means({"{src,lib/{x,y}}/*.{ts,tsx}"}, path)) << path;
  }
  EXPECT_FALSE(means({"{src,lib/{x,y}}/*.{ts,tsx}"}, "lib/a.ts"));
  EXPECT_TRUE(means({"a{,.bak}"}, "a.bak"));
  EXPECT_FALSE(means({"**", "!*.{log,tmp}"}, "x.tmp"));
}

TEST(PathPatterns, backslash_takes_the_meaning_away) {
  EXPECT_TRUE(means({"\\!a"}, "!a"));
  EXPECT_TRUE(means({"a\\*"}, "a*"));
  EXPECT_FALSE(means({"a\\*"}, "ab"));
  EXPECT_TRUE(means({"\\{a,b\\}"}, "{a,b}"));
  EXPECT_TRUE(means({"*\\?"}, "what?"));
}

TEST(PathPatterns, dots_and_places_outside_are_as_spelled) {
  EXPECT_TRUE(means({"./src/./a.c"}, "src/a.c"));
  EXPECT_TRUE(means({"src/../lib/a.c"}, "lib/a.c"));
  EXPECT_TRUE(means({"../shared/**"}, "../shared/x"));
  EXPECT_TRUE(means({"/usr/bin/cc"}, "/usr/bin/cc"));
}

TEST(PathPatterns, mistakes_are_refused_by_name) {
  EXPECT_THAT(refusal({"a", ""}), HasSubstr("glob '' is empty"));
  EXPECT_THAT(refusal({"!"}), HasSubstr("glob '!' is empty"));
  EXPECT_THAT(refusal({"src/[a-z"}), HasSubstr("glob 'src/[a-z' has a '['"));
  EXPECT_THAT(refusal({"{a,b"}), HasSubstr("has a '{'"));
  EXPECT_THAT(refusal({"*/../x"}), HasSubstr("'..' after a wildcard"));
  EXPECT_THAT(refusal({"{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"}),
              HasSubstr("more than 256"));
  std::string deep = "a";
  for (std::size_t i = 0; i < PathPatterns::kMaxParts; ++i) {
    deep += "/a";
  }
  EXPECT_THAT(refusal({deep}), HasSubstr("more than 60 parts"));
}

TEST(PathPatterns, walk_enters_only_where_something_may_be_meant) {
  EXPECT_TRUE(enters({"src/**/*.c"}, "src"));
  EXPECT_TRUE(enters({"src/**/*.c"}, "src/a/b"));
  EXPECT_FALSE(enters({"src/**/*.c"}, "docs"));
  EXPECT_FALSE(enters({"src/*.c"}, "src/a"));
  EXPECT_FALSE(enters({"**", "!node_modules"}, "node_modules"));
  EXPECT_FALSE(enters({"**", "!node_modules/**"}, "node_modules"));
  EXPECT_TRUE(enters({"**", "!node_modules/**"}, "src"));
  EXPECT_TRUE(enters({"**", "!node_modules", "node_modules/x/**"}, "node_modules"));
  EXPECT_FALSE(enters({"**", "!node_modules", "node_modules/x/**"}, "node_modules/y"));
}

TEST(PathPatterns, roots_are_the_parts_before_the_first_wildcard) {
  const auto roots = [](const std::vector<std::string>& globs) {
    return PathPatterns::parse(globs)->roots();
  };
  EXPECT_THAT(roots({"src/**", "src/*.c", "!x"}), ElementsAre("src"));
  EXPECT_THAT(roots({"**/*.md", "a/b.txt", "../x/*"}), ElementsAre("", "../x", "a/b.txt"));
  EXPECT_THAT(roots({"/etc/*.conf"}), ElementsAre("/etc"));
  EXPECT_THAT(roots({"/**"}), ElementsAre("/"));
}

TEST(PathPatterns, globs_that_mean_a_path_are_marked) {
  const auto patterns = PathPatterns::parse({"a*", "b", "!c", "**"});
  std::vector<bool> seen(4);
  patterns->mark(patterns->step(patterns->start(), "ab"), seen);
  EXPECT_THAT(seen, ElementsAre(true, false, false, true));
}

TEST(PathPatterns, many_stars_take_no_long_time) {
  std::string glob, name(200, 'a');
  for (int i = 0; i < 40; ++i) {
    glob += "a*";
  }
  EXPECT_FALSE(means({glob + "b"}, name));
  std::string folders = "a";
  for (int i = 0; i < 20; ++i) {
    folders += "/**/a";
  }
  EXPECT_FALSE(means(
      {folders + "/b"}, std::string("a") + [] {
        std::string path;
        for (int i = 0; i < 100; ++i) {
          path += "/a";
        }
        return path;
      }()));
}

}  // namespace
}  // namespace headway
