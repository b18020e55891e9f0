// Text for XML 1.0 documents. Pure.
#pragma once

#include <string>
#include <string_view>

namespace headway {

// Appends `text` as character data: markup escaped, bad UTF-8 and what XML 1.0 has no character for
// (section 2.2) as U+FFFD.
void append_xml_text(std::string& out, std::string_view text);

// The same as the value of an attribute in double quotes; line ends and tabs are references, so
// that they are kept (section 3.3.3).
void append_xml_value(std::string& out, std::string_view text);

}  // namespace headway
