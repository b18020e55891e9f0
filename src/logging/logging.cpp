// StructuredLogger: its contexts, levels and sinks; records that are not plain. Knows nothing of
// formats, rings or files, and nothing of stages but the words of its interface.
#include "headway/logging.hpp"

#include "base/files.hpp"
#include "base/units.hpp"
#include "logging/exception_chain.hpp"
#include "logging/log_json.hpp"
#include "logging/log_text.hpp"
#include "logging/logger_core.hpp"
#include "logging/ring_drain.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace headway {
namespace {

constexpr std::int64_t kDefaultRotateBytes = std::int64_t{64} << 20;

// The number of the calling thread, asked once for each process: a forked child has another one.
pid_t thread_number_in(pid_t pid) {
  thread_local pid_t of_process = 0;
  thread_local pid_t number = 0;
  if (of_process != pid) {
    number = static_cast<pid_t>(thread_number());
    of_process = pid;
  }
  return number;
}

void stamp(LogRecord& record) {
  const SystemClock clock;
  record.time = clock.wall();
  record.monotonic = clock.monotonic();
  record.pid = getpid();
  record.tid = thread_number_in(record.pid);
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
  stamp(record);
  std::string line;
  append_line(line, record, nullptr);
  return line;
}

LogFileOptions file_options(const std::string& path, LossNote note, const LoggerOptions& options) {
  const auto whole_seconds = [](Seconds span) {
    return static_cast<std::int64_t>(std::min(span.count(), 1e15));
  };
  LogFileOptions file;
  file.path = path.empty() ? path : absolute_path(current_directory(), path);
  file.loss_note = note;
  file.rotation = {.max_bytes = options.rotate_bytes,
                   .max_age_seconds = whole_seconds(options.rotate_age),
                   .keep = options.rotate_keep,
                   .keep_bytes = options.keep_bytes,
                   .keep_age_seconds = whole_seconds(options.keep_age)};
  return file;
}

std::shared_ptr<LogPort> open_port(const LoggerOptions& options) {
  if (options.structured_path.empty() && options.details_path.empty()) {
    return nullptr;
  }
  return LogPort::shared(
      {.structured = file_options(options.structured_path, loss_note<append_json_line>, options),
       .details = file_options(options.details_path, loss_note<append_text_line>, options)});
}

LoggerOptions default_options(const std::string& name, const std::string& log_dir) {
  LoggerOptions options;
  options.structured_path = fmt::format("{}/{}-structured.jsonl", log_dir, name);
  options.details_path = fmt::format("{}/{}-details.log", log_dir, name);
  options.console = LogLevel::warning;
  options.rotate_bytes = kDefaultRotateBytes;
  return options;
}

}  // namespace

// What a call says besides its fields.
struct SaidRecord {
  LogLevel level;
  std::string_view message;
  Place place{nullptr, 0};
  std::string_view event = "log";
  std::optional<int> stage_id{};
  std::string_view stage_name{};
  std::vector<LogAttribute> attributes{};
  std::exception_ptr exception{};
};

struct StructuredLogger::State {
  State(std::string logger_name, const LoggerOptions& options)
      : core(std::move(logger_name), options, open_port(options)) {}
  State(const State& parent, std::string_view name, LogContext context)
      : core(parent.core, name, std::move(context)) {}

  // A record without anything special. Nothing happens for a null state (there was no memory to
  // make it) or a level nobody wants. Never throws.
  static void write(
      State* state, LogLevel level, std::string_view message, Fields fields, Place place) noexcept {
    if (state == nullptr || !state->core.wants(level)) {
      return;
    }
    try {
      if (!state->core.write_plain({level, message, place, fields})) {
        state->write_slowly({level, message, place}, fields);
      }
    } catch (...) {  // no memory
      state->core.count_dropped();
    }
  }
  static void write(State* state, const SaidRecord& said, Fields fields) noexcept {
    if (state == nullptr || !state->core.wants(said.level)) {
      return;
    }
    try {
      state->write_slowly(said, fields);
    } catch (...) {  // no memory
      state->core.count_dropped();
    }
  }

  void write_slowly(const SaidRecord& said, Fields fields);
  void hand_over(const LogRecord& record);

  LoggerCore core;
};

// Lays what the call says over contexts and fields, and hands the record over.
void StructuredLogger::State::write_slowly(const SaidRecord& said, Fields fields) {
  const HeldContexts held = core.held_contexts();  // the record's views point into it
  LogRecord record;
  held.apply_to(record);
  record.logger = core.name();
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
  record.exception = exception_chain(said.exception);
  stamp(record);
  hand_over(record);
}

