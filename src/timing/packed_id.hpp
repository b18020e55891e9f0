// Ids as few bytes as the history can hold them in. Pure; knows no database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headway {

// The bytes of a hexadecimal text (a commit); nothing where that would not come back as it was.
std::optional<std::string> pack_hex(std::string_view text);
std::string unpack_hex(std::string_view bytes);

// The 16 bytes of a UUID in its lower-case text form; nothing where it is none.
std::optional<std::string> pack_uuid(std::string_view text);
std::string unpack_uuid(std::string_view bytes);

}  // namespace headway
