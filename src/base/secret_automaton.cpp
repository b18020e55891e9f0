// Building and stepping of the automaton. Knows nothing of what is done with a match.
#include "base/secret_automaton.hpp"

#include <algorithm>

namespace headway {

SecretAutomaton::SecretAutomaton(const std::vector<std::string>& patterns) : nodes_(1) {
  for (const std::string& pattern : patterns) {
    insert(pattern);
    filter_.set(filter_index(pattern.data()));
  }
  link_fallbacks();
}

std::uint32_t SecretAutomaton::child(State state, unsigned char byte) const noexcept {
  std::uint32_t at = nodes_[state].first_child;
  while (at != kNone && nodes_[at].byte != byte) {
    at = nodes_[at].next_sibling;
  }
  return at;
}

void SecretAutomaton::insert(std::string_view pattern) {
  State at = kStart;
  for (const char each : pattern) {
    const auto byte = static_cast<unsigned char>(each);
    std::uint32_t found = at == kStart ? start_next_[byte] : child(at, byte);
    if (found == kNone) {
      found = static_cast<std::uint32_t>(nodes_.size());
      Node node;
      node.next_sibling = nodes_[at].first_child;
      node.depth = nodes_[at].depth + 1;
      node.byte = byte;
      nodes_.push_back(node);
      nodes_[at].first_child = found;
      if (at == kStart) {
        start_next_[byte] = found;
      }
    }
    at = found;
  }
  nodes_[at].match_length = nodes_[at].depth;
}

// Breadth first, as in the paper: a node's fallback is the step of its parent's fallback.
void SecretAutomaton::link_fallbacks() {
  std::vector<State> queue{kStart};
  queue.reserve(nodes_.size());
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const State parent = queue[i];
    for (State at = nodes_[parent].first_child; at != kNone; at = nodes_[at].next_sibling) {
      queue.push_back(at);
      if (parent == kStart) {
        continue;  // depth 1 falls back to the start
      }
      Node& node = nodes_[at];
      node.fallback = next(nodes_[parent].fallback, node.byte);
      node.match_length = std::max(node.match_length, nodes_[node.fallback].match_length);
    }
  }
}

SecretAutomaton::State SecretAutomaton::next(State state, unsigned char byte) const noexcept {
  while (state != kStart) {
    if (const State found = child(state, byte); found != kNone) {
      return found;
    }
    state = nodes_[state].fallback;
  }
  return start_next_[byte];
}

std::size_t SecretAutomaton::skip(std::string_view bytes, std::size_t from) const noexcept {
  if (bytes.size() < kMinSecretBytes) {
    return from;
  }
  const std::size_t last = bytes.size() - kMinSecretBytes;
  while (from <= last && !filter_[filter_index(bytes.data() + from)]) {
    ++from;
  }
  return from;
}

}  // namespace headway
