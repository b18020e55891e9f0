// Filling of a record. Knows nothing of formats or files.
#include "logging/log_record.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

constexpr std::string_view kUnit = "_seconds";

// Whether both would be written under one name: "k" of a duration is "k_seconds".
bool same_name(const LogAttribute& a, const LogAttribute& b) {
  const auto in_seconds = [](const LogAttribute& each) {
    return std::holds_alternative<Seconds>(each.value) || each.key.ends_with(kUnit);
  };
  const auto stem = [](const LogAttribute& each) {
    return each.key.substr(0, each.key.size() - (each.key.ends_with(kUnit) ? kUnit.size() : 0));
  };
  return in_seconds(a) == in_seconds(b) && stem(a) == stem(b);
}

void overlay(std::string_view& below, const std::string& above) {
  if (!above.empty()) {
    below = above;
  }
}

}  // namespace

void LogRecord::set(LogAttribute attribute) {
  const auto same = std::find_if(attributes.begin(), attributes.end(), [&](const LogAttribute& a) {
    return same_name(a, attribute);
  });
  if (same != attributes.end()) {
    *same = attribute;
  } else {
    attributes.push_back(attribute);
  }
}

void LogRecord::set(const Field& field) {
  std::visit([&](const auto& value) { set(LogAttribute{field.key, value}); }, field.value.get());
}

void LogRecord::apply(const LogContext& context) {
  overlay(trace_id, context.trace_id);
  overlay(span_id, context.span_id);
  overlay(run_id, context.run_id);
  overlay(workflow, context.workflow);
  overlay(workflow_id, context.workflow_id);
  overlay(lane, context.lane);
  overlay(stage_name, context.stage_name);
  overlay(user, context.user);
  overlay(environment, context.environment);
  overlay(version, context.version);
  stage_id = context.stage_id ? context.stage_id : stage_id;
  attempt = context.attempt != 0 ? context.attempt : attempt;
  if (!context.stage_key.empty()) {
    set(LogAttribute{"stage", std::string_view(context.stage_key)});
  }
  for (const auto& [key, value] : context.additional) {
    set(LogAttribute{key, std::string_view(value)});
  }
}

std::string_view to_string(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
    case LogLevel::critical:
      return "critical";
  }
  return "info";
}

std::string short_place(const Place& place) {
  std::string_view file = place.file;
  if (const std::size_t last = file.rfind('/'); last != std::string_view::npos && last > 0) {
    const std::size_t folder = file.rfind('/', last - 1);
    file.remove_prefix(folder == std::string_view::npos ? 0 : folder + 1);
  }
  return fmt::format("{}:{}", file, place.line);
}

std::string attribute_name(const LogAttribute& attribute) {
  std::string name(attribute.key);
  if (std::holds_alternative<Seconds>(attribute.value) && !attribute.key.ends_with(kUnit)) {
    name += kUnit;
  }
  return name;
}

}  // namespace headway
