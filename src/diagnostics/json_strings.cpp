// See json_strings.hpp.
#include "diagnostics/json_strings.hpp"

#include "base/json.hpp"
#include "base/json_writer.hpp"

#include <cstddef>

namespace headway {
namespace {

// Behind the quote that ends the string which begins at `at`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    at += json[at] == '\\' ? 1 : 0;
  }
  return at < json.size() ? at + 1 : json.size();
}

bool is_name(std::string_view json, std::size_t end) {
  const std::size_t next = json.find_first_not_of(" \t\r\n", end);
  return next != std::string_view::npos && json[next] == ':';
}

std::string unescaped(std::string_view literal) {
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  if (inside.find('\\') == std::string_view::npos) {
    return std::string(inside);
  }
  const auto value = Json::parse(literal);
  return value ? value->as_string() : std::string(inside);
}

}  // namespace

std::string replace_json_strings(std::string_view json, const JsonStringUse& use) {
  std::string out;
  std::string name;
  std::size_t done = 0;
  for (std::size_t at = json.find('"'); at != std::string_view::npos; at = json.find('"', done)) {
    out.append(json, done, at - done);
    done = end_of_string(json, at);
    const std::string_view literal = json.substr(at, done - at);
    std::string value = unescaped(literal);
    const bool names = is_name(json, done);
    const std::string used = use(names ? std::string_view() : name, value);
    if (used == value) {
      out += literal;
    } else {
      JsonWriter(out).string(used);
    }
    if (names) {
      name = std::move(value);
    }
  }
  return out.append(json, done);
}

}  // namespace headway
