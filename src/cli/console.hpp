// Console: where a command's text goes: the product and text for people, errors always on stderr.
// Knows no command.
#pragma once

#include "base/secrets.hpp"
#include "cli/command.hpp"
#include "cli/terminal/paint.hpp"
#include "headway/result.hpp"

#include <string>
#include <string_view>

namespace headway::cli {

// The two streams of one command, by its options: text for people goes to stdout, with --json to
// stderr; the JSON document goes to stdout. Text for people is masked; documents are
// masked by their writers. Not synchronised.
class Console {
 public:
  explicit Console(GlobalOptions options, SecretSet secrets = {});

  // Text for people, newline included; nothing under --quiet.
  void say(std::string_view text);
  // Text for people that stands even under --quiet.
  void say_always(std::string_view text);
  // What the command was asked for, on stdout: a document (a newline is added), or bytes as they
  // are.
  void document(std::string_view json);
  void bytes(std::string_view bytes);
  // A line on stderr with "headway: " before it. The text is made printable.
  void tell(std::string_view message);
  void tell(const Error& error);
  // Tells it; the exit code that it means.
  int refuse(const Error& error);
  // A line on stderr as it is, made printable.
  void tell_line(std::string_view line);

  // `code`, or 70 where stdout took not all of it (a full disk).
  int finish(int code) const;

  // Of the stream for people.
  int people_fd() const noexcept;
  Stream people_stream() const noexcept;
  Paint paint() const;
  // Columns of a terminal; 0 (no limit) where the stream is none.
  int width() const;

 private:
  void write_out(std::string_view text);

  GlobalOptions options_;
  SecretSet secrets_;
  bool failed_ = false;
};

// write(2) of all of it; whether that went well. Waits where the descriptor does not take it now.
bool write_fully(int fd, std::string_view text);

// The exit code for an error of ours: what a person can mend is 2, the rest 70.
int exit_code_of(const Error& error);

// "headway: message" and, on a line of its own, the next step; newline included.
std::string error_text(const Error& error);

}  // namespace headway::cli
