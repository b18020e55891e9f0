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

}  // namespace headway
