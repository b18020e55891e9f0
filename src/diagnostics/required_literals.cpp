// A small reader of patterns: see the header. What it does not know it takes for any text.
#include "diagnostics/required_literals.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

namespace headway {
namespace {

using Texts = std::set<std::string>;

constexpr std::size_t kMostExact = 16;  // texts of a part that is known letter by letter
constexpr std::size_t kMostAny = 48;    // alternatives, one of which is certain
constexpr std::size_t kLongest = 24;    // beyond it a literal brings nothing
constexpr int kDeepest = 50;            // parentheses in each other

constexpr std::string_view kRepeats = "*+?{";
constexpr std::string_view kSyntax = "()[]|\\.^$*+?{";

// What is known of a part of a pattern.
struct Part {
  std::optional<Texts> exact;  // it matches these texts and no others
  Texts any{};                 // else: it holds one of these; empty: nothing is known
};

Part unknown_part() {
  return {.exact = std::nullopt};
}

Part exactly(std::string text) {
  return {.exact = Texts{std::move(text)}};
}

char small(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t shortest(const Texts& texts) {
  std::size_t least = kLongest;
  for (const std::string& text : texts) {
    least = std::min(least, text.size());
  }
  return least;
}

bool can_be_required(const Texts& texts) {
  return !texts.empty() && texts.size() <= kMostAny && shortest(texts) >= kLeastLiteral;
}

// Long literals are in few lines; many of them are in more.
int worth(const Texts& texts) {
  return can_be_required(texts)
             ? 100 + 4 * static_cast<int>(shortest(texts)) - static_cast<int>(texts.size())
             : 0;
}

const Texts& required_of(const Part& part) {
  return part.exact ? *part.exact : part.any;
}

// Parts one behind the other.
class Sequence {
 public:
  void add(const Part& part) {
    if (!part.exact) {
      end_run();
      keep(part.any);
      is_exact_ = false;
      return;
    }
    Texts longer;
    for (const std::string& head : run_) {
      for (const std::string& tail : *part.exact) {
        longer.insert(head + tail);
      }
    }
    if (run_.size() * part.exact->size() > kMostExact || shortest(longer) >= kLongest) {
      end_run();
      is_exact_ = false;
      longer = *part.exact;
    }
    run_ = std::move(longer);
  }

  Part take() {
    if (is_exact_) {
      return {.exact = std::move(run_)};
    }
    end_run();
    return {.exact = std::nullopt, .any = std::move(best_)};
  }

 private:
  void keep(const Texts& texts) {
    if (worth(texts) > worth(best_)) {
      best_ = texts;
    }
  }
  void end_run() {
    keep(run_);
    run_ = {""};
  }

  Texts run_{""};  // what the parts since the last unknown one may be
  Texts best_;
  bool is_exact_ = true;
};

Part either(const Part& a, const Part& b) {
  Texts all = required_of(a);
  all.insert(required_of(b).begin(), required_of(b).end());
  if (a.exact && b.exact && all.size() <= kMostExact) {
    return {.exact = std::move(all)};
  }
  const bool is_known = can_be_required(required_of(a)) && can_be_required(required_of(b));
  return {.exact = std::nullopt, .any = is_known ? std::move(all) : Texts{}};
}

class Reader {
 public:
  explicit Reader(std::string_view pattern) : rest_(pattern) {}

  Texts read() {
    const Part whole = alternatives();
    return is_lost_ || !rest_.empty() ? Texts{} : required_of(whole);
  }

 private:
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) {
      return false;
    }
    rest_.remove_prefix(text.size());
    return true;
  }
  char next() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  Part lost() {
    is_lost_ = true;
    rest_ = {};
    return unknown_part();
  }

  Part alternatives() {
    if (++depth_ > kDeepest) {
      return lost();
    }
    Part all = sequence();
    while (take("|")) {
      all = either(all, sequence());
    }
    --depth_;
    return all;
  }

  Part sequence() {
    Sequence parts;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      parts.add(repeated(atom()));
    }
    return parts.take();
  }

  Part repeated(Part part) {
    while (!rest_.empty()) {
      Counts counts;
      if (take("*")) {
        counts = {.least = 0};
      } else if (take("?")) {
        part = part.exact ? either(part, exactly("")) : unknown_part();
        continue;
      } else if (!take("+") && !take_counts(counts)) {
        return part;
      }
      part = several(part, counts);
      take("?");  // lazy: as many texts
    }
    return part;
  }

  // How often something stands there: so often, or at least so often.
  struct Counts {
    int least = 1;
    bool is_fixed = false;
  };

  static Part several(const Part& part, const Counts& counts) {
    if (counts.least == 0) {
      return unknown_part();
    }
    Sequence parts;
    for (int time = 0; time < std::min(counts.least, static_cast<int>(kLongest)); ++time) {
      parts.add(part);
    }
    Part all = parts.take();
    const bool is_whole = counts.is_fixed && counts.least <= static_cast<int>(kLongest);
    return is_whole ? all : Part{.exact = std::nullopt, .any = required_of(all)};
  }

