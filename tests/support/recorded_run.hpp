// recorded_run: the folder of a run on disk, made of a RunScript. For integration tests of what is
// read from it.
#pragma once

#include "record/event_log.hpp"
#include "record/run_folder.hpp"
#include "support/run_script.hpp"

#include <stdexcept>

namespace headway {

// Writes the events of `script` as a run would and leaves the lock free, as after its end or death.
inline RunFolder recorded_run(const StateFolder& state, const RunScript& script) {
  RunFolder folder{state.run(script.run_id())};
  if (!state.create() || !folder.create()) {
    throw std::runtime_error("create " + folder.path);
  }
  const auto lock = try_lock_file(folder.lock());
  auto log = EventLog::create(folder.events(), SecretSet());
  if (!lock || !log) {
    throw std::runtime_error("begin the record in " + folder.path);
  }
  script.tell([&log](const RunEvent& event) { (*log)->on_event(event); });
  return folder;
}

}  // namespace headway
