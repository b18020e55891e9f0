// The library's face of a diagnosis; see headway/diagnostics.hpp.
#include "headway/diagnostics.hpp"

#include "base/files.hpp"
#include "base/secret_values.hpp"
#include "diagnostics/diagnosis.hpp"
#include "diagnostics/redaction.hpp"
#include "diagnostics/usual_tools.hpp"

#include <unistd.h>

#include <string_view>
#include <utility>
#include <vector>

namespace headway {
namespace {

SecretSet secrets_of(const std::vector<std::string>& environment) {
  std::vector<std::pair<std::string, std::string>> variables;
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos) {
      variables.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
    }
  }
  return SecretSet(secret_values(variables, {}));
}

}  // namespace

DiagnosticReport DiagnosticCollector::generate_diagnostic_report(const std::string& log_dir,
                                                                 const std::string& status_file) {
  DiagnosisRequest request;
  request.doctor.directory = current_directory();
  request.doctor.state = state_folder(request.doctor.directory, "");
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    request.doctor.environment.emplace_back(*entry);
  }
  request.doctor.other_tools = usual_tools();
  request.log_folder = log_dir;
  request.status_file = status_file;
  const auto diagnosis = diagnose(request);
  if (!diagnosis) {
    return {diagnosis.error().message + "\n", "{\"format\":1}"};
  }
  Redactor redactor(secrets_of(request.doctor.environment));
  return {redactor.redact(diagnosis_text(*diagnosis)),
          redactor.redact_json(diagnosis_document(*diagnosis))};
}

}  // namespace headway