void StructuredLogger::State::hand_over(const LogRecord& record) {
  constexpr std::string_view kSeq = "\"seq\":";
  std::string json;
  std::string text;
  RenderedRecord rendered;
  if (core.is_for_structured(record.level)) {
    append_json_line(json, record, core.options().secrets);
    const std::size_t seq = json.find(kSeq) + kSeq.size();
    rendered.json_head = std::string_view(json).substr(0, seq);
    rendered.json_tail = std::string_view(json).substr(seq + 1);  // (its number is 0 as yet)
  }
  const bool is_for_details = core.is_for_details(record.level);
  if (is_for_details || core.is_for_console(record.level)) {
    append_text_line(text, record, core.options().secrets);
    rendered.text = is_for_details ? text : std::string_view();
  }
  if (core.port() != nullptr && rendered.json_head.size() + rendered.text.size() > 0) {
    rendered.ticks = read_ticks(core.port()->tick_source());
    core.port()->write(rendered);
  }
  if (core.is_for_console(record.level)) {
    // A terminal that is gone is no loss: it is not where records are kept.
    static_cast<void>(write_all(STDERR_FILENO, text));
  }
}

LogValue::LogValue(WallTime value) : value_(to_rfc3339(value)) {}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the signature is public
StructuredLogger::StructuredLogger(std::string name, std::string log_dir) {
  try {
    const LoggerOptions options = default_options(name, log_dir);
    state_ = std::make_unique<State>(std::move(name), options);
  } catch (...) {  // no memory: a logger that writes nothing
  }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the signature is public
StructuredLogger::StructuredLogger(std::string name, LoggerOptions options) {
  try {
    state_ = std::make_unique<State>(std::move(name), options);
  } catch (...) {  // no memory: a logger that writes nothing
  }
}

StructuredLogger::StructuredLogger(Owned<State> state) : state_(std::move(state)) {}
StructuredLogger::StructuredLogger(StructuredLogger&&) noexcept = default;
StructuredLogger::~StructuredLogger() = default;

StructuredLogger StructuredLogger::child(std::string_view of, LogContext context) const {
  Owned<State> state;
  try {
    if (state_) {
      state = std::make_unique<State>(*state_, of, std::move(context));
    }
  } catch (...) {  // no memory: a logger that writes nothing
  }
  return StructuredLogger(std::move(state));
}

void StructuredLogger::set_context(LogContext context) {
  if (state_) {
    state_->core.set_context(std::move(context));
  }
}

LogScope StructuredLogger::with_context(LogContext context) {
  if (!state_) {
    return LogScope(Owned<LogScope::Node>());
  }
  auto entry = ScopeStack::push(state_->core.number(), std::move(context));
  return LogScope(std::make_unique<LogScope::Node>(LogScope::Node{std::move(entry)}));
}

void StructuredLogger::debug(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), LogLevel::debug, message, fields, place);
}

void StructuredLogger::info(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), LogLevel::info, message, fields, place);
}

void StructuredLogger::warning(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), LogLevel::warning, message, fields, place);
}

void StructuredLogger::error(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), LogLevel::error, message, fields, place);
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the signature is public
void StructuredLogger::error(std::string_view message,
                             std::exception_ptr exception,
                             Fields fields,
                             Place place) {
  SaidRecord said{LogLevel::error, message, place};
  said.exception = std::move(exception);
  State::write(state_.get(), said, fields);
}

void StructuredLogger::critical(std::string_view message, Fields fields, Place place) {
  State::write(state_.get(), LogLevel::critical, message, fields, place);
}

void StructuredLogger::log_performance(std::string_view operation,
                                       Seconds duration,
                                       Fields fields,
                                       Place place) {
  SaidRecord said{LogLevel::info, operation, place, "performance"};
  said.attributes = {{"operation", operation}, {"duration", duration}};
  State::write(state_.get(), said, fields);
}

void StructuredLogger::log_stage_execution(int stage_id,
                                           std::string_view name,
                                           std::string_view status,
                                           Seconds duration,
                                           Fields fields,
                                           Place place) {
  const bool failed = status == to_string(StageStatus::failed) || status == "failed";
  SaidRecord said{failed ? LogLevel::error : LogLevel::info, "stage finished", place, "stage"};
  said.stage_id = stage_id;
  said.stage_name = name;
  said.attributes = {{"status", status}, {"duration", duration}};
  State::write(state_.get(), said, fields);
}

void StructuredLogger::flush() noexcept {
  try {
    if (state_ && state_->core.port() != nullptr) {
      state_->core.port()->flush();
    }
  } catch (...) {  // no memory: the renderer does it later
  }
}

std::int64_t StructuredLogger::dropped() const noexcept {
  return state_ ? state_->core.dropped() : 0;
}

std::int64_t recover_log(const std::string& path) {
  return recover_rings(absolute_path(current_directory(), path));
}

}  // namespace headway
