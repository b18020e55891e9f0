// JobServer: one budget of jobs for all stages of a run and the parallel tools that they start: a
// server of its own, or a client of the jobserver that this process was started under.
// Knows no stage and no workflow.
#pragma once

#include "headway/result.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace headway {

// How a child finds the jobserver: inherited descriptors (every make since 3.78, but not ninja), or
// the path of a FIFO (make >= 4.4, ninja >= 1.13, cargo; make 4.3 dies on it).
enum class JobServerStyle { pipe, fifo };

// What a server of one's own is made of.
struct JobServerOptions {
  int jobs = 1;           // the budget, at least 1
  std::string fifo_path;  // absolute, in a folder that exists; empty: nobody wants the FIFO
};

// Not blocking, ever. stage_started() and stage_ended() from one thread; where a client holds a
// token that should come back, a thread of its own waits for it. The destructor stops that thread,
// removes the FIFO and gives back what an outer jobserver lent.
class JobServer {
 public:
  // Errors: invalid_argument for a path that does not fit (fits_make_flags),
  // io.
  static Result<std::unique_ptr<JobServer>> create(const JobServerOptions& options);
  // A client of the one that `make_flags` names. Null where it names none that can be reached: make
  // closes its pipe for a recipe line without '+'.
  static std::unique_ptr<JobServer> join(std::string_view make_flags);
  ~JobServer();
  JobServer(const JobServer&) = delete;
  JobServer& operator=(const JobServer&) = delete;

  // A child begins or ends that is `jobs` jobs by itself (at least 1), and may take tokens.
  void stage_started(int jobs, bool is_client);
  void stage_ended(int jobs, bool is_client);
  // MAKEFLAGS of a child whose environment has `existing` there. Of an outer jobserver's client:
  // `existing`.
  std::string make_flags(std::string_view existing, JobServerStyle style) const;
  // What a child must inherit in the style `pipe`, under these numbers; -1: nothing (an outer
  // jobserver's are inherited anyhow).
  std::array<int, 2> descriptors() const;

 private:
  struct State;
  explicit JobServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The style for whatever `make` that PATH finds, without starting it: `fifo` only where its file
// knows that word, or where there is no make at all.
JobServerStyle installed_style(std::string_view path);

// The descriptors or the FIFO that `make_flags` names are there for this process's children.
bool is_reachable(std::string_view make_flags);

}  // namespace headway
