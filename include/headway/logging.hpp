// Logging: structured records with context, one JSON object a line, beside text for people.
//
// A logger never throws and never fails its program: what cannot be written is counted and told.
// layer: logging
#pragma once

#include "headway/owned.hpp"
#include "headway/types.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace headway {

class SecretSet;

// Severity; the numbers are OpenTelemetry's severity numbers.
enum class LogLevel { debug = 5, info = 9, warning = 13, error = 17, critical = 21 };

// The value of one field. Text that it does not own (all but a temporary std::string) must outlive
// it: a value is made for one call of a logger.
class LogValue {
 public:
  using Held = std::variant<bool,
                            std::int64_t,
                            double,
                            std::string,
                            Seconds,
                            std::string_view,
                            std::uint64_t,
                            std::nullptr_t>;

  // NOLINTBEGIN(google-explicit-constructor): a value is given as it is
  LogValue(std::same_as<bool> auto value) noexcept : value_(value) {}
  LogValue(std::integral auto value) noexcept requires(!std::same_as<decltype(value), bool>)
      : value_(held_integer(value)) {}
  LogValue(std::floating_point auto value) noexcept : value_(static_cast<double>(value)) {}
  LogValue(std::nullptr_t) noexcept : value_(nullptr) {}  // null
  LogValue(const char* value) noexcept : value_(nullptr) {
    if (value != nullptr) {
      value_ = std::string_view(value);
    }
  }
  LogValue(std::string_view value) noexcept : value_(value) {}
  LogValue(const std::string& value) noexcept : value_(std::string_view(value)) {}
  LogValue(std::string&& value) noexcept : value_(std::move(value)) {}
  template <class R, class P>
  LogValue(std::chrono::duration<R, P> value) noexcept
      : value_(std::chrono::duration_cast<Seconds>(value)) {}
  LogValue(WallTime value);  // an RFC 3339 text
  // An enum by its to_string(), else by its number.
  template <class E>
  requires(std::is_enum_v<E>) LogValue(E value) : LogValue(of_enum(value)) {}
  // Anything that holds a text and can be turned into one: std::filesystem::path, std::error_code.
  template <class T>
  requires requires(const T& value) { std::string(value.string()); }
  LogValue(const T& value) : value_(std::string(value.string())) {}
  template <class T>
  requires requires(const T& value) { std::string(value.message()); }
  LogValue(const T& value) : value_(std::string(value.message())) {}
  // What a std::optional or a smart pointer leads to; null for an empty one.
  template <class T>
  requires requires(const T& value) {
    static_cast<bool>(value);
    LogValue(*value);
  } &&(!std::is_pointer_v<T> && !std::is_array_v<T>)  // of these it is not known what they lead to
      LogValue(const T& value)
      : value_(nullptr) {
    if (value) {
      value_ = LogValue(*value).value_;
    }
  }
  // NOLINTEND(google-explicit-constructor)

  const Held& get() const noexcept { return value_; }

 private:
  static Held held_integer(std::integral auto value) noexcept {
    using T = decltype(value);
    constexpr T kZero = 0;
    if constexpr (sizeof(T) < sizeof(std::int64_t) || static_cast<T>(-1) < kZero) {
      return static_cast<std::int64_t>(value);
    } else {
      return static_cast<std::uint64_t>(value);
    }
  }
  template <class E>
  static LogValue of_enum(E value) {
    if constexpr (requires { std::string(to_string(value)); }) {
      return LogValue(std::string(to_string(value)));
    } else {
      return LogValue(static_cast<std::underlying_type_t<E>>(value));
    }
  }

  Held value_;
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
  std::string trace_id{};   // 32 hex digits (W3C); empty: those of run_id
  std::string span_id{};    // 16 hex digits
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

  std::optional<LogLevel> details_level{};  // of the details file; nothing: `level`
  Seconds rotate_age{};         // a file that was made so long ago is rotated, too; 0: never
  Seconds keep_age{};           // an old file without a record since then goes; 0: none
  std::int64_t keep_bytes = 0;  // old files beyond this sum go, the oldest first; 0: none
};

// Writes records. Nothing that was logged is lost at SIGKILL: the first records of a process are
// written to the files before the call returns, later ones put where the kernel keeps them (a
// mapped file beside the log, ".NAME.ring-PID-N") and moved to the files 50 ms later at most; what
// a killed process left there gets into the log when the log is next opened, or by recover_log().
// What could not be written (a full disk) is counted, told once on stderr, and noted in the file
// when there is space again. Records of one thread stay in their order. Safe from any thread, and
// in a forked child; two loggers of one path share it, and so may several processes.
class StructuredLogger {
 public:
  // <log_dir>/<name>-structured.jsonl, <log_dir>/<name>-details.log, each rotated at 64 MiB;
  // warnings and worse on stderr. A folder that is missing is made. Never throws.
  StructuredLogger(std::string name, std::string log_dir);
  StructuredLogger(std::string name, LoggerOptions options);
  StructuredLogger(StructuredLogger&&) noexcept;
  ~StructuredLogger();

  // A logger "<name>.<of>" that writes where this one does. Its context lies over this one's, also
  // over later ones and over the scopes of this one. It may outlive this one.
  StructuredLogger child(std::string_view of, LogContext context = {}) const;

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
  void log_performance(std::string_view operation,
                       Seconds duration,
                       Fields fields = {},
                       Place place = {});
  // Event "stage": stage_id, stage_name, status, duration_seconds. Level error for the status
  // FAILED.
  void log_stage_execution(int stage_id,
                           std::string_view name,
                           std::string_view status,
                           Seconds duration,
                           Fields fields = {},
                           Place place = {});

  // Returns when all that was logged before lies in the files.
  void flush() noexcept;

  // Records that could not be written so far, to these files by this process.
  std::int64_t dropped() const noexcept;

 private:
  struct State;
  explicit StructuredLogger(Owned<State> state);
  Owned<State> state_;
};

// Puts into a log what processes that were killed had logged to it; returns how many records that
// were. For those who read a log that no logger has opened since. `path` is that of the structured
// file (of the details file where there is none).
std::int64_t recover_log(const std::string& path);

}  // namespace headway
