// TokenBudget: how many tokens of a jobserver should be out, and how many are. Pure arithmetic over
// a pipe that is somebody else's. Knows no MAKEFLAGS, no process.
#pragma once

namespace headway {

// Where tokens lie that nobody holds. Calls never block.
class TokenPipe {
 public:
  virtual ~TokenPipe() = default;
  virtual bool take() = 0;          // false: there is none now
  virtual bool give() = 0;          // false: it could not be written
  virtual int waiting() const = 0;  // how many lie in it now
};

// A budget of jobs, shared by stages that may each run jobs of their own. A stage that runs is one
// job without any token (more where it takes CPUs and knows no jobserver), so the tokens that
// should be out are: what the budget leaves beside the jobs of the running stages.
//
// A token that a client holds cannot be taken back: then more are out than should be, until one
// lies in the pipe (collect()). A client that was killed took its tokens with it: known for sure
// only when no client runs, and made good then.
//
// As a client of an outer jobserver the same holds with a budget of 1, the job that this process
// itself stands for: the tokens that should be out are negative, which are those it holds.
class TokenBudget {
 public:
  enum class Role { server, client };

  // Puts nothing into the pipe yet. `jobs` >= 1; 1 for a client.
  TokenBudget(TokenPipe& pipe, Role role, int jobs) : pipe_(pipe), role_(role), jobs_(jobs) {}

  // A stage begins or ends: so many jobs without a token (>= 1), and whether it knows the pipe.
  void begin(int jobs, bool is_client);
  void end(int jobs, bool is_client);
  void end_all();
  // Makes the tokens that are out what they should be, as far as that goes now.
  void settle();
  // More are out than should be: settle() again when there is one in the pipe.
  bool is_owed() const { return out_ > target(); }

 private:
  int target() const;

  TokenPipe& pipe_;
  Role role_;
  int jobs_;
  int busy_ = 0;     // jobs of the running stages that hold no token
  int clients_ = 0;  // running stages that may hold tokens
  int out_ = 0;      // tokens in the pipe or held by clients; negative: tokens that we hold
};

}  // namespace headway
