// From settings to a service, and what is in the way of asking it.
#include "cli/project/model_request.hpp"

#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

ModelSettings settings() {
  return {.address = "http://localhost:1/v1", .name = "small", .key_variable = "MODEL_KEY"};
}

ModelRequest request_of(const ModelSettings& settings,
                        const std::vector<std::string>& environment) {
  return {.service = model_service_of(settings, environment),
          .asked = {},
          .key_variable = settings.key_variable,
          .environment = environment};
}

TEST(ModelServiceOfSettings, key_is_the_value_of_the_variable_of_that_very_name) {
  EXPECT_EQ(model_service_of(settings(), {"MODEL_KEY_2=b", "XMODEL_KEY=c", "MODEL_KEY=a=b"}).key,
            "a=b");
  EXPECT_EQ(model_service_of(settings(), {"MODEL_KEY_2=b"}).key, "");
}

TEST(ModelServiceOfSettings, no_key_is_taken_where_none_is_wanted) {
  ModelSettings plain = settings();
  plain.key_variable.clear();
  EXPECT_EQ(model_service_of(plain, {"=a", "MODEL_KEY=a"}).key, "");
  EXPECT_TRUE(check_model_request(request_of(plain, {})));
}

TEST(ModelRequestCheck, variable_of_the_key_that_is_not_set_is_named) {
  const auto fit = check_model_request(request_of(settings(), {"MODEL_KEY="}));
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.error().code, ErrorCode::not_found);
  EXPECT_TRUE(has(fit.error().message, "'MODEL_KEY' of its key is not set")) << fit.error().message;
  EXPECT_FALSE(fit.error().next_step.empty());
  EXPECT_TRUE(check_model_request(request_of(settings(), {"MODEL_KEY=a"})));
}

TEST(ModelRequestCheck, another_machine_needs_leave) {
  ModelSettings remote = settings();
  remote.address = "https://model.example/v1";
  const auto refused = check_model_request(request_of(remote, {"MODEL_KEY=a"}));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(has(refused.error().next_step, "remote: true")) << refused.error().next_step;
  remote.is_remote = true;
  EXPECT_TRUE(check_model_request(request_of(remote, {"MODEL_KEY=a"})));
}

TEST(NoModelConfigured, says_where_to_name_one) {
  EXPECT_TRUE(has(no_model_configured({}).next_step, "~/.config/headway/config.yaml"));
  EnvironmentSettings settings;
  settings.config = "/etc/mine.yaml";
  EXPECT_TRUE(has(no_model_configured(settings).next_step, "/etc/mine.yaml"));
}

}  // namespace
}  // namespace headway::cli
