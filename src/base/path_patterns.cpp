// See path_patterns.hpp. The matching of parts is an NFA whose states are the bits of one word, so
// that a walk asks about each name once and no glob can make it slow.
#include "base/path_patterns.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace headway {
namespace {

constexpr std::uint64_t bit(std::size_t at) {
  return std::uint64_t{1} << at;
}

Error wrong(std::string_view glob, std::string_view why) {
  return {ErrorCode::invalid_argument, fmt::format("glob '{}' {}", glob, why)};
}

// The place behind the ']' that closes the set opened at `open`; nothing where none does. A ']'
// that stands first is meant.
std::optional<std::size_t> end_of_set(std::string_view text, std::size_t open) {
  std::size_t at = open + 1;
  if (at < text.size() && (text[at] == '!' || text[at] == '^')) {
    ++at;
  }
  for (const std::size_t first = at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == ']' && at > first) {
      return at + 1;
    } else if (text[at] == '/') {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// One byte of a set, its escape undone; moves `at` behind it.
unsigned char set_byte(std::string_view text, std::size_t& at) {
  if (text[at] == '\\' && at + 1 < text.size()) {
    ++at;
  }
  return static_cast<unsigned char>(text[at++]);
}

// Whether the set at the start of `text` (closed at `end`) holds that byte.
bool set_holds(std::string_view text, std::size_t end, unsigned char byte) {
  std::size_t at = 1;
  const bool inverted = text[at] == '!' || text[at] == '^';
  at += inverted ? 1 : 0;
  bool found = false;
  while (at + 1 < end) {
    const unsigned char low = set_byte(text, at);
    unsigned char high = low;
    if (at + 2 < end && text[at] == '-') {
      ++at;
      high = set_byte(text, at);
    }
    found = found || (low <= byte && byte <= high);
  }
  return found != inverted;
}

// What the first item of a wild part (not '*') does with a byte: how long the item is, or 0 where
// it does not fit.
std::size_t item_that_fits(std::string_view text, char byte) {
  if (text.front() == '?') {
    return 1;
  }
  if (text.front() == '[') {
    const std::size_t end = end_of_set(text, 0).value_or(text.size());
    return set_holds(text, end, static_cast<unsigned char>(byte)) ? end : 0;
  }
  const bool escaped = text.front() == '\\' && text.size() > 1;
  return text[escaped ? 1 : 0] == byte ? (escaped ? 2 : 1) : 0;
}

// Greedy with one point of return, the last '*': at most name times part steps (Kurz 2008,
// "FastWildCompare"; the same as in fnmatch(3) without its recursion).
bool wild_fits(std::string_view part, std::string_view name) {
  std::size_t at = 0, in_part = 0;
  std::optional<std::pair<std::size_t, std::size_t>> back;  // behind the last '*', and its name
  while (at < name.size()) {
    if (in_part < part.size() && part[in_part] == '*') {
      back.emplace(++in_part, at);
      continue;
    }
    const std::size_t item =
        in_part < part.size() ? item_that_fits(part.substr(in_part), name[at]) : 0;
    if (item > 0) {
      in_part += item;
      ++at;
    } else if (back) {
      in_part = back->first;
      at = ++back->second;
    } else {
      return false;
    }
  }
  while (in_part < part.size() && part[in_part] == '*') {
    ++in_part;
  }
  return in_part == part.size();
}

// The place of the first of `wanted` at nesting 0 from `at` on; npos where there is none.
std::size_t find_outside_braces(std::string_view glob, std::size_t at, std::string_view wanted) {
  int depth = 0;
  for (; at < glob.size(); ++at) {
    const char c = glob[at];
    if (depth == 0 && wanted.find(c) != std::string_view::npos) {
      return at;
    }
    if (c == '\\') {
      ++at;
    } else if (c == '[') {
      at = end_of_set(glob, at).value_or(at + 1) - 1;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}') {
      --depth;
    }
  }
  return std::string_view::npos;
}

// Writes out the braces of a glob.
Result<void> write_out(std::string_view whole,
                       const std::string& glob,
                       std::vector<std::string>& out) {
  const std::size_t open = find_outside_braces(glob, 0, "{");
  if (open == std::string::npos) {
    if (out.size() >= PathPatterns::kMaxAlternatives) {
      return wrong(whole,
                   fmt::format("stands for more than {} others", PathPatterns::kMaxAlternatives));
    }
    out.push_back(glob);
    return {};
  }
  const std::size_t close = find_outside_braces(glob, open + 1, "}");
  if (close == std::string::npos) {
    return wrong(whole, "has a '{' without its '}': write \\{ where the character is meant");
  }
  for (std::size_t at = open + 1; at <= close;) {
    const std::size_t end = std::min(find_outside_braces(glob, at, ",}"), close);
    const std::string one =
        glob.substr(0, open) + glob.substr(at, end - at) + glob.substr(close + 1);
    if (auto written = write_out(whole, one, out); !written) {
      return written;
    }
    at = end + 1;
  }
  return {};
}

}  // namespace

Result<PathPatterns> PathPatterns::parse(const std::vector<std::string>& globs) {
  PathPatterns out;
  for (const std::string& glob : globs) {
    if (auto added = out.add(glob); !added) {
      return std::move(added).error();
    }
    ++out.globs_;
  }
  std::sort(out.roots_.begin(), out.roots_.end());
  out.roots_.erase(std::unique(out.roots_.begin(), out.roots_.end()), out.roots_.end());
  return out;
}

Result<void> PathPatterns::add(std::string_view glob) {
  const bool leaves_out = glob.starts_with('!');
  const std::string rest(glob.substr(leaves_out ? 1 : 0));
  if (trim(rest).empty()) {
    return wrong(glob, "is empty");
  }
  std::vector<std::string> alternatives;
  if (auto written = write_out(glob, rest, alternatives); !written) {
    return written;
  }
  for (const std::string& alternative : alternatives) {
    auto pattern = read(alternative, leaves_out);
    if (!pattern) {
      return wrong(glob, pattern.error().message);
    }
    pattern->glob = globs_;
    if (!leaves_out) {
      roots_.push_back(root_of(*pattern));
    }
    patterns_.push_back(std::move(*pattern));
  }
  return {};
}

// The message of its error lacks the glob: the caller has the whole.
Result<PathPatterns::Pattern> PathPatterns::read(std::string_view glob, bool leaves_out) {
  Pattern out;
  out.leaves_out = leaves_out;
  const auto error = [](std::string why) {
    return Error{ErrorCode::invalid_argument, std::move(why)};
  };
  const bool is_folder = glob.ends_with('/');
  for (std::string_view text : split(glob, '/')) {
    const bool is_first = text.data() == glob.data();
    if (text == "." || (text.empty() && !(is_first && glob.size() > 1))) {
      continue;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\\') {
        ++at;
      } else if (text[at] == '[' && !end_of_set(text, at)) {
        return error("has a '[' without its ']': write \\[ where the character is meant");
      }
    }
    if (text == ".." && !out.parts.empty() && out.parts.back().text != "..") {
      if (out.parts.back().kind != Part::Kind::literal) {
        return error("has '..' after a wildcard");
      }
      if (!out.parts.back().text.empty()) {
        out.parts.pop_back();
      }
      continue;
    }
    Part part = read_part(text);
    const bool again = part.kind == Part::Kind::folders && !out.parts.empty() &&
                       out.parts.back().kind == Part::Kind::folders;
    if (!again) {
      out.parts.push_back(std::move(part));
    }
  }
  const bool is_open = out.parts.empty() || out.parts.back().kind == Part::Kind::folders;
  const bool is_literal = !is_open && out.parts.back().kind == Part::Kind::literal;
  if ((is_open && out.parts.empty()) || (!is_open && (is_folder || is_literal || leaves_out))) {
    out.parts.push_back({Part::Kind::folders, "**"});
  }
  if (is_open || is_folder) {
    out.parts.push_back({Part::Kind::any, "*"});  // something below it, not the folder itself
  }
  if (out.parts.size() > kMaxParts) {
    return error(fmt::format("has more than {} parts", kMaxParts));
  }
  return out;
}

