// Arguments of one run for one stage.
#include "model/stage_arguments.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

Workflow two_stages() {
  Workflow workflow;
  workflow.stages.resize(2);
  workflow.stages[0].key = "list";
  workflow.stages[0].run.argv = {"pytest", "-q"};
  workflow.stages[1].key = "script";
  workflow.stages[1].run.script = "pytest \"$@\"";
  return workflow;
}

TEST(PassArguments, reach_the_one_stage_that_is_named) {
  Workflow workflow = two_stages();
  ASSERT_TRUE(pass_arguments(workflow, {"", {"list"}}, {"-k", "fast"}));
  EXPECT_EQ(workflow.stages[0].run.arguments, (std::vector<std::string>{"-k", "fast"}));
  EXPECT_TRUE(workflow.stages[1].run.arguments.empty());
}

TEST(PassArguments, only_names_a_stage_too) {
  Workflow workflow = two_stages();
  SelectionRequest request;
  request.only = {"script"};
  ASSERT_TRUE(pass_arguments(workflow, request, {"x"}));
  EXPECT_EQ(workflow.stages[1].run.arguments, (std::vector<std::string>{"x"}));
}

TEST(PassArguments, without_one_named_stage_is_an_error) {
  Workflow workflow = two_stages();
  EXPECT_EQ(pass_arguments(workflow, {}, {"x"}).error().message,
            "pass arguments to a stage: none is named");
  EXPECT_EQ(pass_arguments(workflow, {"", {"list", "script"}}, {"x"}).error().message,
            "pass arguments to a stage: more than one is named");
  EXPECT_EQ(pass_arguments(workflow, {"", {"lis"}}, {"x"}).error().code, ErrorCode::not_found);
}

TEST(PassArguments, script_that_cannot_use_them_is_an_error) {
  Workflow workflow = two_stages();
  workflow.stages[1].run.script = "pytest -q";
  const auto passed = pass_arguments(workflow, {"", {"script"}}, {"x"});
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().message,
            "pass arguments to stage 'script': its 'run' does not use them");
}

TEST(PassArguments, none_need_no_stage) {
  Workflow workflow = two_stages();
  EXPECT_TRUE(pass_arguments(workflow, {}, {}));
}

}  // namespace
}  // namespace headway
