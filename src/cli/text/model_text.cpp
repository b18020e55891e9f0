// See model_text.hpp.
#include "cli/text/model_text.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/terminal/text_layout.hpp"

#include <fmt/format.h>

#include <chrono>

namespace headway::cli {
namespace {

constexpr std::string_view kContentType = "application/json";

// The key itself is shown nowhere.
std::string authorization_of(const ModelRequest& request) {
  return request.key_variable.empty() ? "" : fmt::format("Bearer ${}", request.key_variable);
}

std::string place_of(const ModelService& service) {
  return is_on_this_machine(service.address) ? "this machine" : "another machine";
}

}  // namespace

std::string model_request_text(const ModelRequest& request) {
  const std::string authorization = authorization_of(request);
  std::string text = fmt::format(
      "POST {}  ({})\n", printable(model_url(request.service)), place_of(request.service));
  text += authorization.empty() ? "" : fmt::format("Authorization: {}\n", authorization);
  text += fmt::format("Content-Type: {}\n\n{}\n\n", kContentType, printable(request.asked.body));
  text += "what that says of the failure:\n";
  const std::string question = question_text(request.asked.question);
  for (const std::string_view line : split(trim(question), '\n')) {
    text += fmt::format("  {}\n", printable(line));
  }
  return text + (check_model_request(request) ? "\nnothing was sent\n" : "");
}

std::string model_request_document(const ModelRequest& request) {
  const std::string authorization = authorization_of(request);
  const auto fit = check_model_request(request);
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).field("method", "POST");
  json.field("url", model_url(request.service));
  json.field("on_this_machine", is_on_this_machine(request.service.address));
  json.key("headers").begin_object().field("Content-Type", kContentType);
  if (!authorization.empty()) {
    json.field("Authorization", authorization);
  }
  json.end_object().key("body").raw(request.asked.body).key("refusal");
  fit ? json.null() : json.string(fit.error().message);
  json.end_object();
  return text;
}

std::string asking_text(const ModelService& service) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(service.patience);
  return fmt::format("asking the language model '{}' at {}, {} s at most",
                     service.model,
                     service.address,
                     seconds.count());
}

}  // namespace headway::cli
