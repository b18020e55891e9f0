// StructuredLogger: gathers a record from its call, its thread and its contexts, and hands it to
// the files. Knows nothing of formats, and nothing of stages but the words of its interface.
#include "headway/logging.hpp"

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "logging/exception_chain.hpp"
#include "logging/fork_guard.hpp"
#include "logging/log_file.hpp"
#include "logging/log_json.hpp"
#include "logging/log_record.hpp"
#include "logging/log_text.hpp"
#include "logging/scope_stack.hpp"

#include <fmt/format.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace headway {
namespace {

constexpr std::int64_t kDefaultRotateBytes = std::int64_t{64} << 20;
constexpr Place kNoPlace{nullptr, 0};

// The number of the calling thread, asked once for each process: a forked child has another one.
pid_t thread_number(pid_t pid) {
  thread_local pid_t of_process = 0;
  thread_local pid_t number = 0;
  if (of_process != pid) {
    number = static_cast<pid_t>(syscall(SYS_gettid));
    of_process = pid;
  }
  return number;
}

LogRecord stamped(LogRecord record) {
  const SystemClock clock;
  record.time = clock.wall();
  record.monotonic = clock.monotonic();
  record.pid = getpid();
  record.tid = thread_number(record.pid);
  return record;
}

// What a call says by itself.
LogRecord said(LogLevel level, std::string_view message, Place place) {
  LogRecord record;
  record.level = level;
  record.message = message;
  record.place = place;
  return record;
}

// The note of a loss, in either format.
template <void (*append_line)(std::string&, const LogRecord&, const SecretSet*)>
std::string loss_note(std::int64_t lost, std::string_view reason) {
  LogRecord record;
  record.level = LogLevel::warning;
  record.logger = "headway";
  record.event = "records_lost";
  record.message = "log records could not be written";
  record.set(LogAttribute{"lost", lost});
  record.set(LogAttribute{"reason", reason});
  std::string line;
  append_line(line, stamped(std::move(record)), nullptr);
  return line;
}

std::shared_ptr<LogFile> open_log(const std::string& path,
                                  LossNote note,
                                  const LoggerOptions& options) {
  if (path.empty()) {
    return nullptr;
  }
  return LogFile::shared({.path = absolute_path(current_directory(), path),
                          .loss_note = note,
                          .rotate_bytes = options.rotate_bytes,
                          .rotate_keep = options.rotate_keep});
}

LoggerOptions default_options(const std::string& name, const std::string& log_dir) {
  LoggerOptions options;
  options.structured_path = fmt::format("{}/{}-structured.jsonl", log_dir, name);
  options.details_path = fmt::format("{}/{}-details.log", log_dir, name);
  options.console = LogLevel::warning;
  options.rotate_bytes = kDefaultRotateBytes;
  return options;
}

std::uint64_t next_logger_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

struct StructuredLogger::State {
  State(std::string logger_name, LoggerOptions logger_options)
      : name(std::move(logger_name)),
        options(std::move(logger_options)),
        structured(open_log(options.structured_path, loss_note<append_json_line>, options)),
        details(open_log(options.details_path, loss_note<append_text_line>, options)) {}

  bool wants(LogLevel level) const {
    return level >= options.level || (options.console && level >= *options.console);
  }

  std::shared_ptr<const LogContext> current_context() HEADWAY_EXCLUDES(mutex) {
    const MutexLock lock(mutex);
    return context;
  }

  // Lays what the call says over contexts and fields, and hands the record over. Never throws.
  // Nothing happens for a null state (there was no memory to make it) or a level nobody wants.
  static void write(State* state,
                    const LogRecord& said,
                    Fields fields,
                    std::exception_ptr exception = nullptr) noexcept;
  LogRecord gathered(const LogRecord& said, Fields fields, const LogContext& own) const;
  void hand_over(LogRecord record);

