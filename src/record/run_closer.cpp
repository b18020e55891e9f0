// Closing the record of a run whose process died. Ends no process.
#include "record/run_closer.hpp"

#include "base/files.hpp"
#include "model/run_event_json.hpp"
#include "record/event_reader.hpp"
#include "record/run_lock.hpp"
#include "record/run_state.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

namespace headway {
namespace {

// Makes the events that the run itself did not live to write.
class ClosingEvents {
 public:
  ClosingEvents(RunState& state, std::string_view reason) : state_(state), reason_(reason) {
    for (const StageState& stage : state.stages) {
      keys_.push_back(stage.plan->key);
    }
  }

  // Their lines; `state` has them applied.
  std::string lines() {
    for (std::size_t i = 0; i < state_.stages.size(); ++i) {
      if (state_.stages[i].status == StageStatus::running) {
        add(finish(static_cast<int>(i)));
      }
    }
    add(RunFinished{RunStatus::interrupted, kInterruptedExitCode, reason_});
    return std::move(lines_);
  }

 private:
  StageFinished finish(int position) const {
    const StageState& stage = state_.stages[static_cast<std::size_t>(position)];
    StageFinished body;
    body.stage = position;
    body.attempt = stage.attempts;
    body.status = StageStatus::interrupted;
    body.reason = reason_;
    body.duration = state_.duration_so_far(stage);
    body.output_bytes = stage.output_bytes;
    return body;
  }

  void add(RunEventBody body) {
    const RunEvent event{
        state_.last_seq + 1, state_.updated_at, state_.elapsed, state_.run_id, std::move(body)};
    // What the run wrote is masked already, and the reason is ours.
    append_event_line(lines_, event, keys_, SecretSet());
    state_.apply(event);
  }

  RunState& state_;
  std::string reason_;
  std::vector<std::string> keys_;
  std::string lines_;
};

// Replaces what follows the last whole line by `lines`, or leaves the whole lines alone.
Result<void> append_after(const std::string& path,
                          std::int64_t whole_bytes,
                          std::string_view lines) {
  auto fd = open_for_append(path);
  if (!fd) {
    return fd.error();
  }
  const auto cut = [&] { return ::ftruncate(fd->get(), static_cast<off_t>(whole_bytes)) == 0; };
  if (!cut()) {
    return Error{ErrorCode::io, system_message(path, errno)};
  }
  if (auto written = write_all(fd->get(), lines); !written) {
    cut();
    return Error{ErrorCode::io, path + ": " + written.error().message};
  }
  if (::fdatasync(fd->get()) != 0) {
    return Error{ErrorCode::io, system_message(path, errno)};
  }
  return {};
}

Result<void> write_status_if_behind(const RunFolder& folder, const RunState& state) {
  const std::string document = status_document(state, SecretSet());
  const auto current = read_file(folder.status());
  if (current && *current == document) {
    return {};
  }
  return write_file_atomically(folder.status(), document, Durability::power);
}

}  // namespace

Result<bool> close_interrupted_run(const RunFolder& folder, std::string_view reason) {
  if (!path_exists(folder.events()) || is_locked(folder.lock())) {
    return false;
  }
  const auto lock = lock_past_readers(folder.lock());
  if (!lock) {
    return lock.error().code == ErrorCode::conflict ? Result<bool>(false) : lock.error();
  }
  const auto read = read_events(folder.events());
  if (!read) {
    return read.error();
  }
  RunState state;
  for (const RunEvent& event : read->events) {
    state.apply(event);
  }
  if (state.run_id.empty()) {
    state.run_id = folder.id();
  }
  const bool was_open = !state.ended();
  if (was_open) {
    const std::string lines = ClosingEvents(state, reason).lines();
    if (auto added = append_after(folder.events(), read->whole_bytes, lines); !added) {
      return added.error();
    }
  }
  if (auto written = write_status_if_behind(folder, state); !written) {
    return written.error();
  }
  return was_open;
}

}  // namespace headway
