// Which package brings a module, a header, a library or a command: tables of common ones, with the
// names of Debian 12 and of PyPI. Pure; a name that is not in them is not guessed.
#pragma once

#include <string>
#include <string_view>

namespace headway {

// What pip installs for `import module`: the module's own name unless it is a known other one.
std::string python_package_of(std::string_view module);
// What npm installs for a module: "lodash/fp" is lodash, "@a/b/c" is @a/b; nothing for a path.
std::string node_package_of(std::string_view module);
// The Debian package with a header ("zlib.h" -> zlib1g-dev; folders count: "boost/any.hpp"); empty
// where it is not known.
std::string header_package_of(std::string_view header);
// The Debian package that lets -lNAME link; empty where it is not known.
std::string library_package_of(std::string_view library);
// The Debian package of a command; empty where it is not known.
std::string command_package_of(std::string_view command);

}  // namespace headway
