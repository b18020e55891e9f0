// Reading runs back. Changes no events.
#include "record/run_reader.hpp"

#include "base/files.hpp"
#include "record/event_reader.hpp"
#include "record/gate_document.hpp"
#include "record/run_lock.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

Error no_record(const RunFolder& folder) {
  return Error{ErrorCode::not_found,
               fmt::format("'{}' holds no record of a run", folder.path),
               "see `headway runs` for the runs there are"};
}

Result<RunState> fold(const RunFolder& folder) {
  RunState state;
  const auto read = for_each_event(folder.events(), [&state](const RunEvent& event) {
    state.apply(event);
    return true;
  });
  if (!read) {
    return read.error().code == ErrorCode::not_found ? no_record(folder) : read.error();
  }
  if (state.run_id.empty()) {
    state.run_id = folder.id();
  }
  return state;
}

}  // namespace

Result<RunState> read_run(const RunFolder& folder) {
  if (!path_exists(folder.events())) {
    return no_record(folder);
  }
  // The lock first: a run that ends between the two looks is closed by the time it is read.
  const bool alive = is_locked(folder.lock());
  auto state = fold(folder);
  if (!state) {
    return state;
  }
  if (!alive) {
    mark_interrupted(*state);
  } else if (state->status == RunStatus::none) {
    state->status = RunStatus::running;
  }
  return state;
}

Result<void> rebuild_run(const RunFolder& folder) {
  if (!path_exists(folder.events())) {
    return no_record(folder);
  }
  const auto lock = lock_past_readers(folder.lock());
  if (!lock) {
    if (lock.error().code != ErrorCode::conflict) {
      return lock.error();
    }
    return Error{ErrorCode::conflict,
                 fmt::format("rebuild run '{}': it is still going on", folder.id()),
                 "wait until it has ended: it writes its own status"};
  }
  auto state = fold(folder);
  if (!state) {
    return state.error();
  }
  mark_interrupted(*state);
  if (!state->gates.empty()) {
    auto written = write_file_atomically(
        folder.quality_metrics(), quality_document(*state, SecretSet()), Durability::process);
    if (!written) {
      return written;
    }
  }
  return write_file_atomically(
      folder.status(), status_document(*state, SecretSet()), Durability::power);
}

std::vector<std::string> dead_runs(const StateFolder& state, int limit) {
  std::vector<std::string> dead;
  for (std::string& run : list_runs(state)) {
    if (limit-- <= 0) {
      break;
    }
    const RunFolder folder{state.run(run)};
    // The lock before the tail, as in read_run.
    if (path_exists(folder.events()) && !is_locked(folder.lock()) &&
        !read_last_run_finished(folder.events())) {
      dead.push_back(std::move(run));
    }
  }
  return dead;
}

}  // namespace headway
