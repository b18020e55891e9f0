// Which environment variables hold a secret, by their names. Knows nothing of masking.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace headway {

// Whether a variable of that name holds a secret: it matches one of `patterns` (shell globs, as in
// `secrets:` of the workflow file), or it looks so (see below).
bool is_secret_name(const std::string& name, const std::vector<std::string>& patterns);

// The values, sorted and without doubles or empty ones, that `environment` holds under a name that
// matches one of `patterns` or that looks secret (*TOKEN*, *SECRET*, *PASSWORD*, *PASSWD*, *_KEY,
// *CREDENTIAL*, *_PAT, ...; never names such as *_KEY_FILE, *_PATH, SSH_AUTH_SOCK, *KEYBOARD*).
std::vector<std::string> secret_values(
    const std::vector<std::pair<std::string, std::string>>& environment,
    const std::vector<std::string>& patterns);

}  // namespace headway
