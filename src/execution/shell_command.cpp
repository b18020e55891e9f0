// See shell_command.hpp. Grammar: POSIX.1-2017, Shell Command Language, 2.2 (quoting), 2.3
// (tokens), 2.4 (reserved words), 2.9.1 (simple commands). A doubt means the shell.
#include "execution/shell_command.hpp"

#include <algorithm>
#include <array>

namespace headway {
namespace {

// Names that some /bin/sh (dash, bash, busybox, ksh) does not look up in PATH: builtins and
// reserved words.
constexpr std::array<std::string_view, 102> kShellNames = {
    "!",        ".",       ":",       "[",        "[[",       "]]",        "alias",   "array",
    "autoload", "bg",      "bind",    "break",    "builtin",  "caller",    "case",    "cd",
    "chdir",    "command", "compgen", "complete", "compopt",  "continue",  "coproc",  "declare",
    "dirs",     "disown",  "do",      "done",     "echo",     "elif",      "else",    "enable",
    "end",      "esac",    "eval",    "exec",     "exit",     "export",    "false",   "fc",
    "fg",       "fi",      "for",     "foreach",  "function", "functions", "getopts", "global",
    "hash",     "help",    "history", "if",       "in",       "integer",   "jobs",    "kill",
    "let",      "local",   "logout",  "mapfile",  "nameref",  "namespace", "newgrp",  "nocorrect",
    "noglob",   "popd",    "print",   "printf",   "pushd",    "pwd",       "read",    "readarray",
    "readonly", "rename",  "repeat",  "return",   "select",   "set",       "setopt",  "shift",
    "shopt",    "source",  "suspend", "test",     "then",     "time",      "times",   "trap",
    "true",     "type",    "typeset", "ulimit",   "umask",    "unalias",   "unset",   "unsetopt",
    "until",    "wait",    "whence",  "while",    "{",        "}"};

constexpr std::string_view kBlanks = " \t";

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

// Stands for itself outside quotes, in every shell.
bool is_plain(char c) {
  constexpr std::string_view kPlain = "%+,-./:=@_";
  return is_alphanumeric(c) || kPlain.find(c) != std::string_view::npos;
}

// A name of a program that no shell takes for anything else: no assignment, no job (%1), no option.
bool is_program_name(std::string_view word) {
  constexpr std::string_view kAllowed = "+-./_";
  const bool is_clean = std::all_of(word.begin(), word.end(), [&](char c) {
    return is_alphanumeric(c) || kAllowed.find(c) != std::string_view::npos;
  });
  return is_clean && !word.empty() && word.front() != '-' && word.front() != '+' &&
         std::find(kShellNames.begin(), kShellNames.end(), word) == kShellNames.end();
}

// Reads words from a text; stops for good at the first thing that it is not sure about.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) {}

  // All words; nothing where one is not certain.
  std::optional<std::vector<std::string>> read() {
    std::vector<std::string> words;
    while (skip_blanks()) {
      std::string word;
      if (!read_word(word)) {
        return std::nullopt;
      }
      words.push_back(std::move(word));
    }
    return words;
  }

 private:
  // False at the end of the text.
  bool skip_blanks() {
    at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
    return at_ < text_.size();
  }

  // One word up to a blank or the end; false where it is not certain.
  bool read_word(std::string& word) {
    while (at_ < text_.size() && kBlanks.find(text_[at_]) == std::string_view::npos) {
      const char c = text_[at_++];
      const bool is_certain = c == '\''   ? read_single_quoted(word)
                              : c == '"'  ? read_double_quoted(word)
                              : c == '\\' ? read_escaped(word)
                                          : read_plain(c, word);
      if (!is_certain) {
        return false;
      }
    }
    return true;
  }

  static bool read_plain(char c, std::string& word) {
    word += c;
    return is_plain(c);
  }

  bool read_escaped(std::string& word) {
    if (at_ == text_.size() || !is_printable(text_[at_])) {
      return false;
    }
    word += text_[at_++];
    return true;
  }

  bool read_single_quoted(std::string& word) {
    while (at_ < text_.size() && text_[at_] != '\'') {
      if (!is_printable(text_[at_])) {
        return false;
      }
      word += text_[at_++];
    }
    return at_++ < text_.size();
  }

  bool read_double_quoted(std::string& word) {
    constexpr std::string_view kEscapable = "$`\"\\";
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_++];
      if (c == '$' || c == '`' || !is_printable(c)) {
        return false;
      }
      if (c == '\\' && at_ < text_.size() &&
          kEscapable.find(text_[at_]) != std::string_view::npos) {
        word += text_[at_++];
      } else {
        word += c;
      }
    }
    return at_++ < text_.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Blank lines before and after a command mean nothing: a YAML block scalar ends with one.
std::string_view without_blank_ends(std::string_view script) {
  constexpr std::string_view kEmpty = " \t\n";
  const std::size_t first = script.find_first_not_of(kEmpty);
  if (first == std::string_view::npos) {
    return {};
  }
  return script.substr(first, script.find_last_not_of(kEmpty) - first + 1);
}

}  // namespace

std::optional<std::vector<std::string>> simple_command(std::string_view script) {
  auto words = WordReader(without_blank_ends(script)).read();
  if (!words || words->empty() || !is_program_name(words->front())) {
    return std::nullopt;
  }
  return words;
}

std::vector<std::string> script_argv(std::string_view script) {
  auto words = simple_command(script);
  return words ? *std::move(words)
               : std::vector<std::string>{"/bin/sh", "-e", "-c", std::string(script)};
}

}  // namespace headway