  const std::string name;
  const LoggerOptions options;
  const std::shared_ptr<LogFile> structured;
  const std::shared_ptr<LogFile> details;
  const std::uint64_t number = next_logger_number();
  std::atomic<std::int64_t> dropped{0};
  Mutex mutex;
  std::shared_ptr<const LogContext> context HEADWAY_GUARDED_BY(mutex) =
      std::make_shared<const LogContext>();
  ForkGuard fork_guard{mutex};
};

void StructuredLogger::State::write(State* state,
                                    const LogRecord& said,
                                    Fields fields,
                                    std::exception_ptr exception) noexcept {
  if (state == nullptr || !state->wants(said.level)) {
    return;
  }
  try {
    const auto own = state->current_context();  // the record's views point into it
    LogRecord record = state->gathered(said, fields, *own);
    record.exception = exception_chain(std::move(exception));
    state->hand_over(stamped(std::move(record)));
  } catch (...) {  // no memory
    state->dropped.fetch_add(1, std::memory_order_relaxed);
  }
}

LogRecord StructuredLogger::State::gathered(const LogRecord& said,
                                            Fields fields,
                                            const LogContext& own) const {
  LogRecord record;
  record.apply(own);
  ScopeStack::for_each(number, [&](const LogContext& scope) { record.apply(scope); });
  record.logger = name;
  record.level = said.level;
  record.event = said.event;
  record.message = said.message;
  record.place = said.place;
  record.stage_id = said.stage_id ? said.stage_id : record.stage_id;
  record.stage_name = said.stage_name.empty() ? record.stage_name : said.stage_name;
  for (const Field& field : fields) {
    record.set(field);
  }
  for (const LogAttribute& attribute : said.attributes) {
    record.set(attribute);
  }
  return record;
}

void StructuredLogger::State::hand_over(LogRecord record) {
  std::string line;
  bool lost = false;
  if (structured != nullptr && record.level >= options.level) {
    record.seq = structured->next_seq();
    append_json_line(line, record, options.secrets);
    lost = !structured->append(line);
  }
  const bool to_details = details != nullptr && record.level >= options.level;
  const bool to_console = options.console && record.level >= *options.console;
  if (to_details || to_console) {
    line.clear();
    append_text_line(line, record, options.secrets);
    lost = (to_details && !details->append(line)) || lost;
    if (to_console) {
      // A terminal that is gone is no loss: it is not where records are kept.
      static_cast<void>(write_all(STDERR_FILENO, line));
    }
  }
  if (lost) {
    dropped.fetch_add(1, std::memory_order_relaxed);
  }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the signature is public
StructuredLogger::StructuredLogger(std::string name, std::string log_dir) {
  try {
    LoggerOptions options = default_options(name, log_dir);
    state_ = std::make_unique<State>(std::move(name), std::move(options));
  } catch (...) {  // no memory: a logger that writes nothing
  }
}

StructuredLogger::StructuredLogger(std::string name, LoggerOptions options) {
  try {
    state_ = std::make_unique<State>(std::move(name), std::move(options));
  } catch (...) {  // no memory: a logger that writes nothing
  }
}

StructuredLogger::StructuredLogger(StructuredLogger&&) noexcept = default;
StructuredLogger::~StructuredLogger() = default;

void StructuredLogger::set_context(LogContext context) {
  if (!state_) {
    return;
  }
  auto next = std::make_shared<const LogContext>(std::move(context));
  const MutexLock lock(state_->mutex);
  state_->context.swap(next);
}

LogScope StructuredLogger::with_context(LogContext context) {
  if (!state_) {
    return LogScope(Owned<LogScope::Node>());
  }
  auto entry = ScopeStack::push(state_->number, std::move(context));
  return LogScope(std::make_unique<LogScope::Node>(LogScope::Node{std::move(entry)}));
}

void StructuredLogger::debug(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), said(LogLevel::debug, message, place), fields);
}

void StructuredLogger::info(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), said(LogLevel::info, message, place), fields);
}

void StructuredLogger::warning(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), said(LogLevel::warning, message, place), fields);
}

void StructuredLogger::error(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), said(LogLevel::error, message, place), fields);
}

void StructuredLogger::error(std::string_view message,
                             std::exception_ptr exception,
                             Fields fields,
                             Place place) {
  State::write(state_.get(), said(LogLevel::error, message, place), fields, std::move(exception));
}

void StructuredLogger::critical(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), said(LogLevel::critical, message, place), fields);
}

void StructuredLogger::log_performance(std::string_view operation,
                                       Seconds duration,
                                       Fields fields) {
  LogRecord record = said(LogLevel::info, operation, kNoPlace);
  record.event = "performance";
  record.set(LogAttribute{"operation", operation});
  record.set(LogAttribute{"duration", duration});
  State::write(state_.get(), record, fields);
}

void StructuredLogger::log_stage_execution(
    int stage_id, std::string_view name, std::string_view status, Seconds duration, Fields fields) {
  const bool failed = status == to_string(StageStatus::failed) || status == "failed";
  LogRecord record = said(failed ? LogLevel::error : LogLevel::info, "stage finished", kNoPlace);
  record.event = "stage";
  record.stage_id = stage_id;
  record.stage_name = name;
  record.set(LogAttribute{"status", status});
  record.set(LogAttribute{"duration", duration});
  State::write(state_.get(), record, fields);
}

std::int64_t StructuredLogger::dropped() const noexcept {
  return state_ ? state_->dropped.load(std::memory_order_relaxed) : 0;
}

}  // namespace headway
