// Masking of secrets, in a text or over a stream. Knows nothing of where values come from or where
// bytes go.
#include "base/secrets.hpp"

#include "base/secret_automaton.hpp"
#include "base/secret_encodings.hpp"

#include <algorithm>

namespace headway {

SecretSet::SecretSet(const std::vector<std::string>& values) {
  std::vector<std::string> forms;
  for (const std::string& value : values) {
    append_secret_forms(value, forms);
  }
  if (!forms.empty()) {
    automaton_ = std::make_shared<const SecretAutomaton>(forms);
  }
}

bool SecretSet::occurs_in(std::string_view text) const {
  if (empty()) {
    return false;
  }
  SecretAutomaton::State state = SecretAutomaton::kStart;
  for (std::size_t at = 0;; ++at) {
    if (state == SecretAutomaton::kStart) {
      at = automaton_->skip(text, at);
      if (at + kMinSecretBytes > text.size()) {
        return false;
      }
    }
    if (at == text.size()) {
      return false;
    }
    state = automaton_->next(state, static_cast<unsigned char>(text[at]));
    if (automaton_->match_length(state) > 0) {
      return true;
    }
  }
}

std::string SecretSet::mask(std::string_view text) const {
  if (!occurs_in(text)) {
    return std::string(text);
  }
  SecretMasker masker(*this);
  std::string masked(masker.feed(text));
  masked += masker.finish();
  return masked;
}

void SecretSet::mask_in_place(std::string& text) const {
  if (occurs_in(text)) {
    text = mask(text);
  }
}

SecretMasker::SecretMasker(SecretSet secrets) : secrets_(std::move(secrets)) {}

std::string_view SecretMasker::feed(std::string_view piece) {
  if (secrets_.empty()) {
    return piece;
  }
  scan(piece);
  const std::uint64_t decided = fed_ - secrets_.automaton_->depth(state_);
  if (covered_.empty() && held_.empty()) {
    // The usual case: no copy but of the end that is held back.
    const auto free = static_cast<std::size_t>(decided - released_);
    held_.assign(piece.substr(free));
    released_ = decided;
    return piece.substr(0, free);
  }
  out_.clear();
  release(piece, decided);
  return out_;
}

std::string_view SecretMasker::finish() {
  out_.clear();
  release({}, fed_);
  state_ = SecretAutomaton::kStart;
  return out_;
}

// Runs the automaton over the piece and notes what it finds.
void SecretMasker::scan(std::string_view piece) {
  const SecretAutomaton& automaton = *secrets_.automaton_;
  std::uint32_t state = state_;
  for (std::size_t at = 0; at < piece.size(); ++at) {
    if (state == SecretAutomaton::kStart) {
      at = automaton.skip(piece, at);
      if (at == piece.size()) {
        break;
      }
    }
    state = automaton.next(state, static_cast<unsigned char>(piece[at]));
    if (const std::size_t length = automaton.match_length(state); length > 0) {
      const std::uint64_t end = fed_ + at + 1;
      cover(end - length, end);
    }
  }
  state_ = state;
  fed_ += piece.size();
}

// Notes an occurrence; those that overlap it become one with it.
void SecretMasker::cover(std::uint64_t begin, std::uint64_t end) {
  bool told = false;
  while (!covered_.empty() && covered_.back().end > begin) {
    begin = std::min(begin, covered_.back().begin);
    told = told || covered_.back().told;
    covered_.pop_back();
  }
  covered_.push_back({begin, end, told});
}

// Moves to out_ all that no later byte can change: what lies before `decided`, with masks, and the
// mask of an occurrence that begins there at the latest. Keeps the rest.
void SecretMasker::release(std::string_view piece, std::uint64_t decided) {
  std::uint64_t at = released_;
  std::size_t done = 0;
  for (Covered& each : covered_) {
    if (each.begin > decided) {
      break;
    }
    append(piece, at, each.begin);
    at = std::max(at, each.end);
    if (!each.told) {
      out_ += kSecretMask;
      each.told = true;
    }
    done += each.end <= decided ? 1U : 0U;
  }
  covered_.erase(covered_.begin(), covered_.begin() + static_cast<std::ptrdiff_t>(done));
  append(piece, at, decided);
  at = std::max(at, decided);

  const std::uint64_t piece_begin = fed_ - piece.size();
  std::string rest;
  if (at < piece_begin) {
    rest = held_.substr(static_cast<std::size_t>(at - released_));
  }
  if (at < fed_) {
    rest += piece.substr(static_cast<std::size_t>(std::max(at, piece_begin) - piece_begin));
  }
  held_ = std::move(rest);
  released_ = at;
}

// Appends the bytes [begin, end) of the stream, which lie in held_, in the piece after it, or both.
void SecretMasker::append(std::string_view piece, std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t piece_begin = fed_ - piece.size();
  if (begin < std::min(end, piece_begin)) {
    out_.append(held_,
                static_cast<std::size_t>(begin - released_),
                static_cast<std::size_t>(std::min(end, piece_begin) - begin));
  }
  if (const std::uint64_t from = std::max(begin, piece_begin); from < end) {
    out_ += piece.substr(static_cast<std::size_t>(from - piece_begin),
                         static_cast<std::size_t>(end - from));
  }
}

}  // namespace headway
