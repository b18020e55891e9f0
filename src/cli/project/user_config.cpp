// See user_config.hpp.
#include "cli/project/user_config.hpp"

#include "base/files.hpp"
#include "diagnostics/model_service.hpp"
#include "model/value_reader.hpp"
#include "model/yaml_parser.hpp"
#include "orchestration/run_plan.hpp"

#include <fmt/format.h>

#include <stdlib.h>

#include <algorithm>
#include <utility>

namespace headway::cli {
namespace {

bool is_good(std::string_view key, const std::string& value) {
  if (key == "jobs") {
    return parse_jobs(value).has_value();
  }
  const std::vector<std::string> known =
      key == "output" ? output_spellings() : std::vector<std::string>{"auto", "always", "never"};
  return key == "state_dir" || std::find(known.begin(), known.end(), value) != known.end();
}

const char* expectation(std::string_view key) {
  return key == "jobs"     ? "a number from 1 on, a share such as 50%, or auto"
         : key == "output" ? "auto, live, plain, stream, quiet or events"
                           : "auto, always or never";
}

void read_setting(ValueReader& reader, const FileField& field, EnvironmentSettings& settings) {
  std::string value;
  if (!reader.read_name(field, value)) {
    return;
  }
  if (!is_good(field.key, value)) {
    reader.refuse(field, expectation(field.key));
    return;
  }
  std::string& target = field.key == "jobs"     ? settings.jobs
                        : field.key == "output" ? settings.output
                        : field.key == "color"  ? settings.color
                                                : settings.state_directory;
  target = target.empty() ? value : target;
}

bool is_variable(std::string_view text) {
  return text.front() > '9' && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

void read_address(ValueReader& reader, const FileField& field, ModelSettings& model) {
  std::string value;
  if (!reader.read_name(field, value)) {
    return;
  }
  if (is_model_address(value)) {
    model.address = value.substr(0, value.find_last_not_of('/') + 1);
  } else if (value.find('@') != std::string::npos) {
    // Without the value: it may be a password.
    reader.problems().add(field.value.at(),
                          fmt::format("{} must have no user and no password in it: name the "
                                      "variable of a key as 'key_variable'",
                                      describe(field)));
  } else {
    reader.refuse(field, "an address such as http://localhost:8080/v1");
  }
}

void read_key_variable(ValueReader& reader, const FileField& field, ModelSettings& model) {
  std::string value;
  if (!reader.read_name(field, value)) {
    return;
  }
  if (is_variable(value)) {
    model.key_variable = value;
  } else {
    // Without the value: it may be the key.
    reader.problems().add(
        field.value.at(),
        fmt::format("{} must be the name of an environment variable", describe(field)));
  }
}

void read_patience(ValueReader& reader, const FileField& field, ModelSettings& model) {
  constexpr Nanos kLongest = std::chrono::hours(1);
  Nanos value{};
  if (!reader.read_duration(field, ZeroDuration::refused, value)) {
    return;
  }
  if (value < std::chrono::seconds(1) || value > kLongest) {
    reader.refuse(field, "from 1s to 1h");
    return;
  }
  model.timeout = value;
}

void read_model_setting(ValueReader& reader, const FileField& field, ModelSettings& model) {
  if (field.key == "address") {
    read_address(reader, field, model);
  } else if (field.key == "name") {
    reader.read_name(field, model.name);
  } else if (field.key == "key_variable") {
    read_key_variable(reader, field, model);
  } else if (field.key == "remote") {
    reader.read_boolean(field, model.is_remote);
  } else {
    read_patience(reader, field, model);
  }
}

void read_model(ValueReader& reader, const FileField& field, ModelSettings& model) {
  if (!reader.accept_mapping(field, "a mapping")) {
    return;
  }
  const Owner owner{"model"};
  std::string missing = "address";
  bool has_name = false;
  for (const auto& [key, value] : field.value.entries()) {
    if (reader.accept_key(KeyScope::model_settings, owner, key)) {
      read_model_setting(reader, {owner, key.text, value}, model);
    }
    missing = key.text == "address" ? "" : missing;
    has_name = has_name || key.text == "name";
  }
  missing = missing.empty() && !has_name ? "name" : missing;
  if (!missing.empty()) {
    reader.problems().add(field.value.at(), fmt::format("'model' has no '{}'", missing));
  }
}

}  // namespace

std::string user_config_path(const EnvironmentSettings& settings) {
  if (!settings.config.empty()) {
    return settings.config;
  }
  const char* home = ::getenv("HOME");
  const std::string path =
      home == nullptr ? "" : std::string(home) + "/.config/headway/config.yaml";
  return path_exists(path) ? path : "";
}

std::vector<Problem> read_user_config(std::string_view text,
                                      const std::string& file,
                                      EnvironmentSettings& settings) {
  ProblemList problems(file);
  if (!says_anything(text)) {
    return {};
  }
  const auto document = parse_yaml(text, problems);
  if (document && document->root().is_mapping()) {
    ValueReader reader(problems);
    const std::string name = file.substr(file.rfind('/') + 1);
    for (const auto& [key, value] : document->root().entries()) {
      if (reader.accept_key(KeyScope::settings, {"file", name}, key)) {
        const FileField field{{}, key.text, value};
        if (key.text == "model") {
          read_model(reader, field, settings.model);
        } else {
          read_setting(reader, field, settings);
        }
      }
    }
  } else if (document && !document->root().is_null()) {
    problems.add(document->root().at(), "the file must be a mapping of settings");
  }
  return problems.take();
}

}  // namespace headway::cli
