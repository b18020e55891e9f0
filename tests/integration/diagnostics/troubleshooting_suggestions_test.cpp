// TroubleshootingSuggestions on this machine: the most usual errors get one.
#include "headway/diagnostics.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

// The original knew these seven words, and had a suggestion for none of them.
TEST(TroubleshootingSuggestions, the_seven_most_usual_errors_get_one) {
  for (const char* error :
       {"ModuleNotFoundError",
        "ModuleNotFoundError: No module named 'requests'",
        "No module named 'requests'",
        "/usr/bin/python3: No module named pytest",
        "Permission denied",
        "bash: ./deploy.sh: Permission denied",
        "PermissionError: [Errno 13] Permission denied: '/etc/app.conf'",
        "Connection refused",
        "curl: (7) Failed to connect to localhost port 8080: Connection refused",
        "not a git repository",
        "fatal: not a git repository (or any of the parent directories): .git",
        "command not found",
        "build.sh: line 3: cmake3: command not found",
        "No space left",
        "tar: out.tar: Cannot write: No space left on device"}) {
    const auto suggestion = TroubleshootingSuggestions::get_suggestion(error);
    EXPECT_TRUE(suggestion) << error;
    EXPECT_TRUE(!suggestion || !suggestion->text.empty()) << error;
  }
}

TEST(TroubleshootingSuggestions, what_nobody_knows_gets_none) {
  EXPECT_FALSE(TroubleshootingSuggestions::get_suggestion("all is well"));
  EXPECT_FALSE(TroubleshootingSuggestions::get_suggestion(""));
}

}  // namespace
}  // namespace headway
