// See model_service.hpp.
#include "diagnostics/model_service.hpp"

#include "base/text.hpp"
#include "host/program_lookup.hpp"
#include "host/quick_command.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace headway {
namespace {

constexpr std::string_view kOk = "200";
constexpr std::size_t kMostToldOfCurl = 200;

// What an address consists of; the host in lower case, without brackets.
struct AddressParts {
  bool is_encrypted = false;
  std::string host;
};

// Strict: what curl might read in another way (a user, a query, a backslash) is no address.
std::optional<AddressParts> parts_of(std::string_view address) {
  AddressParts parts;
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kEncrypted = "https://";
  parts.is_encrypted = address.starts_with(kEncrypted);
  if (!parts.is_encrypted && !address.starts_with(kPlain)) {
    return std::nullopt;
  }
  address.remove_prefix(parts.is_encrypted ? kEncrypted.size() : kPlain.size());
  const bool is_clean = std::all_of(address.begin(), address.end(), [](char c) {
    return c > ' ' && c <= '~' && std::string_view("@?#\\\"'`^|<>{}%").find(c) == std::string::npos;
  });
  std::string_view host = address.substr(0, address.find('/'));
  const bool in_brackets = host.starts_with('[');
  host = host.substr(0, in_brackets ? host.find(']') : host.find(':'));
  host.remove_prefix(in_brackets ? 1 : 0);
  for (const char c : host) {
    parts.host += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return is_clean && !parts.host.empty() ? std::optional(parts) : std::nullopt;
}

bool is_loopback(const std::string& host) {
  in_addr four{};
  in6_addr six{};
  constexpr std::uint32_t kLoopbackNet = 127;
  return host == "localhost" ||
         (::inet_pton(AF_INET, host.c_str(), &four) == 1 &&
          ntohl(four.s_addr) >> 24U == kLoopbackNet) ||
         (::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six));
}

Error unfit(std::string_view address, std::string_view why) {
  return {ErrorCode::invalid_argument, fmt::format("ask the model at '{}': {}", address, why)};
}

std::int64_t whole_seconds(Nanos patience) {
  return std::max<std::int64_t>(1,
                                std::chrono::duration_cast<std::chrono::seconds>(patience).count());
}

// In double quotes, as curl's configuration has it.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    constexpr std::string_view kEscaped = "\\\"\t\n\r\v";
    constexpr std::string_view kLetters = "\\\"tnrv";
    const std::size_t at = kEscaped.find(c);
    out += at == std::string_view::npos ? std::string(1, c) : std::string("\\") + kLetters[at];
  }
  return out + "\"";
}

std::string value_of(const std::vector<std::string>& environment, std::string_view name) {
  for (const std::string& entry : environment) {
    if (entry.starts_with(name) && entry.substr(name.size(), 1) == "=") {
      return entry.substr(name.size() + 1);
    }
  }
  return "";
}

// curl needs no more; a variable of a stage or of ours tells it nothing.
std::vector<std::string> environment_for_curl(const std::vector<std::string>& environment) {
  std::vector<std::string> kept;
  for (const char* name : {"PATH",
                           "HOME",
                           "http_proxy",
                           "https_proxy",
                           "HTTPS_PROXY",
                           "all_proxy",
                           "ALL_PROXY",
                           "no_proxy",
                           "NO_PROXY",
                           "SSL_CERT_FILE",
                           "SSL_CERT_DIR",
                           "CURL_CA_BUNDLE"}) {
    if (const std::string value = value_of(environment, name); !value.empty()) {
      kept.push_back(fmt::format("{}={}", name, value));
    }
  }
  return kept;
}

Error no_answer(const ModelService& service, std::string_view what) {
  return {ErrorCode::io, fmt::format("ask the model at {}: {}", service.address, what)};
}

// What curl says about itself: "curl: (7) Failed to connect to localhost port 1".
std::string trouble_of(std::string_view output) {
  const std::size_t at = output.find("curl: (");
  const std::string_view line = at == std::string_view::npos ? "curl failed" : output.substr(at);
  return std::string(line.substr(0, std::min(line.find('\n'), kMostToldOfCurl)));
}

