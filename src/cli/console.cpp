// Where a command's text goes; see console.hpp. Knows no command.
#include "cli/console.hpp"

#include "cli/terminal/text_layout.hpp"
#include "orchestration/orchestrator.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include <utility>

namespace headway::cli {

Console::Console(GlobalOptions options, SecretSet secrets)
    : options_(std::move(options)), secrets_(std::move(secrets)) {}

void Console::say(std::string_view text) {
  if (!options_.quiet) {
    say_always(text);
  }
}

void Console::say_always(std::string_view text) {
  if (options_.json) {
    write_fully(STDERR_FILENO, secrets_.mask(text));
  } else {
    write_out(secrets_.mask(text));
  }
}

void Console::document(std::string_view json) {
  write_out(std::string(json) + '\n');
}

void Console::bytes(std::string_view bytes) {
  write_out(bytes);
}

void Console::tell(std::string_view message) {
  write_fully(STDERR_FILENO, secrets_.mask(fmt::format("headway: {}\n", printable(message))));
}

void Console::tell(const Error& error) {
  write_fully(STDERR_FILENO, secrets_.mask(error_text(error)));
}

int Console::refuse(const Error& error) {
  tell(error);
  return exit_code_of(error);
}

void Console::tell_line(std::string_view line) {
  write_fully(STDERR_FILENO, secrets_.mask(printable(line)) + '\n');
}

int Console::finish(int code) const {
  if (!failed_ || code != 0) {
    return code;
  }
  write_fully(STDERR_FILENO, "headway: the output could not be written\n");
  return static_cast<int>(ExitCode::internal);
}

int Console::people_fd() const noexcept {
  return options_.json ? STDERR_FILENO : STDOUT_FILENO;
}

Stream Console::people_stream() const noexcept {
  return options_.json ? Stream::error : Stream::out;
}

Paint Console::paint() const {
  return Paint(wants_color(options_.color, options_.terminal, people_stream()));
}

int Console::width() const {
  const bool is_terminal =
      options_.json ? options_.terminal.error_is_terminal : options_.terminal.out_is_terminal;
  return is_terminal ? terminal_size(people_fd()).columns : 0;
}

void Console::write_out(std::string_view text) {
  failed_ = !write_fully(STDOUT_FILENO, text) || failed_;
}

bool write_fully(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd wanted{.fd = fd, .events = POLLOUT, .revents = 0};
      ::poll(&wanted, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

int exit_code_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::not_found:
    case ErrorCode::parse:
    case ErrorCode::conflict:
    case ErrorCode::unsupported:
      return static_cast<int>(ExitCode::usage);
    case ErrorCode::io:
    case ErrorCode::timeout:
    case ErrorCode::internal:
      break;
  }
  return static_cast<int>(ExitCode::internal);
}

std::string error_text(const Error& error) {
  std::string text = fmt::format("headway: {}\n", printable(error.message));
  if (!error.next_step.empty()) {
    text += fmt::format("  {}\n", printable(error.next_step));
  }
  return text;
}

}  // namespace headway::cli
