// What a language model is asked about a failure, and how far its answer is believed. Pure: sends
// nothing; knows no address.
#pragma once

#include "headway/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// All that a model gets to see. The caller has redacted it.
struct ModelQuestion {
  std::string stage;               // its key; empty: not known
  std::string command;             // what it runs; empty: not known
  std::string outcome;             // "exit code 2"
  std::string category;            // what facts and rules found: "unknown" where nothing
  std::vector<std::string> lines;  // of the failing part of the log, best part first
};

// What it said, as far as it could be checked. Never executed.
struct ModelAnswer {
  std::string text;     // cause and next step, one line, at most kMostText bytes
  std::string command;  // to paste; empty where it gave none, or one of more than a line
  std::vector<std::size_t> quoted;  // lines of the question that it rests on; never empty
  static constexpr std::size_t kMostText = 600;
};

// The question as far as it is sent: every text is cut at kMostTextBytes, and of the lines the
// first that make kMostQuestionBytes in all are left. To be cut after it was redacted: half a
// secret is not found.
ModelQuestion fitting(ModelQuestion question);
inline constexpr std::size_t kMostTextBytes = 1'000;
inline constexpr std::size_t kMostQuestionBytes = 12'000;

// The body of a request to `/chat/completions` (the OpenAI-compatible interface): `model` by name,
// temperature 0, an answer of a few hundred tokens. That it shall be JSON is said in words:
// `response_format` is refused by services that know only some of its kinds.
std::string model_request(std::string_view model, const ModelQuestion& question);
// The part of it that comes from the log and what is known around it.
std::string question_text(const ModelQuestion& question);

// Reads the body of the response. An answer must quote the lines it rests on, and every quote must
// stand in the question (blanks aside): what it cites without having seen it is made up. Errors:
// parse (no such response, not the JSON that was asked for); conflict (a quote that is not there,
// or none); not_found (it says that it does not know).
Result<ModelAnswer> read_model_response(std::string_view body, const ModelQuestion& question);

// What a service says is wrong ({"error": {"message": ...}}, or only {"error": ...}), as one line
// of at most kMostErrorBytes; empty where it says nothing.
std::string service_error(std::string_view body);
inline constexpr std::size_t kMostErrorBytes = 200;

}  // namespace headway
