// Logging: structured records with context, one JSON object a line, beside text for people.
//
// A logger never throws and never fails its program: what cannot be written is counted and told.
// layer: logging
#pragma once

#include "headway/owned.hpp"
#include "headway/types.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace headway {

class SecretSet;

// Severity; the numbers are OpenTelemetry's severity numbers.
enum class LogLevel { debug = 5, info = 9, warning = 13, error = 17, critical = 21 };

// The value of one field.
class LogValue {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a value is given as it is
  LogValue(bool value) : value_(value) {}
  LogValue(std::integral auto value) : value_(static_cast<std::int64_t>(value)) {}
  LogValue(double value) : value_(value) {}
  LogValue(const char* value) : value_(std::string(value)) {}
  LogValue(std::string_view value) : value_(std::string(value)) {}
  LogValue(std::string value) : value_(std::move(value)) {}
  template <class R, class P>
  LogValue(std::chrono::duration<R, P> value)
      : value_(std::chrono::duration_cast<Seconds>(value)) {}
  // NOLINTEND(google-explicit-constructor)

  const std::variant<bool, std::int64_t, double, std::string, Seconds>& get() const noexcept {
    return value_;
  }

 private:
  std::variant<bool, std::int64_t, double, std::string, Seconds> value_;
};

// One field of a record. A duration under key "k" is written as "k_seconds".
struct Field {
  std::string_view key;
  LogValue value;
};

// The fields of one call: {{"key", value}, ...}. They live as long as the call.
using Fields = std::initializer_list<Field>;

// Where in the source a record was made.
struct Place {
  const char* file = __builtin_FILE();
  int line = __builtin_LINE();
};

// What every record of a logger, or of a thread's scope, carries.
struct LogContext {
  std::string workflow_id, lane;
  std::optional<int> stage_id{};
  std::string stage_name{}, user{}, environment{}, version{};
  std::vector<std::pair<std::string, std::string>> additional{};
  std::string run_id{};     // "run"
  std::string workflow{};   // "wf"
  std::string stage_key{};  // attr "stage"
  int attempt = 0;          // 0: none
};

// A thread's context for one logger, until it goes out of scope. Ended on another thread than the
// one that made it, it still ends there.
class LogScope {
 public:
  LogScope(LogScope&& other) noexcept;
  LogScope& operator=(LogScope&&) = delete;
  ~LogScope();

 private:
  friend class StructuredLogger;
  struct Node;
  explicit LogScope(Owned<Node> node);
  Owned<Node> node_;
};

// Where records go.
struct LoggerOptions {
  std::string structured_path;         // JSON lines; empty: none
  std::string details_path;            // text for people; empty: none
  std::optional<LogLevel> console;     // text on stderr from this level on; nothing: none
  LogLevel level = LogLevel::debug;    // of both files
  const SecretSet* secrets = nullptr;  // masked in every string; must outlive the logger
  // A file that has grown to this size becomes <path>.1 (and that <path>.2, ...) before the next
  // record; 0: never. Several processes may do so with one file. The first logger of a path
  // decides.
  std::int64_t rotate_bytes = 0;
  int rotate_keep = 5;  // how many old files stay, at least 1
};

// Writes records. Every record is handed to the kernel before the call returns (one write(2)), so
// SIGKILL loses nothing. What could not be written (a full disk) is counted, told once on stderr,
// and noted in the file when there is space again. Safe from any thread, and in a forked child; two
// loggers of one path share it, and so may several processes.
class StructuredLogger {
 public:
  // <log_dir>/<name>-structured.jsonl, <log_dir>/<name>-details.log, each rotated at 64 MiB;
  // warnings and worse on stderr. A folder that is missing is made. Never throws.
  StructuredLogger(std::string name, std::string log_dir);
  StructuredLogger(std::string name, LoggerOptions options);
  StructuredLogger(StructuredLogger&&) noexcept;
  ~StructuredLogger();

  // Of this logger, from now on.
  void set_context(LogContext context);
  // Of this thread, on top of the logger's own, until the scope ends.
  [[nodiscard]] LogScope with_context(LogContext context);

  void debug(std::string_view message, Fields fields = {}, Place place = {});
  void info(std::string_view message, Fields fields = {}, Place place = {});
  void warning(std::string_view message, Fields fields = {}, Place place = {});
  void error(std::string_view message, Fields fields = {}, Place place = {});
  // With type, message and chain (std::nested_exception) of the exception.
  void error(std::string_view message,
             std::exception_ptr exception,
             Fields fields = {},
             Place place = {});
  void critical(std::string_view message, Fields fields = {}, Place place = {});
  // Event "performance": operation, duration_seconds.
  void log_performance(std::string_view operation, Seconds duration, Fields fields = {});
  // Event "stage": stage_id, stage_name, status, duration_seconds. Level error for the status
  // FAILED.
  void log_stage_execution(int stage_id,
                           std::string_view name,
                           std::string_view status,
                           Seconds duration,
                           Fields fields = {});

  // Records that could not be written so far.
  std::int64_t dropped() const noexcept;

 private:
  struct State;
  Owned<State> state_;
};

}  // namespace headway