PathPatterns::Part PathPatterns::read_part(std::string_view text) {
  if (text == "**") {
    return {Part::Kind::folders, std::string(text)};
  }
  if (text.find_first_not_of('*') == std::string_view::npos && !text.empty()) {
    return {Part::Kind::any, "*"};
  }
  std::string literal;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '*' || text[at] == '?' || text[at] == '[') {
      return {Part::Kind::wild, std::string(text)};
    }
    at += text[at] == '\\' && at + 1 < text.size() ? 1 : 0;
    literal += text[at];
  }
  return {Part::Kind::literal, std::move(literal)};
}

bool PathPatterns::fits(const Part& part, std::string_view name) {
  switch (part.kind) {
    case Part::Kind::literal:
      return part.text == name;
    case Part::Kind::wild:
      return wild_fits(part.text, name);
    case Part::Kind::any:
    case Part::Kind::folders:
      return true;
  }
  return false;
}

std::string PathPatterns::root_of(const Pattern& pattern) {
  std::string root;
  for (std::size_t at = 0; at < pattern.parts.size(); ++at) {
    if (pattern.parts[at].kind != Part::Kind::literal) {
      break;
    }
    root += at == 0 ? "" : "/";
    root += pattern.parts[at].text;
  }
  return root.empty() && !pattern.parts.empty() && pattern.parts[0].text.empty() ? "/" : root;
}

