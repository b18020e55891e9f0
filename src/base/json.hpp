// Json: a JSON value that was read. nlohmann/json does the reading, behind this header.
// For writing see JsonWriter; knows nothing of files.
#pragma once

#include "headway/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace headway {

// One JSON value; objects keep the order of their keys (a key that comes twice: the last counts).
// Readers are forgiving: asking a value for what it is not gives the fallback. Values own their
// content. Not synchronised.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;
  explicit Json(
      std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value)
      : value_(std::move(value)) {}

  // Whole text as one value; the error says line, column and what was expected. Nesting over 256 is
  // an error.
  static Result<Json> parse(std::string_view text);

  bool is_null() const noexcept { return value_.index() == 0; }
  bool is_bool() const noexcept { return value_.index() == 1; }
  bool is_integer() const noexcept { return value_.index() == 2; }
  bool is_number() const noexcept { return value_.index() == 2 || value_.index() == 3; }
  bool is_string() const noexcept { return value_.index() == 4; }
  bool is_array() const noexcept { return value_.index() == 5; }
  bool is_object() const noexcept { return value_.index() == 6; }

  bool as_bool(bool fallback = false) const noexcept;
  std::int64_t as_integer(
      std::int64_t fallback = 0) const noexcept;  // a double is truncated, saturating
  double as_number(double fallback = 0) const noexcept;
  const std::string& as_string() const noexcept;  // "" where it is none
  const Array& items() const noexcept;            // empty where it is none
  const Object& members() const noexcept;         // empty where it is none

  // The member of that name; a null value where there is none.
  const Json& operator[](std::string_view name) const noexcept;
  bool contains(std::string_view name) const noexcept;

  // Compact JSON text.
  std::string dump() const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

}  // namespace headway
