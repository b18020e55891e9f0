// Which environment variables hold a secret, by their names. Knows nothing of masking.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace headway {

// The values, sorted and without doubles or empty ones, that `environment` holds under a name that
// matches one of `patterns` (shell globs, as in `secrets:` of the workflow file) or that looks
// secret (*TOKEN*, *SECRET*, *PASSWORD*, *PASSWD*, *_KEY, *CREDENTIAL*, *_PAT, ...; never names
// such as *_KEY_FILE, *_PATH, SSH_AUTH_SOCK, *KEYBOARD*).
std::vector<std::string> secret_values(
    const std::vector<std::pair<std::string, std::string>>& environment,
    const std::vector<std::string>& patterns);

}  // namespace headway
