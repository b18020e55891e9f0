// See model_request.hpp.
#include "cli/project/model_request.hpp"

#include "base/text.hpp"
#include "cli/project/doctor_request.hpp"
#include "diagnostics/model_advice.hpp"
#include "orchestration/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway::cli {
namespace {

std::string value_of(const std::vector<std::string>& environment, std::string_view name) {
  for (const std::string& entry : environment) {
    if (entry.starts_with(name) && entry.substr(name.size(), 1) == "=") {
      return entry.substr(name.size() + 1);
    }
  }
  return "";
}

// What is secret by the workflow, and the key of the model.
SecretSet secrets_of(const PreparedDoctor& prepared, const std::string& key_variable) {
  if (key_variable.empty()) {
    return prepared.secrets;
  }
  Workflow workflow = prepared.workflow ? *prepared.workflow : Workflow();
  workflow.secrets.push_back(key_variable);
  return workflow_secrets(workflow, prepared.request.environment);
}

// The command of the stage as the file has it now; empty where it has no such stage.
std::string command_of(const PreparedDoctor& prepared, const std::string& key) {
  if (!prepared.workflow || key.empty()) {
    return "";
  }
  const auto& stages = prepared.workflow->stages;
  const auto stage =
      std::find_if(stages.begin(), stages.end(), [&](const Stage& one) { return one.key == key; });
  if (stage == stages.end()) {
    return "";
  }
  if (stage->run.is_script()) {
    return std::string(trim(stage->run.script));
  }
  std::vector<std::string> words;
  for (const std::string& word : stage->run.argv) {
    words.push_back(shell_quote(word));
  }
  return join(words, " ");
}

}  // namespace

ModelService model_service_of(const ModelSettings& settings,
                              const std::vector<std::string>& environment) {
  return {.address = settings.address,
          .model = settings.name,
          .key = settings.key_variable.empty() ? "" : value_of(environment, settings.key_variable),
          .is_remote = settings.is_remote,
          .patience = settings.timeout};
}

Result<void> check_model_request(const ModelRequest& request) {
  if (auto fit = check_model_service(request.service); !fit) {
    return fit;
  }
  if (!request.key_variable.empty() && request.service.key.empty()) {
    return Error{ErrorCode::not_found,
                 fmt::format("ask the model at {}: the variable '{}' of its key is not set",
                             request.service.address,
                             request.key_variable),
                 "set it, or take 'key_variable' out of your configuration"};
  }
  return {};
}

Result<ModelRequest> prepare_model_request(const GlobalOptions& options,
                                           const Explanation& explanation,
                                           const std::string& stage) {
  const ModelSettings& settings = options.settings.model;
  if (settings.address.empty()) {
    return no_model_configured(options.settings);
  }
  auto prepared = prepare_doctor(options, "");
  if (!prepared) {
    return prepared.error();
  }
  if (!prepared->request.problems.empty()) {
    return Error{ErrorCode::conflict,
                 fmt::format("ask the model: {} has mistakes, so what is secret is not known",
                             prepared->request.workflow_file),
                 "mend it: headway validate"};
  }
  ModelQuestion question = question_about(explanation);
  if (question.lines.empty()) {
    return Error{ErrorCode::not_found, "ask the model: there is no line of a log to ask about"};
  }
  question.stage = stage;
  question.command = command_of(*prepared, stage);
  ModelRequest request;
  request.environment = prepared->request.environment;
  request.service = model_service_of(settings, request.environment);
  request.key_variable = settings.key_variable;
  Redactor redactor(secrets_of(*prepared, settings.key_variable), Identity::here());
  request.asked = redact_question(question, request.service, redactor);
  return request;
}

Error no_model_configured(const EnvironmentSettings& settings) {
  const std::string file =
      settings.config.empty() ? "~/.config/headway/config.yaml" : settings.config;
  return {
      ErrorCode::not_found,
      "ask a language model: none is configured",
      fmt::format("name one in {}, such as: model: {{address: 'http://localhost:8080/v1', name: "
                  "qwen2.5-coder}}",
                  file)};
}

}  // namespace headway::cli
