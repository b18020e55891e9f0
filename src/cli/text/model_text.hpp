// What a language model would be asked, as people and programs read it. Pure; sends nothing.
#pragma once

#include "cli/project/model_request.hpp"

#include <string>

namespace headway::cli {

// The request as it goes over the wire, with the name of the key's variable in the key's place,
// then what stands in it of the log in plain lines, then whether it would be sent.
std::string model_request_text(const ModelRequest& request);

// The document of `headway explain --dry-run --json`, without a trailing newline.
std::string model_request_document(const ModelRequest& request);

// "asking the language model 'm' at http://localhost:8080/v1, 60 s at most".
std::string asking_text(const ModelService& service);

}  // namespace headway::cli
