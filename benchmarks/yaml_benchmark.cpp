// How long a workflow file of 10,000 stages takes: raw libyaml and yaml-cpp beside our own document
// and the whole load with validation. Knows nothing of running.
// Links: benchmark::benchmark_main, libyaml (yaml-0.1), yaml-cpp, and the layers model and base.
#include "model/workflow_file.hpp"
#include "model/yaml_parser.hpp"

#include <fmt/format.h>

#include <benchmark/benchmark.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>
#include <yaml.h>

#include <sstream>
#include <string>

namespace {

// Each stage has a name, a command and 1 to 3 needs.
std::string big_workflow(int stages) {
  std::string text = "version: 1\nname: big\nstages:\n";
  for (int i = 0; i < stages; ++i) {
    text += fmt::format(
        "  stage_{0}:\n    name: Stage number {0}\n    run: ./scripts/step.sh --index {0}\n", i);
    const int needs = 1 + i % 3;
    for (int n = 0; n < needs && i - 1 - n * 7 >= 0; ++n) {
      text += fmt::format("{}stage_{}", n == 0 ? "    needs: [" : ", ", i - 1 - n * 7);
    }
    text += i == 0 ? "" : "]\n";
  }
  return text;
}

std::string text_for(const benchmark::State& state) {
  return big_workflow(static_cast<int>(state.range(0)));
}

void libyaml_events(benchmark::State& state) {
  const std::string text = text_for(state);
  for (auto _ : state) {
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(
        &parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    bool more = true;
    std::size_t bytes = 0;
    while (more) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser, &event) == 0) {
        state.SkipWithError("libyaml refused the file");
        break;
      }
      bytes += event.type == YAML_SCALAR_EVENT ? event.data.scalar.length : 0;
      more = event.type != YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
    }
    benchmark::DoNotOptimize(bytes);
    yaml_parser_delete(&parser);
  }
}

// Counts events, so that nothing but yaml-cpp is measured.
class CountingHandler final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override { ++events; }
  void OnDocumentEnd() override { ++events; }
  void OnNull(const YAML::Mark&, YAML::anchor_t) override { ++events; }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { ++events; }
  void OnScalar(const YAML::Mark&,
                const std::string&,
                YAML::anchor_t,
                const std::string&) override {
    ++events;
  }
  void OnSequenceStart(const YAML::Mark&,
                       const std::string&,
                       YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    ++events;
  }
  void OnSequenceEnd() override { ++events; }
  void OnMapStart(const YAML::Mark&,
                  const std::string&,
                  YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    ++events;
  }
  void OnMapEnd() override { ++events; }

  long events = 0;
};

void yaml_cpp_events(benchmark::State& state) {
  const std::string text = text_for(state);
  for (auto _ : state) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    CountingHandler handler;
    while (parser.HandleNextDocument(handler)) {
    }
    benchmark::DoNotOptimize(handler.events);
  }
}

void yaml_cpp_tree(benchmark::State& state) {
  const std::string text = text_for(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(YAML::Load(text));
  }
}

void own_document(benchmark::State& state) {
  const std::string text = text_for(state);
  for (auto _ : state) {
    headway::ProblemList problems("headway.yaml");
    benchmark::DoNotOptimize(headway::parse_yaml(text, problems));
  }
}

void load_and_validate(benchmark::State& state) {
  const std::string text = text_for(state);
  for (auto _ : state) {
    const auto loaded = headway::parse_workflow(text, "headway.yaml", "/");
    if (!loaded.valid()) {
      state.SkipWithError("the generated file has mistakes");
    }
  }
}

BENCHMARK(libyaml_events)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(yaml_cpp_events)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(yaml_cpp_tree)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(own_document)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(load_and_validate)->Arg(10)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
