// From the user's settings and an explanation to what a language model would be asked: where, with
// which key, and what exactly. Sends nothing.
#pragma once

#include "cli/command.hpp"
#include "diagnostics/explanation.hpp"
#include "diagnostics/model_service.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// All of one question, redacted.
struct ModelRequest {
  ModelService service;
  RedactedQuestion asked;
  std::string key_variable;              // of the settings; empty: no key is wanted
  std::vector<std::string> environment;  // of this process, for ask_model()
};

// The service of the settings, with the key that `environment` ("NAME=value") has for it.
ModelService model_service_of(const ModelSettings& settings,
                              const std::vector<std::string>& environment);

// Nothing is in the way of sending, or what: the variable of the key is not set (not_found), or
// what check_model_service() says.
Result<void> check_model_request(const ModelRequest& request);

// What would be asked about `explanation`, of the failure of `stage` (empty: of no stage). Redacted
// is what is secret by the workflow file here and by the names of variables, the key, what looks
// like a secret, and who and where one is. Errors: not_found (no model is configured; the log shows
// no line); conflict (the workflow file has mistakes: what is secret by it is not known); those of
// prepare_doctor().
Result<ModelRequest> prepare_model_request(const GlobalOptions& options,
                                           const Explanation& explanation,
                                           const std::string& stage);

// No model is configured: what to do about it.
Error no_model_configured(const EnvironmentSettings& settings);

}  // namespace headway::cli
