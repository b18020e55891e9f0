// Records of log.jsonl, chosen and put in words; see log_records.hpp. Opens no file.
#include "cli/text/log_records.hpp"

#include "base/units.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/run_text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace headway::cli {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kLevels{
    {{"debug", 5}, {"info", 9}, {"warning", 13}, {"error", 17}, {"critical", 21}}};

Tone tone_of_severity(std::int64_t severity) {
  return severity >= 17 ? Tone::bad : severity >= 13 ? Tone::warning : Tone::dim;
}

std::string value_text(const Json& value) {
  return value.is_string() ? printable(value.as_string()) : value.dump();
}

// "01:02:03.456" of the record's time, local.
std::string time_text(const Json& record) {
  const auto time = parse_rfc3339(record["ts"].as_string());
  if (!time) {
    return printable(record["ts"].as_string());
  }
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(time->time_since_epoch()).count();
  return fmt::format("{}.{:03}", local_time(*time).substr(11), ((millis % 1000) + 1000) % 1000);
}

}  // namespace

std::optional<std::int64_t> severity_of(std::string_view level) {
  for (const auto& [name, severity] : kLevels) {
    if (name == level) {
      return severity;
    }
  }
  return std::nullopt;
}

std::vector<std::string> level_spellings() {
  std::vector<std::string> names;
  names.reserve(kLevels.size());
  for (const auto& [name, severity] : kLevels) {
    names.emplace_back(name);
  }
  return names;
}

Result<WallTime> parse_since(std::string_view text, WallTime now) {
  if (const auto ago = parse_duration(text)) {
    return now - std::chrono::duration_cast<WallTime::duration>(*ago);
  }
  if (auto time = parse_rfc3339(text)) {
    return time;
  }
  return Error{ErrorCode::invalid_argument,
               fmt::format("'{}' is no value of '--since'", text),
               "give how long ago (10m, 1h30m) or a time (2026-11-23T10:00:00Z)"};
}

bool is_wanted(const Json& record, const RecordFilter& filter) {
  if (record["sev"].as_integer() < filter.min_severity) {
    return false;
  }
  if (filter.since) {
    const auto time = parse_rfc3339(record["ts"].as_string());
    if (!time || *time < *filter.since) {
      return false;
    }
  }
  return filter.stage.empty() || record["attr"]["stage"].as_string() == filter.stage ||
         record["stage_name"].as_string() == filter.stage;
}

std::string record_line(const Json& record, const Paint& paint, bool verbose) {
  std::string line = fmt::format("{} {} {}",
                                 paint(Tone::dim, time_text(record)),
                                 paint(tone_of_severity(record["sev"].as_integer()),
                                       pad_right(printable(record["lvl"].as_string()), 8)),
                                 printable(record["msg"].as_string()));
  std::string fields;
  for (const auto& [key, value] : record["attr"].members()) {
    fields += fmt::format(" {}={}", printable(key), value_text(value));
  }
  if (verbose) {
    fields += fmt::format(" pid={} src={}", record["pid"].dump(), value_text(record["src"]));
  }
  return line + (fields.empty() ? "" : " " + paint(Tone::dim, fields)) + "\n";
}

}  // namespace headway::cli