// `**` may stand for no folder at all.
std::uint64_t PathPatterns::closed(const Pattern& pattern, std::uint64_t bits) {
  for (std::size_t at = 0; at < pattern.parts.size(); ++at) {
    if ((bits & bit(at)) != 0 && pattern.parts[at].kind == Part::Kind::folders) {
      bits |= bit(at + 1);
    }
  }
  return bits;
}

PathPatterns::State PathPatterns::start() const {
  State state;
  state.reserve(patterns_.size());
  for (const Pattern& pattern : patterns_) {
    state.push_back(closed(pattern, 1));
  }
  return state;
}

PathPatterns::State PathPatterns::step(const State& state, std::string_view name) const {
  State next(state.size(), 0);
  for (std::size_t i = 0; i < state.size(); ++i) {
    const Pattern& pattern = patterns_[i];
    std::uint64_t bits = 0;
    for (std::size_t at = 0; at < pattern.parts.size(); ++at) {
      if ((state[i] & bit(at)) == 0 || !fits(pattern.parts[at], name)) {
        continue;
      }
      bits |= pattern.parts[at].kind == Part::Kind::folders ? bit(at) : bit(at + 1);
    }
    next[i] = bits == 0 ? 0 : closed(pattern, bits);
  }
  return next;
}

bool PathPatterns::accepts(const State& state) const noexcept {
  for (std::size_t i = state.size(); i-- > 0;) {
    if ((state[i] & bit(patterns_[i].parts.size())) != 0) {
      return !patterns_[i].leaves_out;
    }
  }
  return false;
}

bool PathPatterns::may_accept_below(const State& state) const noexcept {
  for (std::size_t i = state.size(); i-- > 0;) {
    const std::vector<Part>& parts = patterns_[i].parts;
    const std::uint64_t below = state[i] & ~bit(parts.size());
    if (!patterns_[i].leaves_out && below != 0) {
      return true;
    }
    // "folders" at the end, or before a last "any": all that is below is left out.
    const bool ends_any = parts.size() > 1 && parts.back().kind == Part::Kind::any;
    const std::size_t last = parts.size() - (ends_any ? 2 : 1);
    if (patterns_[i].leaves_out && parts[last].kind == Part::Kind::folders &&
        (below & bit(last)) != 0) {
      return false;
    }
  }
  return false;
}

void PathPatterns::mark(const State& state, std::vector<bool>& globs) const {
  for (std::size_t i = 0; i < state.size(); ++i) {
    if (!patterns_[i].leaves_out && (state[i] & bit(patterns_[i].parts.size())) != 0) {
      globs[patterns_[i].glob] = true;
    }
  }
}

bool PathPatterns::matches(std::string_view path) const {
  State state = start();
  for (const std::string_view name : split(path, '/')) {
    state = step(state, name);
  }
  return accepts(state);
}

}  // namespace headway
