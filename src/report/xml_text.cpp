// See xml_text.hpp.
#include "report/xml_text.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// U+FFFE and U+FFFF are well-formed UTF-8, and no XML characters.
bool is_no_character(std::string_view at) {
  return at.starts_with("\xEF\xBF\xBE") || at.starts_with("\xEF\xBF\xBF");
}

void append(std::string& out, std::string_view bytes, bool is_value) {
  const std::string text = to_valid_utf8(bytes);
  const std::string_view view = text;
  for (std::size_t at = 0; at < view.size(); ++at) {
    const char c = view[at];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
      case '\t':
        out += is_value ? fmt::format("&#{};", static_cast<int>(c)) : std::string(1, c);
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += kReplacement;
        } else if (is_no_character(view.substr(at))) {
          out += kReplacement;
          at += kReplacement.size() - 1;
        } else {
          out += c;
        }
    }
  }
}

}  // namespace

void append_xml_text(std::string& out, std::string_view text) {
  append(out, text, false);
}

void append_xml_value(std::string& out, std::string_view text) {
  append(out, text, true);
}

}  // namespace headway
