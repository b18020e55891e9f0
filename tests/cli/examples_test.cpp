// Every example runs as its README says.
#include "support/headway_program.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

class Examples : public testing::TestWithParam<std::pair<const char*, int>> {};

TEST_P(Examples, ends_with_the_exit_code_of_its_readme) {
  const auto& [name, exit_code] = GetParam();
  const std::string source = std::string(HEADWAY_SOURCE_DIR "/examples/") + name;
  Program program;
  std::filesystem::copy(source, program.path(name), std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(program.path(name) + "/.headway");
  std::filesystem::remove_all(program.path(name) + "/build");
  EXPECT_EQ(program.run({"-C", name, "validate"}).exit_code, 0);
  const ProgramResult result = program.run({"-C", name, "run", "--output", "plain"}, 110);
  EXPECT_EQ(result.exit_code, exit_code) << result.out << result.err;
}

INSTANTIATE_TEST_SUITE_P(All,
                         Examples,
                         testing::Values(std::pair{"cpp-project", 0},
                                         std::pair{"python-project", 0},
                                         std::pair{"graph-200", 0},
                                         std::pair{"fails-in-the-middle", 1}));

}  // namespace
}  // namespace headway
