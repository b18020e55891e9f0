// Work that may hang (a dead network mount, a program that waits): done beside the caller, who goes
// on at a deadline. Knows nothing of the work.
#pragma once

#include "base/clock.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace headway {

// Does each piece of work on a thread of its own and waits until all are done, at most `patience`
// from now. By number: whether it was done in time. What was not done goes on and is never waited
// for: a piece may only touch what it owns (shared_ptr), and nothing that the caller destroys. No
// signal is taken there. A piece for which no thread can be had is done by the caller, before the
// waiting.
std::vector<bool> do_by_deadline(std::vector<std::function<void()>> work, Nanos patience);

// What `make` gives; nothing where it was not done within `patience`.
template <typename T>
std::optional<T> made_by_deadline(std::function<T()> make, Nanos patience) {
  const auto made = std::make_shared<std::optional<T>>();
  std::vector<std::function<void()>> work;
  work.emplace_back([made, make = std::move(make)] { *made = make(); });
  return do_by_deadline(std::move(work), patience).front() ? std::move(*made) : std::nullopt;
}

}  // namespace headway
