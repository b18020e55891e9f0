// Runs as OTLP/JSON.
#include "report/otlp_report.hpp"

#include "base/json.hpp"
#include "model/trace_context.hpp"
#include "support/run_script.hpp"

#include <gtest/gtest.h>

#include <map>

namespace headway {
namespace {

using namespace std::chrono_literals;

struct ReadSpan {
  std::string trace, id, parent, name, begin, end, message;
  int kind = 0;
  int code = 0;
  std::map<std::string, std::string> attributes;
};

std::map<std::string, std::string> attributes_of(const Json& list) {
  std::map<std::string, std::string> attributes;
  for (const Json& one : list.items()) {
    const Json& value = one["value"];
    attributes[one["key"].as_string()] =
        value.contains("doubleValue")
            ? std::to_string(value["doubleValue"].as_number())
            : value[value.contains("intValue") ? "intValue" : "stringValue"].as_string();
  }
  return attributes;
}

std::vector<ReadSpan> spans_of(const RunScript& script) {
  RunAttempts run;
  script.tell([&run](const RunEvent& event) { run.apply(event); });
  const auto document = Json::parse(otlp_report(run));
  EXPECT_TRUE(document);
  std::vector<ReadSpan> spans;
  if (!document) {
    return spans;
  }
  const Json& scope = (*document)["resourceSpans"].items().at(0)["scopeSpans"].items().at(0);
  for (const Json& one : scope["spans"].items()) {
    ReadSpan span;
    span.trace = one["traceId"].as_string();
    span.id = one["spanId"].as_string();
    span.parent = one["parentSpanId"].as_string();
    span.name = one["name"].as_string();
    span.begin = one["startTimeUnixNano"].as_string();
    span.end = one["endTimeUnixNano"].as_string();
    span.kind = static_cast<int>(one["kind"].as_number());
    span.code = static_cast<int>(one["status"]["code"].as_number());
    span.message = one["status"]["message"].as_string();
    span.attributes = attributes_of(one["attributes"]);
    spans.push_back(std::move(span));
  }
  return spans;
}

RunScript failing_run() {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1, {0})});
  script.at(1s).start(0).at(2s).add(StageRetrying{0, 1, FailureKind::timeout, 0, 15, 0s});
  script.start(0, 2).at(3s).fail(0, 1s, 7).skip(1, "needs 'a', which failed");
  script.finish_run(RunStatus::failed, 1);
  return script;
}

TEST(OtlpReport, run_stages_and_attempts_are_spans_within_each_other) {
  const RunScript script = failing_run();
  const std::vector<ReadSpan> spans = spans_of(script);
  ASSERT_EQ(spans.size(), 5U);
  const ReadSpan& run = spans[0];
  EXPECT_EQ(run.trace, "019aabcd00007000800000000000abcd");
  EXPECT_EQ(run.parent, "");
  EXPECT_EQ(run.kind, 2);
  EXPECT_EQ(run.begin, "1795345200000000000");
  EXPECT_EQ(run.end, "1795345203000000000");
  for (const ReadSpan& span : spans) {
    EXPECT_EQ(span.trace, run.trace);
  }
  EXPECT_EQ(spans[1].parent, run.id);
  EXPECT_EQ(spans[2].parent, run.id);
  EXPECT_EQ(spans[3].parent, spans[1].id);
  EXPECT_EQ(spans[4].parent, spans[1].id);
  // What the stage itself was told in TRACEPARENT.
  EXPECT_EQ(spans[4].id, span_id_of(script.run_id(), {0, 2}));
}

TEST(OtlpReport, results_are_in_the_words_of_the_conventions) {
  const std::vector<ReadSpan> spans = spans_of(failing_run());
  ASSERT_EQ(spans.size(), 5U);
  EXPECT_EQ(spans[0].attributes.at("cicd.pipeline.name"), "demo");
  EXPECT_EQ(spans[0].attributes.at("cicd.pipeline.result"), "failure");
  EXPECT_EQ(spans[0].attributes.at("error.type"), "exit_code");
  EXPECT_EQ(spans[0].code, 2);
  EXPECT_EQ(spans[1].attributes.at("cicd.pipeline.task.run.result"), "failure");
  EXPECT_EQ(spans[1].message, "exit code 7");
  EXPECT_EQ(spans[1].attributes.at("headway.attempts"), "2");
  EXPECT_EQ(spans[2].attributes.at("cicd.pipeline.task.run.result"), "skip");
  EXPECT_EQ(spans[2].begin, spans[2].end);
  EXPECT_EQ(spans[2].code, 0);
  EXPECT_EQ(spans[3].attributes.at("cicd.pipeline.task.run.result"), "timeout");
  EXPECT_EQ(spans[3].attributes.at("headway.signal"), "15");
  EXPECT_EQ(spans[4].attributes.at("process.exit.code"), "7");
}

TEST(OtlpReport, run_within_a_trace_is_a_child_of_the_span_around_it) {
  RunScript script;
  RunStarted start;
  start.workflow = "demo";
  start.stages = {planned("a", 0)};
  start.trace_parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  script.add(std::move(start)).at(1s).finish_run(RunStatus::completed, 0);
  const std::vector<ReadSpan> spans = spans_of(script);
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[0].trace, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(spans[0].parent, "b7ad6b7169203331");
  EXPECT_EQ(spans[0].attributes.at("cicd.pipeline.result"), "success");
  EXPECT_EQ(spans[0].code, 1);
}

TEST(OtlpReport, run_that_goes_on_has_no_results) {
  RunScript script;
  script.start_run({planned("a", 0)}).start(0).at(2s).add(ResourcesSampled{});
  const std::vector<ReadSpan> spans = spans_of(script);
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_FALSE(spans[0].attributes.contains("cicd.pipeline.result"));
  EXPECT_FALSE(spans[2].attributes.contains("process.exit.code"));
  EXPECT_EQ(spans[2].end, "1795345202000000000");
}

}  // namespace
}  // namespace headway
