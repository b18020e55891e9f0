// A secret reaches no byte under .headway and no stream, however it is encoded.
#include "support/headway_program.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

const char* const kCanary = "c4n4ry/Qx+7zW=9k\"v";

std::string everything_under(const std::string& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    all += entry.path().string() + "\n";
    if (entry.is_regular_file()) {
      all += slurp(entry.path().string());
    }
  }
  return all;
}

TEST(Secrets, canary_is_in_no_file_and_on_no_stream) {
  Program program;
  program.set("DEPLOY_TOKEN", kCanary);
  program.write("headway.yaml", R"(version: 1
name: demo
secrets: [PLAIN_NAME]
env: {PLAIN_NAME: second-canary-value}
stages:
  leak:
    name: leaks $DEPLOY_TOKEN
    run: |
      printf '%s\n' "$DEPLOY_TOKEN"
      printf '%s' "$DEPLOY_TOKEN" | base64
      printf 'x%s' "$DEPLOY_TOKEN" | base64
      printf '%s' "$DEPLOY_TOKEN" | od -An -v -tx1 | tr -d ' \n'; echo
      printf '%s' "$DEPLOY_TOKEN" | cut -c1-9 | tr -d '\n'; sleep 0.1; printf '%s\n' "$DEPLOY_TOKEN" | cut -c10-
      echo "$PLAIN_NAME"
      exit 1
)");
  std::string seen;
  for (const auto& words :
       {std::vector<std::string>{"run", "--title", kCanary, "--output", "plain"},
        std::vector<std::string>{"run", "--output", "stream"},
        std::vector<std::string>{"run", "--output", "events"},
        std::vector<std::string>{"run", "--json", "--owner", kCanary},
        std::vector<std::string>{"show"},
        std::vector<std::string>{"show", "--json"},
        std::vector<std::string>{"status", "--json"},
        std::vector<std::string>{"logs"},
        std::vector<std::string>{"logs", "--json"},
        std::vector<std::string>{"logs", "--stage", "leak", "--raw"},
        std::vector<std::string>{"-v"},
        std::vector<std::string>{"plan", "--json"}}) {
    const ProgramResult result = program.run(words);
    seen += result.out + result.err;
  }
  EXPECT_NE(seen.find("***"), std::string::npos);
  seen += everything_under(program.path(".headway"));
  for (const char* spelling : {"c4n4ry/Qx+7zW=9k",
                               "c4n4ry\\/Qx",
                               "c4n4ry%2FQx",
                               "YzRuNHJ5L1F4Kzd6Vz05ayJ2",              // base64
                               "0bjRyeS9ReCs3elc9OWsi",                 // base64, shifted by one
                               "63346e3472792f51782b377a573d396b2276",  // hex
                               "second-canary-value"}) {
    EXPECT_EQ(seen.find(spelling), std::string::npos) << spelling;
  }
}

}  // namespace
}  // namespace headway
