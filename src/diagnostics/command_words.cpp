// See command_words.hpp. A doubt makes a program uncertain, never a certain one of it.
#include "diagnostics/command_words.hpp"

#include "diagnostics/shell_tokens.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace headway {
namespace {

template <std::size_t N>
bool has(const std::array<std::string_view, N>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

constexpr std::array<std::string_view, 61> kBuiltins{
    ".",         ":",        "[",       "[[",      "]]",       "alias",   "bg",     "break",
    "builtin",   "caller",   "cd",      "command", "continue", "declare", "dirs",   "disown",
    "echo",      "enable",   "eval",    "exec",    "exit",     "export",  "false",  "fc",
    "fg",        "getopts",  "hash",    "help",    "history",  "jobs",    "kill",   "let",
    "local",     "logout",   "mapfile", "popd",    "printf",   "pushd",   "pwd",    "read",
    "readarray", "readonly", "return",  "set",     "shift",    "shopt",   "source", "suspend",
    "test",      "times",    "trap",    "true",    "type",     "typeset", "ulimit", "umask",
    "unalias",   "unset",    "wait",    "coproc",  "time"};
// Builtins after which it is not known which programs there are, or that failing ends the script.
constexpr std::array<std::string_view, 6> kUnsettling{
    ".", "source", "eval", "alias", "enable", "hash"};
// They ask whether something is there: what follows them in a chain is guarded.
constexpr std::array<std::string_view, 8> kGuards{
    "[", "[[", "test", "command", "type", "hash", "which", "false"};
// They start the rest of their words.
constexpr std::array<std::string_view, 3> kStarters{"exec", "command", "time"};
constexpr std::array<std::string_view, 2> kProgramStarters{"env", "nohup"};
constexpr std::array<std::string_view, 8> kBeforeCommand{
    "then", "do", "else", "elif", "!", "if", "while", "until"};

bool is_assignment(const ShellToken& token) {
  const std::size_t equals = token.text.find('=');
  return equals != std::string::npos && equals > 0 &&
         std::all_of(token.text.begin(),
                     token.text.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '_' || c == '+';
                     });
}

class ScriptReader {
 public:
  explicit ScriptReader(std::string_view script) : tokens_(shell_tokens(script)) {}

  std::vector<CommandWord> read() {
    while (at_ < tokens_.size()) {
      step();
    }
    std::erase_if(found_, [this](const CommandWord& word) {
      return functions_.find(word.program) != functions_.end();
    });
    return std::move(found_);
  }

 private:
  const ShellToken& token() const { return tokens_[at_]; }
  bool at_end_of_command() const {
    return at_ >= tokens_.size() || token().kind != ShellToken::Kind::word;
  }
  bool is_conditional() const {
    return std::find(blocks_.begin(), blocks_.end(), true) != blocks_.end();
  }

  void step() {
    if (token().kind == ShellToken::Kind::word) {
      begin_command();
      return;
    }
    const std::string operation = token().text;
    ++at_;
    if (operation == "(") {
      blocks_.push_back(in_function_);
      in_function_ = false;
    } else if (operation == ")") {
      close_block();
    } else if (operation == "||") {
      doubt_chain();
    } else if (operation == "\n" || operation == ";" || operation == "&") {
      chain_begin_ = found_.size();
      is_guarded_ = false;
    }
  }

  void close_block() {
    if (!blocks_.empty()) {
      blocks_.pop_back();
    }
  }
  // What stands before `||` may fail, and what follows need not be reached.
  void doubt_chain() {
    for (std::size_t at = chain_begin_; at < found_.size(); ++at) {
      found_[at].is_certain = false;
    }
    is_guarded_ = true;
  }

  // At a word where a command may begin.
  void begin_command() {
    if (reserved_word()) {
      return;
    }
    if (!token().is_quoted && is_assignment(token())) {
      is_unsettled_ = is_unsettled_ || token().text.starts_with("PATH");
      ++at_;
      return;
    }
    if (at_ + 1 < tokens_.size() && tokens_[at_ + 1].is_operator("(")) {  // name() { ... }
      functions_.insert(token().text);
      at_ += 3;
      in_function_ = true;
      return;
    }
    simple_command();
  }

