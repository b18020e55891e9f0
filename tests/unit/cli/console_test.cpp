// Errors: their words and their exit codes.
#include "cli/console.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

TEST(ExitCodeOf, what_a_person_can_mend_is_two_and_the_rest_is_ours) {
  for (const ErrorCode code : {ErrorCode::invalid_argument,
                               ErrorCode::not_found,
                               ErrorCode::parse,
                               ErrorCode::conflict,
                               ErrorCode::unsupported}) {
    EXPECT_EQ(exit_code_of({code, "x"}), 2) << to_string(code);
  }
  for (const ErrorCode code : {ErrorCode::io, ErrorCode::timeout, ErrorCode::internal}) {
    EXPECT_EQ(exit_code_of({code, "x"}), 70) << to_string(code);
  }
}

TEST(ErrorText, next_step_has_a_line_of_its_own) {
  EXPECT_EQ(error_text({ErrorCode::io, "write a"}), "headway: write a\n");
  EXPECT_EQ(error_text({ErrorCode::io, "write a", "make room"}), "headway: write a\n  make room\n");
}

TEST(ErrorText, names_in_it_cannot_steer_the_terminal) {
  EXPECT_EQ(error_text({ErrorCode::io, "open 'a\x1b[2J'", "b\n"}),
            "headway: open 'a\\x1b[2J'\n  b\\n\n");
}

TEST(Console, text_for_people_moves_to_stderr_with_json) {
  GlobalOptions options;
  options.terminal.out_is_terminal = true;
  options.terminal.term = "xterm";
  EXPECT_EQ(Console(options).people_fd(), 1);
  EXPECT_TRUE(Console(options).paint().on());
  options.json = true;
  EXPECT_EQ(Console(options).people_fd(), 2);
  EXPECT_EQ(Console(options).people_stream(), Stream::error);
  EXPECT_FALSE(Console(options).paint().on()) << "stderr is no terminal";
  EXPECT_EQ(Console(options).width(), 0);
}

TEST(Console, code_stays_where_everything_was_written) {
  EXPECT_EQ(Console(GlobalOptions{}).finish(0), 0);
  EXPECT_EQ(Console(GlobalOptions{}).finish(1), 1);
}

}  // namespace
}  // namespace headway::cli
