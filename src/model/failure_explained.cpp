// An explanation as fields of JSON, and back: see the header.
#include "model/failure_explained.hpp"

#include "base/json.hpp"
#include "base/json_writer.hpp"

#include <algorithm>
#include <limits>

namespace headway {
namespace {

void write_advice(JsonWriter& json, const ExplainedAdvice& advice) {
  json.begin_object();
  json.field("id", advice.id).field("text", advice.text).field("command", advice.command);
  json.field("confidence", advice.confidence).field_token("source", advice.source);
  json.key("evidence_lines").begin_array();
  for (const std::int64_t line : advice.evidence_lines) {
    json.number(line);
  }
  json.end_array().end_object();
}

ExplainedAdvice read_advice(const Json& json) {
  ExplainedAdvice advice{.id = json["id"].as_string(),
                         .text = json["text"].as_string(),
                         .command = json["command"].as_string(),
                         .source = json["source"].as_string(),
                         .confidence = json["confidence"].as_number()};
  for (const Json& line : json["evidence_lines"].items()) {
    advice.evidence_lines.push_back(line.as_integer());
  }
  return advice;
}

}  // namespace

void write_explained(JsonWriter& json, const FailureExplained& explained) {
  json.field_token("category", explained.category).field("confidence", explained.confidence);
  json.key("excerpt").begin_array();
  for (const ExplainedLines& block : explained.excerpt) {
    json.begin_object().field("first", block.first).field("last", block.last);
    json.field("text", block.text).end_object();
  }
  json.end_array().key("anchor_line");
  explained.anchor_line > 0 ? json.number(explained.anchor_line) : json.null();
  json.field("lines", explained.lines);
  json.key("suggestions").begin_array();
  for (const ExplainedAdvice& advice : explained.suggestions) {
    write_advice(json, advice);
  }
  json.end_array();
}

FailureExplained read_explained(const Json& json) {
  FailureExplained explained;
  explained.attempt = static_cast<int>(
      std::clamp<std::int64_t>(json["attempt"].as_integer(1), 1, std::numeric_limits<int>::max()));
  explained.category = json["category"].as_string();
  explained.confidence = json["confidence"].as_number();
  explained.lines = json["lines"].as_integer();
  explained.anchor_line = json["anchor_line"].as_integer();
  for (const Json& block : json["excerpt"].items()) {
    explained.excerpt.push_back({.first = block["first"].as_integer(),
                                 .last = block["last"].as_integer(),
                                 .text = block["text"].as_string()});
  }
  for (const Json& advice : json["suggestions"].items()) {
    explained.suggestions.push_back(read_advice(advice));
  }
  return explained;
}

}  // namespace headway
