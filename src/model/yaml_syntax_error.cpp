// libyaml's errors in words: see the header.
#include "model/yaml_syntax_error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

// Line and column, in characters, of a byte.
Position place_of_byte(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  Position at{1, 1};
  for (const char c : before) {
    if (c == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++at.column;
    }
  }
  return at;
}

std::string_view line_of(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

SyntaxError describe_bad_bytes(const yaml_parser_t& parser, std::string_view text) {
  SyntaxError error{place_of_byte(text, parser.problem_offset), {}};
  const std::string_view problem = parser.problem == nullptr ? "" : parser.problem;
  if (problem.starts_with("control")) {
    error.message = fmt::format("control character 0x{:02x} is not allowed", parser.problem_value);
  } else if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    error.message = "the file is UTF-16: save it as UTF-8";
  } else {
    error.message = "not valid UTF-8: save the file as UTF-8";
  }
  return error;
}

}  // namespace

SyntaxError describe_syntax_error(const yaml_parser_t& parser, std::string_view text) {
  if (parser.error == YAML_MEMORY_ERROR) {
    return {{}, "out of memory while reading the file"};
  }
  if (parser.error == YAML_READER_ERROR) {
    return describe_bad_bytes(parser, text);
  }
  const yaml_mark_t& mark = parser.problem_mark;
  SyntaxError error{{static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1}, {}};
  const std::string_view line = line_of(text, error.at.line);
  const std::size_t indent = line.find_first_not_of(' ');
  if (indent == mark.column && line[indent] == '\t') {
    error.message = "a tab stands where the line is indented: YAML wants spaces";
    return error;
  }
  error.message =
      fmt::format("not valid YAML: {}", parser.problem == nullptr ? "" : parser.problem);
  if (parser.context != nullptr) {
    error.message += fmt::format(" {}", parser.context);
    if (parser.context_mark.line != mark.line) {
      error.message += fmt::format(" (from line {})", parser.context_mark.line + 1);
    }
  }
  return error;
}

}  // namespace headway
