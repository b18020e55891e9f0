// LogRecord: one record, complete, before it is written in some format. Knows nothing of formats or
// files.
#pragma once

#include "base/clock.hpp"
#include "headway/logging.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace headway {

// One field under "attr".
struct LogAttribute {
  std::string_view key;
  std::variant<bool, std::int64_t, double, std::string_view, Seconds, std::uint64_t, std::nullptr_t>
      value;
};

// One exception of a chain, the outermost first.
struct ExceptionLink {
  std::string type;
  std::string message;
};

// The views must outlive the record; it lives for one call of a logger.
struct LogRecord {
  WallTime time{};
  Nanos monotonic{};
  std::int64_t seq = 0;
  LogLevel level = LogLevel::info;
  std::string_view logger;
  std::string_view event = "log";
  std::string_view message;
  pid_t pid = 0;
  pid_t tid = 0;
  Place place{nullptr, 0};  // no file: not known

  std::string_view trace_id, span_id, run_id, workflow, workflow_id, lane, stage_name, user,
      environment, version;
  std::optional<int> stage_id;
  int attempt = 0;  // 0: none

  std::vector<LogAttribute> attributes;  // each key once
  std::vector<ExceptionLink> exception;  // empty: none

  // Adds an attribute, or gives the one of that name a new value.
  void set(LogAttribute attribute);
  void set(const Field& field);
  // Lays a context over what is there: what it does not say stays.
  void apply(const LogContext& context);
};

// "debug", "info", "warning", "error", "critical".
std::string_view to_string(LogLevel level) noexcept;

// "logging/log_file.cpp:12": the last two parts of the path.
std::string short_place(const Place& place);

// "k_seconds" for a duration under "k" (unless it says so already), else the key itself.
std::string attribute_name(const LogAttribute& attribute);

}  // namespace headway
