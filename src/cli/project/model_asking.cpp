// See model_asking.hpp.
#include "cli/project/model_asking.hpp"

#include "cli/project/model_request.hpp"
#include "cli/text/explanation_text.hpp"
#include "cli/text/model_text.hpp"
#include "diagnostics/model_advice.hpp"

#include <utility>

namespace headway::cli {
namespace {

Result<Suggestion> ask_about(const Explanation& explanation,
                             const std::string& stage,
                             const GlobalOptions& options,
                             Console& console) {
  const auto request = prepare_model_request(options, explanation, stage);
  if (!request) {
    return request.error();
  }
  if (auto fit = check_model_request(*request); !fit) {
    return std::move(fit).error();
  }
  if (options.terminal.error_is_terminal && !options.quiet) {
    console.tell_line(asking_text(request->service));
  }
  const auto answer = ask_model(request->service, request->asked, request->environment);
  if (!answer) {
    return answer.error();
  }
  return advice_of(*answer, request->service.model, explanation);
}

}  // namespace

int show_model_question(const Explanation& explanation,
                        const std::string& stage,
                        const GlobalOptions& options,
                        Console& console) {
  const auto request = prepare_model_request(options, explanation, stage);
  if (!request) {
    return console.refuse(request.error());
  }
  console.say_always(model_request_text(*request));
  if (options.json) {
    console.document(model_request_document(*request));
  }
  if (const auto fit = check_model_request(*request); !fit) {
    return console.refuse(fit.error());
  }
  return console.finish(0);
}

void add_model_advice(Explanation& explanation,
                      const std::string& stage,
                      const GlobalOptions& options,
                      Console& console) {
  auto advice = ask_about(explanation, stage, options, console);
  if (!advice) {
    console.tell(advice.error());
    return;
  }
  const bool is_first = explanation.suggestions.empty();
  explanation.suggestions.push_back(std::move(*advice));
  console.say_always((is_first ? "\nwhat to try:\n" : "") +
                     advice_text(told(explanation).suggestions.back(),
                                 {.paint = console.paint(), .width = console.width()}));
}

}  // namespace headway::cli