// The body, where the status below it is good. What a service says of an error is in the body, too.
Result<std::string> body_of(const ModelService& service, const QuickAnswer& answer) {
  const std::string& output = answer.output;
  if (answer.is_cut) {
    return no_answer(service, fmt::format("its answer is over {} KiB", output.size() >> 10U));
  }
  if (!answer.is_good()) {
    return no_answer(service, answer.is_late ? "it takes too long" : trouble_of(output));
  }
  const std::size_t line = output.rfind('\n');
  const std::string status = line == std::string::npos ? "" : output.substr(line + 1);
  std::string body = output.substr(0, line);
  if (status == kOk) {
    return body;
  }
  const std::string told = service_error(body);
  return no_answer(service,
                   fmt::format("HTTP status {}{}{}", status, told.empty() ? "" : ": ", told));
}

}  // namespace

bool is_model_address(std::string_view address) {
  return parts_of(address).has_value();
}

bool is_on_this_machine(std::string_view address) {
  const auto parts = parts_of(address);
  return parts && is_loopback(parts->host);
}

Result<void> check_model_service(const ModelService& service) {
  const auto parts = parts_of(service.address);
  if (!parts) {
    return unfit(service.address, "it must be like http://localhost:8080/v1");
  }
  if (service.model.empty()) {
    return unfit(service.address, "which model is meant is not said");
  }
  const bool is_here = is_loopback(parts->host);
  if (!is_here && !service.is_remote) {
    Error refusal = unfit(service.address, "it is not this machine");
    refusal.next_step = "allow it by 'remote: true' below 'model' in your configuration";
    return refusal;
  }
  if (!is_here && !parts->is_encrypted && !service.key.empty()) {
    return unfit(service.address, "a key needs https://");
  }
  if (std::any_of(
          service.key.begin(), service.key.end(), [](char c) { return c <= ' ' || c > '~'; })) {
    return unfit(service.address, "its key has characters that no key has");
  }
  return {};
}

RedactedQuestion redact_question(const ModelQuestion& question,
                                 const ModelService& service,
                                 Redactor& redactor) {
  RedactedQuestion asked;
  asked.question.stage = redactor.redact(question.stage);
  asked.question.command = redactor.redact(question.command);
  asked.question.outcome = redactor.redact(question.outcome);
  asked.question.category = question.category;
  const std::string lines = redactor.redact(join(question.lines, "\n"));
  for (const std::string_view line : split(lines, '\n')) {
    asked.question.lines.emplace_back(line);
  }
  asked.question = fitting(std::move(asked.question));
  asked.body = model_request(service.model, asked.question);
  return asked;
}

std::string model_url(const ModelService& service) {
  return service.address + "/chat/completions";
}

std::string curl_configuration(const ModelService& service, std::string_view body) {
  std::string text = fmt::format("url = {}\n", quoted(model_url(service)));
  if (!service.key.empty()) {
    text += fmt::format("header = {}\n", quoted("Authorization: Bearer " + service.key));
  }
  text += "header = \"Content-Type: application/json\"\nheader = \"Expect:\"\n";
  text += "proto = \"=http,https\"\nmax-redirs = 0\ngloboff\nsilent\nshow-error\n";
  text += fmt::format("max-time = {}\n", whole_seconds(service.patience));
  text += is_on_this_machine(service.address) ? "noproxy = \"*\"\n" : "";
  text += "write-out = \"\\n%{http_code}\"\n";
  return text + fmt::format("data-raw = {}\n", quoted(body));
}

Result<ModelAnswer> ask_model(const ModelService& service,
                              const RedactedQuestion& asked,
                              const std::vector<std::string>& environment) {
  if (auto fit = check_model_service(service); !fit) {
    return std::move(fit).error();
  }
  const std::string path = value_of(environment, "PATH");
  const auto curl = find_program("curl", {path.empty() ? kDefaultPath : path, "/"});
  if (!curl) {
    return Error{ErrorCode::not_found, "ask the model: there is no 'curl'", "install curl"};
  }
  QuickCommand command;
  command.argv = {*curl, "-q", "--config", "-"};
  command.environment = environment_for_curl(environment);
  command.input = curl_configuration(service, asked.body);
  command.patience = std::chrono::seconds(whole_seconds(service.patience) + 1);
  const auto body = body_of(service, run_quick_command(command));
  if (!body) {
    return body.error();
  }
  return read_model_response(*body, asked.question);
}

}  // namespace headway
