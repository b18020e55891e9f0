// The user's configuration, ~/.config/headway/config.yaml: settings below those of the environment.
// Knows no command.
#pragma once

#include "cli/command.hpp"
#include "model/problem.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// Where it is: HEADWAY_CONFIG, else in the home folder; "" where there is none. (A named one need
// not exist: reading it will tell.)
std::string user_config_path(const EnvironmentSettings& settings);

// Fills what is not set yet in `settings` from the text; the mistakes in it, by place.
std::vector<Problem> read_user_config(std::string_view text,
                                      const std::string& file,
                                      EnvironmentSettings& settings);

}  // namespace headway::cli
