// The tokens of a shell script: words and operators. Pure; knows no command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One token. Quotes are taken off; what an expansion would put in is not known.
struct ShellToken {
  enum class Kind { word, operation, newline };
  Kind kind = Kind::word;
  std::string text;        // of an operator: "&&", ";", "(", ...
  bool is_literal = true;  // a word that stands for itself: no expansion, glob or tilde
  bool is_quoted = false;  // some of it is: it is no reserved word and no assignment

  bool is_word(std::string_view wanted) const {
    return kind == Kind::word && !is_quoted && text == wanted;
  }
  bool is_operator(std::string_view wanted) const {
    return kind == Kind::operation && text == wanted;
  }
};

// All tokens, without comments, redirections and here-documents.
std::vector<ShellToken> shell_tokens(std::string_view script);

}  // namespace headway
