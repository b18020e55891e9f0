// PathPatterns: which files a list of globs means. Pure: works on names, never looks at a disk, and
// knows nothing of what the files are for.
#pragma once

#include "headway/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// A list of globs, read in order; the last one that matches a path decides.
//
//   *        any characters of one name, a leading dot too      ?      one byte
//   [a-z]    one of these bytes; [!a-z]: none of them            \      the next character is meant
//   **       as a whole part: any number of folders              {a,b}  one of these
//   !GLOB    leaves out what it matches, of a folder everything below
//
// A glob whose last part has no wildcard may name a folder: then everything below it is meant; so
// it is with a slash at the end. Paths are relative to one folder, with '/', without "." parts;
// leading ".." parts, or a leading '/', must be spelled as in the glob. Immutable; safe from any
// thread.
class PathPatterns {
 public:
  // Where a walk down the folders stands, by glob: bits are positions in it. Cheap to copy.
  using State = std::vector<std::uint64_t>;

  // Nothing matches.
  PathPatterns() = default;
  // Error invalid_argument, naming the glob: empty, an open '[' or '{', ".." after a wildcard, more
  // than kMaxParts parts, or more than kMaxAlternatives from its braces.
  static Result<PathPatterns> parse(const std::vector<std::string>& globs);

  bool matches(std::string_view path) const;
  bool empty() const noexcept { return patterns_.empty(); }
  // By number in the list given to parse(): whether it leaves out.
  std::size_t size() const noexcept { return globs_; }

  // Going down: where one stands in the folder that paths are relative to, and after one more name.
  State start() const;
  State step(const State& state, std::string_view name) const;
  // The path so far is meant.
  bool accepts(const State& state) const noexcept;
  // Something below the path so far may be meant.
  bool may_accept_below(const State& state) const noexcept;
  // Marks (by number in the list given to parse()) the globs that match the path so far and mean
  // it.
  void mark(const State& state, std::vector<bool>& globs) const;

  // The longest path without wildcard of each glob that does not leave out, each once: outside them
  // nothing is meant. "" is the folder that paths are relative to.
  const std::vector<std::string>& roots() const noexcept { return roots_; }

  static constexpr std::size_t kMaxParts = 60;
  static constexpr std::size_t kMaxAlternatives = 256;

 private:
  // One part of a glob.
  struct Part {
    enum class Kind : std::uint8_t { literal, wild, any, folders };
    Kind kind = Kind::literal;
    std::string text;
  };
  struct Pattern {
    std::vector<Part> parts;
    std::size_t glob = 0;  // number in the list
    bool leaves_out = false;
  };

  static Result<Pattern> read(std::string_view glob, bool leaves_out);
  static Part read_part(std::string_view text);
  static bool fits(const Part& part, std::string_view name);
  static std::string root_of(const Pattern& pattern);
  static std::uint64_t closed(const Pattern& pattern, std::uint64_t bits);
  Result<void> add(std::string_view glob);

  std::vector<Pattern> patterns_;  // braces written out
  std::vector<std::string> roots_;
  std::size_t globs_ = 0;
};

}  // namespace headway
