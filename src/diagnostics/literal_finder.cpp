// The automaton: see the header.
#include "diagnostics/literal_finder.hpp"

#include <algorithm>

namespace headway {

LiteralFinder::LiteralFinder(const std::vector<std::string>& literals) {
  number_bytes(literals);
  table_.assign(classes_, 0);
  ends_at_.emplace_back();
  for (std::size_t index = 0; index < literals.size(); ++index) {
    insert(literals[index], static_cast<int>(index));
  }
  connect();
}

void LiteralFinder::number_bytes(const std::vector<std::string>& literals) {
  for (const std::string& literal : literals) {
    for (const char c : literal) {
      std::uint8_t& number = class_of_[static_cast<unsigned char>(c)];
      if (number == 0) {
        number = static_cast<std::uint8_t>(classes_++);
      }
    }
  }
  for (unsigned char c = 'A'; c <= 'Z'; ++c) {
    class_of_[c] = class_of_[static_cast<unsigned char>(c - 'A' + 'a')];
  }
}

void LiteralFinder::insert(std::string_view literal, int index) {
  if (literal.empty()) {
    return;
  }
  std::uint32_t state = 0;
  for (const char c : literal) {
    const std::uint8_t number = class_of_[static_cast<unsigned char>(c)];
    if (next(state, number) == 0) {
      const auto made = static_cast<std::uint32_t>(ends_at_.size());
      table_.resize(table_.size() + classes_, 0);
      ends_at_.emplace_back();
      next(state, number) = made;
    }
    state = next(state, number);
  }
  ends_at_[state].push_back(index);
}

// From a tree to an automaton without failure links, breadth first: where a state has no child, it
// goes where the longest proper suffix of it goes.
void LiteralFinder::connect() {
  std::vector<std::uint32_t> suffix(ends_at_.size(), 0);
  std::vector<std::uint32_t> queue{0};
  for (std::size_t at = 0; at < queue.size(); ++at) {
    const std::uint32_t state = queue[at];
    for (std::size_t number = 0; number < classes_; ++number) {
      const auto byte_class = static_cast<std::uint8_t>(number);
      const std::uint32_t child = next(state, byte_class);
      const std::uint32_t other = state == 0 ? 0 : next(suffix[state], byte_class);
      if (child == 0) {
        next(state, byte_class) = other;
        continue;
      }
      suffix[child] = other;
      const auto& more = ends_at_[other];
      ends_at_[child].insert(ends_at_[child].end(), more.begin(), more.end());
      queue.push_back(child);
    }
  }
  for (std::uint32_t& entry : table_) {
    entry |= ends_at_[entry].empty() ? 0 : kEnds;
  }
}

void LiteralFinder::find(std::string_view text, std::vector<int>& found) const {
  found.clear();
  const std::uint32_t* const table = table_.data();
  std::uint32_t state = 0;
  for (const char c : text) {
    state = table[std::size_t{state} * classes_ + class_of_[static_cast<unsigned char>(c)]];
    if ((state & kEnds) != 0) {
      state &= ~kEnds;
      found.insert(found.end(), ends_at_[state].begin(), ends_at_[state].end());
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
}

}  // namespace headway
