// A record as one line of JSON (docs: "Log records"). Knows nothing of files.
#pragma once

#include "base/secrets.hpp"
#include "logging/log_record.hpp"

#include <string>

namespace headway {

// Appends the record and a newline to `out`: well-formed JSON and UTF-8 whatever is in the record,
// at most kMaxRecordBytes long, fields of the user only under "attr". What was cut stands in
// "trunc" with its full length in bytes. Secrets are masked in every value.
void append_json_line(std::string& out, const LogRecord& record, const SecretSet* secrets);

}  // namespace headway
