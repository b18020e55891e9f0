// First lines of scripts.
#include "diagnostics/script_probe.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(ScriptProbe, interpreter_of_a_first_line) {
  EXPECT_EQ(shebang_of("#!/bin/sh\necho").interpreter, "/bin/sh");
  EXPECT_EQ(shebang_of("#! /bin/bash -eu\n").interpreter, "/bin/bash");
  EXPECT_FALSE(shebang_of("#!/bin/sh\n").is_looked_up);
  EXPECT_EQ(shebang_of("echo\n").interpreter, "");
  EXPECT_EQ(shebang_of("").interpreter, "");
}

TEST(ScriptProbe, env_looks_its_program_up) {
  const Shebang shebang = shebang_of("#!/usr/bin/env -S A=1 python3 -u\n");
  EXPECT_EQ(shebang.interpreter, "python3");
  EXPECT_TRUE(shebang.is_looked_up);
}

TEST(ScriptProbe, cr_lf_is_seen_and_is_no_part_of_the_interpreter) {
  const Shebang shebang = shebang_of("#!/bin/sh\r\necho\r\n");
  EXPECT_TRUE(shebang.has_crlf);
  EXPECT_EQ(shebang.interpreter, "/bin/sh");
  EXPECT_FALSE(shebang_of("#!/bin/sh\necho\r\n").has_crlf);
}

}  // namespace
}  // namespace headway
