// EventLog: events.jsonl, written. Decides nothing; knows no terminal.
#include "record/event_log.hpp"

#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "model/run_event_json.hpp"
#include "record/line_appender.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>
#include <vector>

namespace headway {
namespace {

constexpr std::size_t kKeptLineBytes = 64U << 10U;

}  // namespace

// `appender` refers to `target`, `target` to `fd`: the order of the members is theirs.
struct EventLog::State {
  State(std::string file, UniqueFd descriptor, SecretSet values)
      : path(std::move(file)),
        fd(std::move(descriptor)),
        secrets(std::move(values)),
        target(fd.get()),
        appender(target, kMaxBacklogBytes) {}

  std::string path;
  UniqueFd fd;
  SecretSet secrets;
  FdAppendTarget target;
  LineAppender appender;
  std::vector<std::string> keys;  // of the stages, by position
  std::string line;               // reused: no allocation per event
};

EventLog::EventLog(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<EventLog>> EventLog::create(const std::string& path, SecretSet secrets) {
  auto fd = open_for_append(path);
  if (!fd) {
    return fd.error();
  }
  auto state = std::make_unique<State>(path, std::move(*fd), std::move(secrets));
  return std::unique_ptr<EventLog>(new EventLog(std::move(state)));
}

EventLog::~EventLog() {
  state_->appender.retry();
}

void EventLog::on_event(const RunEvent& event) {
  if (const auto* started = std::get_if<RunStarted>(&event.body)) {
    state_->keys.clear();
    for (const PlannedStage& stage : started->stages) {
      state_->keys.push_back(stage.key);
    }
  }
  state_->line.clear();
  append_event_line(state_->line, event, state_->keys, state_->secrets);
  // Without its last line the record would look like that of a crash.
  state_->appender.append(state_->line, std::holds_alternative<RunFinished>(event.body));
  if (state_->line.capacity() > kKeptLineBytes) {
    std::string().swap(
        state_->line);  // the first line holds the plan: not worth keeping its room for a whole run
  }
}

int EventLog::fd() const noexcept {
  return state_->fd.get();
}

std::int64_t EventLog::lost() const noexcept {
  return state_->appender.lost_lines();
}

std::int64_t EventLog::waiting() const noexcept {
  return state_->appender.waiting_lines();
}

std::string EventLog::trouble() const {
  const LineAppender& appender = state_->appender;
  if (appender.first_error() == 0) {
    return {};
  }
  std::string text = system_message(state_->path, appender.first_error());
  if (appender.waiting_lines() == 0 && appender.lost_lines() == 0) {
    return text + "; all events were written when there was room again";
  }
  return fmt::format("{}; {} events wait in memory, {} are lost",
                     std::move(text),
                     appender.waiting_lines(),
                     appender.lost_lines());
}

}  // namespace headway