  bool reserved_word() {
    if (token().is_quoted) {
      return false;
    }
    const std::string word = token().text;
    if (word == "{") {
      blocks_.push_back(in_function_);
      in_function_ = false;
    } else if (word == "}" || word == "fi" || word == "done") {
      close_block();
    } else if (word == "for" || word == "select") {
      blocks_.push_back(true);
      skip_to_end_of_command();
      return true;
    } else if (word == "case") {
      skip_case();
      return true;
    } else if (word == "function") {
      functions_.insert(at_ + 1 < tokens_.size() ? tokens_[at_ + 1].text : "");
      in_function_ = true;
      ++at_;
    } else if (has(kBeforeCommand, word)) {
      if (word == "if" || word == "while" || word == "until") {
        blocks_.push_back(true);
      }
    } else {
      return false;
    }
    ++at_;
    return true;
  }

  void skip_to_end_of_command() {
    while (!at_end_of_command()) {
      ++at_;
    }
  }
  void skip_case() {
    int depth = 0;
    for (; at_ < tokens_.size(); ++at_) {
      depth += token().is_word("case") ? 1 : 0;
      depth -= token().is_word("esac") ? 1 : 0;
      if (depth == 0) {
        ++at_;
        return;
      }
    }
  }

  void simple_command() {
    const ShellToken first = token();
    ++at_;
    if (first.is_literal && !first.text.empty()) {
      if (has(kBuiltins, first.text)) {
        builtin(first.text);
        return;
      }
      add(first.text);
      if (has(kProgramStarters, first.text)) {
        started_by(first.text);
        return;
      }
      is_guarded_ = is_guarded_ || first.text == "which";
    }
    skip_to_end_of_command();
  }

  // The command that "env A=b make" or "exec make" starts.
  void started_by(std::string_view starter) {
    while (!at_end_of_command() && starter == "env" && is_assignment(token())) {
      is_unsettled_ = is_unsettled_ || token().text.starts_with("PATH");
      ++at_;
    }
    if (!at_end_of_command() && !token().text.starts_with('-')) {
      simple_command();
    } else {
      skip_to_end_of_command();
    }
  }

  void builtin(std::string_view name) {
    is_moved_ = is_moved_ || name == "cd" || name == "pushd" || name == "popd";
    const bool changes_path =
        (name == "export" || name == "readonly" || name == "declare" || name == "typeset") &&
        !at_end_of_command() && token().text.starts_with("PATH");
    const bool allows_failure = name == "set" && !at_end_of_command() &&
                                token().text.starts_with('+') &&
                                token().text.find('e') != std::string::npos;
    is_unsettled_ = is_unsettled_ || changes_path || allows_failure || has(kUnsettling, name);
    if (has(kStarters, name) && !at_end_of_command() && !token().text.starts_with('-')) {
      simple_command();
      return;
    }
    is_guarded_ = is_guarded_ || has(kGuards, name);
    skip_to_end_of_command();
  }

  void add(const std::string& program) {
    CommandWord word;
    word.program = program;
    for (std::size_t next = at_;
         next < tokens_.size() && tokens_[next].kind == ShellToken::Kind::word &&
         tokens_[next].is_literal;
         ++next) {
      word.arguments.push_back(tokens_[next].text);
    }
    word.is_certain = !is_conditional() && !is_guarded_ && !is_unsettled_;
    word.is_moved = is_moved_;
    found_.push_back(std::move(word));
  }

  std::vector<ShellToken> tokens_;
  std::size_t at_ = 0;
  std::vector<bool> blocks_;  // open ones: whether what is in them may not be reached
  std::set<std::string> functions_;
  bool in_function_ = false;   // the next block is a function's body
  bool is_guarded_ = false;    // the rest of this chain of && and ||
  bool is_unsettled_ = false;  // PATH or the rules have changed
  bool is_moved_ = false;
  std::size_t chain_begin_ = 0;
  std::vector<CommandWord> found_;
};

}  // namespace

std::vector<CommandWord> programs_of_script(std::string_view script) {
  return ScriptReader(script).read();
}

std::vector<CommandWord> programs_of(const StageCommand& command) {
  if (command.is_script()) {
    return programs_of_script(command.script);
  }
  return {{command.argv.front(), {command.argv.begin() + 1, command.argv.end()}}};
}

}  // namespace headway
