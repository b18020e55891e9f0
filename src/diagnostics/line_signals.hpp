// LineSignals: what the words and the shape of one line say, whatever tool wrote it. Knows no rule,
// no neighbouring line and no cause.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace headway {

// A kind of line, recognised by the patterns of line_signal_patterns.cpp. A line may be of several.
enum class Signal : std::uint8_t {
  error_head,    // a line that begins by calling itself an error
  exception,     // an exception, panic or traceback
  assertion,     // what a check expected and what it got
  test_failed,   // this test failed
  fail_list,     // the heading of a list of failures
  numbered,      // "  3) name": an entry of such a list
  located,       // path:line: of a compiler or linter
  lint_code,     // E128, C0111, no-unused-vars
  frame,         // a line of a stack trace
  caret,         // the drawing under a source line, or its margin
  diff,          // a line of a difference
  not_found,     // something is missing
  environment,   // network, memory, disk, permissions, signals
  negative,      // any other word of failure
  shell,         // an error of the shell itself
  wrapper,       // a tool that says that another failed
  exit_marker,   // with which code something ended
  summary,       // counts of tests or problems
  bad_summary,   // ... of which some failed
  zero,          // nothing failed here
  passed,        // something went well
  dots,          // a row of test marks
  warning,       //
  noise,         // downloads, installations, progress, compilations
  command,       // a command that is echoed
  rule,          // a ruler
  hint,          // advice of a tool
  marker,        // a mark of a CI system around its steps
  ignored,       // a failure that does not count
  check_failed,  // files that should be other than they are
  severe,        // words that are hardly ever said in good times
  source,        // a numbered line of source text
  test_mark,     // the mark that a test runner puts on a test that failed, not any such words
};
inline constexpr int kSignals = 33;

// A set of signals.
using SignalMask = std::uint64_t;
constexpr SignalMask mask_of(Signal signal) noexcept {
  return SignalMask{1} << static_cast<unsigned>(signal);
}
template <class... Signals>
constexpr SignalMask mask_of(Signal first, Signals... rest) noexcept {
  return mask_of(first) | mask_of(rest...);
}

// Which automaton looks for a pattern. Apart they have few states; together they would have so many
// that the bounded memory of RE2 is flushed all the time (a fifth of the speed).
enum class SignalPlace : std::uint8_t {
  at_start,  // every alternative begins with ^
  any_case,  // words in either case, without .*
  anywhere,  // the rest
};
inline constexpr int kSignalPlaces = 3;

// A pattern in RE2's syntax and what it stands for.
struct SignalPattern {
  Signal signal;
  SignalPlace place;
  const char* pattern;
};
// All of them; compiled in.
std::span<const SignalPattern> signal_patterns();

// The patterns, compiled, and what they said of the lines before: logs repeat themselves. All
// objects that are there at the same time share one compilation (at most some 24 MB of automata);
// who looks at several logs one after the other holds patterns() the while. Objects are not
// thread-safe, one for each thread; what they share is.
class LineSignals {
 public:
  struct Patterns;
  // Those of the other objects, else compiled anew: some 60 million instructions.
  static std::shared_ptr<const Patterns> patterns();

  LineSignals();
  ~LineSignals();
  LineSignals(const LineSignals&) = delete;
  LineSignals& operator=(const LineSignals&) = delete;

  // What a cleaned line is. Looks at its first kMaxLookedAt bytes.
  SignalMask of(std::string_view line);
  // The same; of lines with the same `look` (LineRecord::look) only the first is looked at.
  SignalMask of(std::string_view line, std::uint32_t look);

  static constexpr std::size_t kMaxLookedAt = 400;

 private:
  struct Seen {
    std::uint32_t look = 0;
    SignalMask mask = 0;
  };
  static constexpr std::size_t kSeen = std::size_t{1} << 16U;

  std::shared_ptr<const Patterns> patterns_;
  std::vector<int> hits_;
  std::vector<Seen> seen_;
};

}  // namespace headway
