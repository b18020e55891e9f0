// See token_budget.hpp.
#include "execution/token_budget.hpp"

#include <algorithm>

namespace headway {

void TokenBudget::begin(int jobs, bool is_client) {
  busy_ += jobs;
  clients_ += is_client ? 1 : 0;
  settle();
}

void TokenBudget::end(int jobs, bool is_client) {
  busy_ -= jobs;
  clients_ -= is_client ? 1 : 0;
  if (role_ == Role::server && is_client && clients_ == 0) {
    out_ = pipe_.waiting();  // nobody is left who could hold one
  }
  settle();
}

void TokenBudget::end_all() {
  busy_ = 0;
  clients_ = 0;
  settle();
}

void TokenBudget::settle() {
  const int wanted = target();
  while (out_ > wanted && pipe_.take()) {
    --out_;
  }
  while (out_ < wanted && pipe_.give()) {
    ++out_;
  }
}

int TokenBudget::target() const {
  // A client never gives what it has not taken.
  return role_ == Role::server ? std::max(jobs_ - busy_, 0) : std::min(jobs_ - busy_, 0);
}

}  // namespace headway
