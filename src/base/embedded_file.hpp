// EmbeddedFile: a file that is compiled in (cmake/HeadwayEmbed.cmake). Knows nothing of what is in
// it.
#pragma once

#include <string_view>

namespace headway {

// One file, whole. Both texts live as long as the program.
struct EmbeddedFile {
  std::string_view name;  // relative to the source folder: "rules/python.yaml"
  std::string_view text;
};

}  // namespace headway
