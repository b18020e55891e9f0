// See shell_tokens.hpp. Grammar: POSIX.1-2017, Shell Command Language, 2.2 (quoting), 2.3 (tokens),
// 2.7 (redirection).
#include "diagnostics/shell_tokens.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace headway {
namespace {

constexpr std::string_view kMeta = " \t\n;&|<>()";
constexpr std::string_view kExpanding = "*?[~";

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view script) : text_(script) {}

  std::vector<ShellToken> read() {
    while (at_ < text_.size()) {
      step();
    }
    return std::move(tokens_);
  }

 private:
  struct HereDocument {
    std::string end;
    bool strips_tabs = false;
  };

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void step() {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '\\' && peek(1) == '\n') {
      at_ += 2;
    } else if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '\n') {
      ++at_;
      tokens_.push_back({ShellToken::Kind::newline, "\n"});
      skip_documents();
    } else if (c == '<' || c == '>') {
      redirect();
    } else if (kMeta.find(c) != std::string_view::npos) {
      tokens_.push_back({ShellToken::Kind::operation, operation()});
    } else {
      ShellToken word = read_word();
      const bool is_number =
          !word.text.empty() && std::all_of(word.text.begin(), word.text.end(), [](char d) {
            return d >= '0' && d <= '9';
          });
      if (!is_number || word.is_quoted || (peek() != '<' && peek() != '>')) {  // "2>file"
        tokens_.push_back(std::move(word));
      }
    }
  }

  std::string operation() {
    for (const std::string_view two : {"&&", "||", ";;"}) {
      if (text_.substr(at_, 2) == two) {
        at_ += 2;
        return std::string(two);
      }
    }
    return std::string(1, text_[at_++]);
  }

  // "<", ">", ">>", "<<-", "<<<", "<&", ">|", "<(": the operator and the word after it.
  void redirect() {
    const bool is_document = text_.substr(at_, 2) == "<<" && peek(2) != '<';
    const bool strips_tabs = is_document && peek(2) == '-';
    if ((peek(1)) == '(') {  // a process substitution: a word of its own
      at_ += 1;
      skip_parentheses();
      return;
    }
    while (std::string_view("<>&|-").find(peek()) != std::string_view::npos && peek() != '\0') {
      ++at_;
    }
    while (peek() == ' ' || peek() == '\t') {
      ++at_;
    }
    if (peek() == '\0' || kMeta.find(peek()) != std::string_view::npos) {
      return;
    }
    const ShellToken word = read_word();
    if (is_document) {
      documents_.push_back({word.text, strips_tabs});
    }
  }

  void skip_documents() {
    for (const HereDocument& document : std::exchange(documents_, {})) {
      while (at_ < text_.size()) {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        std::string_view line = text_.substr(at_, end - at_);
        at_ = std::min(end + 1, text_.size());
        while (document.strips_tabs && line.starts_with('\t')) {
          line.remove_prefix(1);
        }
        if (line == document.end) {
          break;
        }
      }
    }
  }

  ShellToken read_word() {
    ShellToken word;
    while (at_ < text_.size() && kMeta.find(text_[at_]) == std::string_view::npos) {
      const char c = text_[at_];
      if (c == '\\') {
        word.is_quoted = true;
        word.text += peek(1) == '\n' ? "" : std::string(1, peek(1));
        at_ += 2;
      } else if (c == '\'') {
        word.is_quoted = true;
        const std::size_t end = std::min(text_.find('\'', at_ + 1), text_.size());
        word.text += text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
      } else if (c == '"') {
        read_double_quoted(word);
      } else if (c == '$' || c == '`') {
        word.is_literal = false;
        skip_expansion();
      } else {
        word.is_literal = word.is_literal && kExpanding.find(c) == std::string_view::npos;
        word.text += c;
        ++at_;
      }
    }
    at_ = std::min(at_, text_.size());
    word.is_literal = word.is_literal || word.text == "[" || word.text == "[[";
    return word;
  }

  void read_double_quoted(ShellToken& word) {
    word.is_quoted = true;
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        word.text += peek(1);
        at_ += 2;
      } else if (text_[at_] == '$' || text_[at_] == '`') {
        word.is_literal = false;
        skip_expansion();
      } else {
        word.text += text_[at_++];
      }
    }
    ++at_;
  }

  // "$name", "${...}", "$(...)", "`...`"; leaves the rest of a name to the caller.
  void skip_expansion() {
    if (text_[at_] == '`') {
      const std::size_t end = text_.find('`', at_ + 1);
      at_ = end == std::string_view::npos ? text_.size() : end + 1;
      return;
    }
    ++at_;
    if (peek() == '(') {
      skip_parentheses();
    } else if (peek() == '{') {
      const std::size_t end = text_.find('}', at_);
      at_ = end == std::string_view::npos ? text_.size() : end + 1;
    } else if (at_ < text_.size() && kMeta.find(peek()) == std::string_view::npos &&
               peek() != '"' && peek() != '\'') {
      ++at_;
    }
  }

  // From "(" to behind its ")".
  void skip_parentheses() {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\'') {
        at_ = std::min(text_.find('\'', at_ + 1), text_.size() - 1);
      } else if (c == '\\') {
        ++at_;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        ++at_;
        return;
      }
    }
    at_ = text_.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<ShellToken> tokens_;
  std::vector<HereDocument> documents_;
};

}  // namespace

std::vector<ShellToken> shell_tokens(std::string_view script) {
  return Tokenizer(script).read();
}

}  // namespace headway
