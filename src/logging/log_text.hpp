// A record as one line of text for people. Knows nothing of files.
#pragma once

#include "base/secrets.hpp"
#include "logging/log_record.hpp"

#include <string>

namespace headway {

// Appends "<time> <LEVEL> <logger> [<stage>] <message> key=value ..." and a newline to `out`.
// Control characters are escaped (a record is one line, and a terminal obeys none of it), bad UTF-8
// becomes U+FFFD, secrets are masked, texts are cut at kMaxFieldBytes with "..." and the record, at
// the same mark, at kMaxRecordBytes.
void append_text_line(std::string& out, const LogRecord& record, const SecretSet* secrets);

// Its parts, for those who render in another way: the level in 8 columns; a text with control
// characters escaped; a value, in quotes where it has to be.
std::string_view text_label(LogLevel level) noexcept;
void append_escaped_text(std::string& out, std::string_view text);
void append_text_value(std::string& out, std::string_view value);

}  // namespace headway
