// See regressions_text.hpp.
#include "cli/text/regressions_text.hpp"

#include "base/units.hpp"
#include "base/uuid.hpp"
#include "cli/terminal/text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace headway::cli {
namespace {

constexpr std::size_t kShownCommit = 10;

std::string duration(double seconds) {
  return format_duration(std::chrono::duration_cast<Nanos>(Seconds(std::min(seconds, 9e9))));
}

std::string cause_text(ChangeCause cause) {
  std::string text(to_string(cause));
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string since_text(const LevelChange& change) {
  std::string text = change.at_run.empty() ? "since a run" : "since run " + short_id(change.at_run);
  const int ago = change.runs_since - 1;
  text += change.at_commit.empty()
              ? " ("
              : fmt::format(" (commit {}, ", printable(change.at_commit.substr(0, kShownCommit)));
  return text + count_of(ago, "run") + " ago)";
}

void write_text(JsonWriter& json, std::string_view name, const std::string& text) {
  json.key(name);
  text.empty() ? json.null() : json.token(text);
}

double rounded(double value) {
  constexpr double kDigits = 1e6;
  return std::round(value * kDigits) / kDigits;
}

void write_changes(JsonWriter& json,
                   std::string_view name,
                   const std::vector<LevelChange>& changes) {
  json.key(name).begin_array();
  for (const LevelChange& change : changes) {
    json.begin_object().field_token("key", change.key);
    write_text(json, "at_run", change.at_run);
    json.field("before_seconds", rounded(change.before_seconds));
    json.field("after_seconds", rounded(change.after_seconds));
    json.field("change_percent", rounded(change.change_percent));
    json.field("p_value", change.p_value).field_token("cause", to_string(change.cause));
    write_text(json, "at_commit", change.at_commit);
    write_text(json, "before_commit", change.before_commit);
    json.field("runs_before", change.runs_before).field("runs_since", change.runs_since);
    json.key("stages").begin_array();
    for (const std::string& stage : change.stages) {
      json.token(stage);
    }
    json.end_array().field("evidence", change.evidence).end_object();
  }
  json.end_array();
}

std::string section(const std::vector<LevelChange>& changes,
                    std::string_view heading,
                    Tone tone,
                    const Paint& paint) {
  std::string text;
  for (const LevelChange& change : changes) {
    text += fmt::format(
        "  {}\n            {}\n", paint(tone, change_line(change)), printable(change.evidence));
  }
  return text.empty() ? "" : fmt::format("\n{}\n{}", heading, text);
}

}  // namespace

std::string change_line(const LevelChange& change) {
  const std::string what = change.key == "*" ? fmt::format("all stages ({})", change.stages.size())
                                             : printable(change.key);
  return fmt::format("{}: {} {}: {} -> {}, {:+.0f} %, {}",
                     what,
                     change.change_percent > 0 ? "slower" : "faster",
                     since_text(change),
                     duration(change.before_seconds),
                     duration(change.after_seconds),
                     change.change_percent,
                     cause_text(change.cause));
}

std::string regressions_text(const Regressions& found, const Paint& paint) {
  return section(found.regressions, "what became slower, for good", Tone::bad, paint) +
         section(found.improvements, "what became faster, for good", Tone::good, paint);
}

void write_regressions(JsonWriter& json, const Regressions& found) {
  write_changes(json, "regressions", found.regressions);
  write_changes(json, "improvements", found.improvements);
}

}  // namespace headway::cli
