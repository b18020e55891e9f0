// libFuzzer target: any bytes as the lines of an events.jsonl behind the first, which is a plan of
// three stages. Beyond "no crash": what is read is written and read again as the same line, and
// what is folded from it can be told in words and documents.
#include "base/json.hpp"
#include "base/text.hpp"
#include "model/run_event_json.hpp"
#include "record/run_document.hpp"
#include "record/run_state.hpp"
#include "record/status_document.hpp"

#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view kPlan =
    R"({"seq":1,"ts":"2026-11-22T11:00:00Z","elapsed_ns":0,"event":"run_started","run_id":"r",)"
    R"("stages":[{"key":"a","needs":[]},{"key":"b","needs":["a"]},{"key":"c","needs":["a","b"]}]})";

void require(bool holds) {
  if (!holds) {
    abort();
  }
}

std::vector<std::string> keys_of(const headway::RunStarted& start) {
  std::vector<std::string> keys;
  for (const headway::PlannedStage& stage : start.stages) {
    keys.push_back(stage.key);
  }
  return keys;
}

// Written and read, an event is the same line once more.
void check_line(const headway::RunEvent& event,
                const std::vector<std::string>& keys,
                headway::RunEventReader reader) {
  std::string first;
  append_event_line(first, event, keys, headway::SecretSet());
  const auto again = reader.read(std::string_view(first).substr(0, first.size() - 1));
  require(again.has_value() && again->has_value());
  std::string second;
  append_event_line(second, **again, keys, headway::SecretSet());
  require(first == second);
}

void check_state(const headway::RunState& state) {
  require(state.finished >= 0 && state.finished <= static_cast<int>(state.stages.size()));
  require(state.running >= 0 && state.running <= state.peak_running);
  require(observed_critical_path(state).size() <= state.stages.size());
  require(headway::Json::parse(run_document(state, "/run", headway::SecretSet())).has_value());
  require(headway::Json::parse(status_document(state, headway::SecretSet())).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  headway::RunEventReader reader;
  headway::RunState state;
  std::vector<std::string> keys;
  const std::string text =
      std::string(kPlan) + "\n" + std::string(reinterpret_cast<const char*>(data), size);
  for (const std::string_view line : headway::split(text, '\n')) {
    const auto event = reader.read(line);
    if (!event || !event->has_value()) {
      continue;
    }
    if (const auto* start = std::get_if<headway::RunStarted>(&(*event)->body)) {
      keys = keys_of(*start);
    }
    check_line(**event, keys, reader);
    state.apply(**event);
  }
  check_state(state);
  mark_interrupted(state);
  check_state(state);
  return 0;
}
