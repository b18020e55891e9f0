// Tests of find_failing_part over real files: which lines of small logs in the style of many tools
// are shown, and what a log that passed takes away.
#include "diagnostics/failure_excerpt.hpp"

#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace headway {
namespace {

// Lines that say nothing, as a build prints them by the hundred.
std::string noise(int lines, const std::string& word = "Compiling") {
  std::string text;
  for (int line = 0; line < lines; ++line) {
    text += "[" + std::to_string(line % 100) + "%] " + word + " object src/part_" +
            std::to_string(line) + ".o\n";
  }
  return text;
}

class FailingPart : public testing::Test {
 protected:
  FailureExcerpt find(const std::string& log, const ExcerptOptions& options = {}) {
    spill(folder_ / "log", log);
    auto source = LogSource::open(folder_ / "log");
    EXPECT_TRUE(source);
    auto found = find_failing_part(*source, options);
    EXPECT_TRUE(found);
    return *std::move(found);
  }

  static bool shows(const FailureExcerpt& excerpt, const std::string& text) {
    for (const ExplainedLines& block : excerpt.blocks) {
      if (block.text.find(text) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  TempFolder folder_;
};

TEST_F(FailingPart, anchor_is_the_line_that_says_what_and_no_frame_beside_it) {
  EXPECT_EQ(find("Traceback (most recent call last):\n"
                 "  File \"/srv/b.py\", line 1, in <module>\n"
                 "    import a\n"
                 "  File \"/srv/a.py\", line 1, in <module>\n"
                 "    import yamlx\n"
                 "ModuleNotFoundError: No module named 'yamlx'\n")
                .anchor_line,
            6);
  EXPECT_EQ(find("node:events:502\n"
                 "      throw er; // Unhandled 'error' event\n"
                 "      ^\n"
                 "\n"
                 "Error: listen EADDRINUSE: address already in use 127.0.0.1:18766\n"
                 "    at Server.setupListenHandle [as _listen2] (node:net:1908:16)\n"
                 "    at listenInCluster (node:net:1965:12)\n")
                .anchor_line,
            5);
}

TEST_F(FailingPart, compiler_error_in_the_middle_is_shown) {
  const auto excerpt = find(noise(400) +
                            "src/a.c: In function 'main':\n"
                            "src/a.c:3:5: error: expected ';' before '}' token\n"
                            "    return 0\n"
                            "            ^\n"
                            "make[1]: *** [src/a.o] Error 1\n"
                            "make[1]: *** Waiting for unfinished jobs....\n" +
                            noise(100, "Building") + "make: *** [all] Error 2\n");
  EXPECT_TRUE(shows(excerpt, "expected ';' before"));
  EXPECT_GE(excerpt.anchor_line, 401);
}

TEST_F(FailingPart, first_test_failure_is_shown_far_above_the_summary) {
  std::string log;
  for (int test = 0; test < 300; ++test) {
    log += test == 120 ? "not ok 121 - reads an empty file\n"
                         "  ---\n"
                         "  message: expected 0 but got 3\n"
                         "  at: Reader.test (reader.js:12:3)\n"
                         "  ...\n"
                       : "ok " + std::to_string(test + 1) + " - does a thing\n";
  }
  const auto excerpt = find(log + "1..300\n# tests 300\n# pass 299\n# fail 1\n");
  EXPECT_TRUE(shows(excerpt, "reads an empty file"));
}

TEST_F(FailingPart, lines_of_a_linter_without_error_words_are_shown) {
  const auto excerpt = find(noise(200, "Installing") +
                            "$ flake8 src\n"
                            "src/a.py:3:80: E501 line too long (93 > 79 characters)\n"
                            "src/b.py:9:1: E302 expected 2 blank lines, got 1\n"
                            "The command \"flake8 src\" exited with 1.\n");
  EXPECT_TRUE(shows(excerpt, "E501 line too long"));
}

TEST_F(FailingPart, short_log_is_shown_whole_in_one_block) {
  const auto excerpt = find("$ make\nmake: *** No rule to make target 'all'.  Stop.\n");
  EXPECT_TRUE(shows(excerpt, "No rule to make target"));
}

TEST_F(FailingPart, budget_is_never_exceeded) {
  std::string log;
  for (int error = 0; error < 500; ++error) {
    log += "src/a" + std::to_string(error) + ".c:1:1: error: unknown type name 'x'\n\n";
  }
  for (const std::size_t budget : {1U, 7U, 30U}) {
    const auto excerpt = find(log, {.max_lines = budget});
    std::int64_t shown = 0;
    for (const ExplainedLines& block : excerpt.blocks) {
      shown += block.last - block.first + 1;
      EXPECT_EQ(std::count(block.text.begin(), block.text.end(), '\n'), block.last - block.first);
    }
    EXPECT_GT(shown, 0);
    EXPECT_LE(shown, static_cast<std::int64_t>(budget));
  }
}

TEST_F(FailingPart, what_a_green_log_has_as_well_is_not_shown_first) {
  const std::string known =
      "warning: error: cannot read optional settings 12\nTraceback (most recent call last):\n";
  spill(folder_ / "green", noise(50) + known + noise(50));
  auto green = LogSource::open(folder_ / "green");
  ASSERT_TRUE(green);
  auto difference = LogDifference::against(*green);
  ASSERT_TRUE(difference);
  const auto excerpt = find(noise(50) + known + noise(50) +
                                "src/a.c:3:5: error: expected ';' before '}' token\n" + noise(50),
                            {.max_lines = 3, .passing = &*difference});
  ASSERT_FALSE(excerpt.blocks.empty());
  EXPECT_TRUE(excerpt.blocks.front().text.find("expected ';'") != std::string::npos);
  EXPECT_TRUE(excerpt.anchor_is_new);
}

TEST_F(FailingPart, text_is_valid_utf8_without_escape_sequences) {
  const auto excerpt =
      find("\x1b[31merror:\x1b[0m bad byte \xff here\rerror: bad byte \xff there\n");
  ASSERT_FALSE(excerpt.blocks.empty());
  EXPECT_EQ(excerpt.blocks.front().text, "error: bad byte \xEF\xBF\xBD there");
}

TEST_F(FailingPart, empty_log_shows_nothing) {
  const auto excerpt = find("");
  EXPECT_TRUE(excerpt.blocks.empty());
  EXPECT_EQ(excerpt.anchor_line, 0);
}

TEST_F(FailingPart, stream_gives_what_the_file_gives) {
  const std::string log = noise(2000) + "src/a.c:3:5: error: expected ';'\n" + noise(30);
  const auto of_file = find(log);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  std::thread writer([&] {
    EXPECT_EQ(::write(ends[1], log.data(), log.size()), static_cast<ssize_t>(log.size()));
    ::close(ends[1]);
  });
  auto source = LogSource::of_stream(ends[0]);
  ASSERT_TRUE(source);
  const auto of_stream = find_failing_part(*source, {});
  writer.join();
  ::close(ends[0]);
  ASSERT_TRUE(of_stream);
  ASSERT_EQ(of_stream->blocks.size(), of_file.blocks.size());
  EXPECT_EQ(of_stream->blocks.front().text, of_file.blocks.front().text);
}

TEST_F(FailingPart, missing_file_and_folder_are_errors_that_name_them) {
  const auto missing = LogSource::open(folder_ / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_NE(missing.error().message.find("none"), std::string::npos);
  EXPECT_FALSE(LogSource::open(folder_.path()));
}

}  // namespace
}  // namespace headway