  // {n}, {n,} and {n,m}; anything else in braces is text.
  bool take_counts(Counts& counts) {
    const std::size_t end = rest_.find('}');
    if (rest_.front() != '{' || end == std::string_view::npos) {
      return false;
    }
    const std::string_view inside = rest_.substr(1, end - 1);
    int least = 0;
    const auto [behind, problem] =
        std::from_chars(inside.data(), inside.data() + inside.size(), least);
    const std::string_view most(behind,
                                static_cast<std::size_t>(inside.data() + inside.size() - behind));
    const bool is_count = problem == std::errc() && least >= 0 &&
                          most.find_first_not_of("0123456789", most.starts_with(',') ? 1 : 0) ==
                              std::string_view::npos;
    if (is_count) {
      counts = {.least = least, .is_fixed = most.empty()};
      rest_.remove_prefix(end + 1);
    }
    return is_count;
  }

  // A character beyond ASCII. Signs (U+2000 to U+9FFF) stand for themselves; letters may fold.
  Part beyond_ascii() {
    std::string bytes;
    do {
      bytes += next();
    } while (!rest_.empty() && (static_cast<unsigned char>(rest_.front()) & 0xC0) == 0x80);
    const auto lead = static_cast<unsigned char>(bytes.front());
    return lead >= 0xE2 && lead <= 0xE9 ? exactly(std::move(bytes)) : unknown_part();
  }

  Part atom() {
    if (static_cast<unsigned char>(rest_.front()) >= 0x80) {
      return beyond_ascii();
    }
    const char c = next();
    switch (c) {
      case '(':
        return group();
      case '[':
        return any_of();
      case '\\':
        return escaped();
      case '.':
        return unknown_part();
      case '^':
      case '$':
        return exactly("");
      default:
        return plain_run(c);
    }
  }

  // Plain text from `c` on, up to what repeats.
  Part plain_run(char c) {
    std::string run(1, small(c));
    const auto is_plain = [](char one) {
      return static_cast<unsigned char>(one) < 0x80 && kSyntax.find(one) == std::string_view::npos;
    };
    const auto repeats = [this](std::size_t at) {
      return at < rest_.size() && kRepeats.find(rest_[at]) != std::string_view::npos;
    };
    while (!rest_.empty() && is_plain(rest_.front()) && !repeats(1)) {
      run += small(next());
    }
    return exactly(std::move(run));
  }

  Part group() {
    if (take("?")) {
      const std::size_t end = rest_.find_first_of(":)>");
      if (end == std::string_view::npos) {
        return lost();
      }
      const char how = rest_[end];
      rest_.remove_prefix(end + 1);
      if (how == ')') {  // flags for what follows: case is folded anyway
        return exactly("");
      }
    }
    Part inside = alternatives();
    return take(")") ? inside : lost();
  }

  Part escaped() {
    if (rest_.empty()) {
      return lost();
    }
    const char c = next();
    switch (c) {
      case 'b':
      case 'B':
      case 'A':
      case 'z':
        return exactly("");
      case 'd':
      case 'D':
      case 's':
      case 'S':
      case 'w':
      case 'W':
        return unknown_part();
      case 't':
        return exactly("\t");
      default:
        break;
    }
    const bool is_name = (c >= '0' && c <= '9') || (small(c) >= 'a' && small(c) <= 'z') ||
                         static_cast<unsigned char>(c) >= 0x80;
    return is_name ? lost() : exactly(std::string(1, c));
  }

  // A class of characters: known where it names few.
  Part any_of() {
    Texts texts;
    bool is_known = !take("^");
    for (bool first = true; !rest_.empty() && (first || rest_.front() != ']'); first = false) {
      if (take("[:")) {
        const std::size_t end = rest_.find(":]");
        if (end == std::string_view::npos) {
          return lost();
        }
        rest_.remove_prefix(end + 2);
        is_known = false;
        continue;
      }
      const char c = next();
      const bool is_range = rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']';
      if (c == '\\' && !rest_.empty()) {
        const char escaped = next();
        is_known = is_known && !(small(escaped) >= 'a' && small(escaped) <= 'z') &&
                   !(escaped >= '0' && escaped <= '9');
        texts.insert(std::string(1, escaped));
      } else {
        is_known = is_known && static_cast<unsigned char>(c) < 0x80;
        texts.insert(std::string(1, small(c)));
      }
      is_known = is_known && !is_range;
    }
    if (!take("]")) {
      return lost();
    }
    return is_known && texts.size() <= kMostExact ? Part{.exact = std::move(texts)}
                                                  : unknown_part();
  }

  std::string_view rest_;
  int depth_ = 0;
  bool is_lost_ = false;
};

}  // namespace

std::vector<std::string> required_literals(std::string_view pattern) {
  const Texts texts = Reader(pattern).read();
  return can_be_required(texts) ? std::vector<std::string>(texts.begin(), texts.end())
                                : std::vector<std::string>{};
}

}  // namespace headway
