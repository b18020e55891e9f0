// The service that a language model is asked through, on this machine unless its owner has allowed
// another: `curl`, so that no network code of ours exists. Knows no settings file and no words of a
// question.
#pragma once

#include "base/clock.hpp"
#include "diagnostics/model_question.hpp"
#include "diagnostics/redaction.hpp"
#include "headway/result.hpp"

#include <string>
#include <string_view>

namespace headway {

// Where it is and what it wants. Only the user's own configuration fills this: no workflow file can
// send a log anywhere.
struct ModelService {
  std::string address;     // http://127.0.0.1:8080/v1: what stands before `/chat/completions`
  std::string model;       // as the service knows it
  std::string key{};       // sent as "Authorization: Bearer KEY"; empty: it wants none
  bool is_remote = false;  // its owner allows an address that is not this machine
  Nanos patience = std::chrono::seconds(60);  // whole seconds count
};

// Whether it is an address as ModelService has it: http:// or https://, a host, perhaps a port and
// a path; no user, no query, nothing that curl might read in another way.
bool is_model_address(std::string_view address);

// Whether an address is certain to be this machine: `localhost`, 127.0.0.0/8 or [::1], as they
// stand; no name is looked up.
bool is_on_this_machine(std::string_view address);

// Nothing is wrong with it, or what: no http:// or https:// address, one with a user or a query in
// it, one that is not on this machine without is_remote, a key over plain http:// to another
// machine. Error invalid_argument.
Result<void> check_model_service(const ModelService& service);

// All that would be sent, and what the answer is checked against.
struct RedactedQuestion {
  ModelQuestion question;
  std::string body;  // JSON
};

// Takes out of the question what must not leave the machine, then what is too much (fitting()).
// Lines stay lines: their positions are those of `question`.
RedactedQuestion redact_question(const ModelQuestion& question,
                                 const ModelService& service,
                                 Redactor& redactor);

// Where it is sent to.
std::string model_url(const ModelService& service);

// What curl reads as its configuration (curl(1), -K): the address, the headers with the key, and
// the body. No other place has the key: neither arguments nor environment.
std::string curl_configuration(const ModelService& service, std::string_view body);

// Sends it, and reads the answer. Proxies are used for another machine alone (the variables of
// `environment`, "NAME=value", in which PATH says where curl is); redirects are not followed,
// ~/.curlrc is not read. Errors: those of check_model_service() and read_model_response();
// not_found: there is no curl; io: no answer, or one with an HTTP status other than 200, or of
// more than QuickCommand::most_output bytes.
Result<ModelAnswer> ask_model(const ModelService& service,
                              const RedactedQuestion& asked,
                              const std::vector<std::string>& environment);

}  // namespace headway
