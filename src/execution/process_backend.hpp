// ProcessBackend: attempts as child processes. One epoll, a pidfd and one pipe an attempt.
// Reports facts; decides nothing.
#pragma once

#include "base/secrets.hpp"
#include "execution/backend.hpp"
#include "host/run_cgroup.hpp"

#include <memory>

namespace headway {

// How a ProcessBackend behaves.
struct ProcessBackendOptions {
  SecretSet secrets;  // masked in all output
  std::int64_t max_log_bytes = std::int64_t{256}
                               << 20;  // an attempt's log; beyond it only the last 64 KiB are kept,
                                       // with a line that says how much is missing
  bool own_process = false;  // Headway's own worker: it is a subreaper, takes signals through
                             // signalfd, reaps adopted orphans
  OutputListener* listener = nullptr;  // may be null
  // Control groups for attempts that want one; must outlive the backend; null: there are none.
  const RunCgroup* groups = nullptr;
  // After the end of an attempt's leader, so long others of its group may finish what they print.
  Nanos hearing = std::chrono::milliseconds(100);
  Nanos sample_interval = std::chrono::milliseconds(250);  // of the memory of the trees
};

// Real processes. The destructor kills and reaps what still runs.
class ProcessBackend final : public Backend {
 public:
  static Result<std::unique_ptr<ProcessBackend>> create(ProcessBackendOptions options,
                                                        const Clock& clock);
  ~ProcessBackend() override;

  Result<int> start(const Launch& launch) override;
  void terminate(int task) override;
  void kill(int task) override;
  void stop(int task) override;
  void go_on(int task) override;
  std::int64_t memory_bytes(int task) const override;
  void wait(std::optional<Nanos> until,
            std::vector<Exit>& exits,
            std::vector<Wakeup>& wakeups) override;
  std::int64_t output_bytes(int task) const override;
  int kill_everything() override;

 private:
  struct State;
  explicit ProcessBackend(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace headway
