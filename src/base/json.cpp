// Reading of JSON: nlohmann's SAX parser (not recursive), behind a handler that builds Json values.
// Knows nothing of files. The only file that sees nlohmann/json.
#include "base/json.hpp"

#include "base/json_writer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <limits>
#include <unordered_map>

namespace headway {
namespace {

constexpr std::size_t kMaxDepth = 256;
// Up to here a search through all members is faster than a hash table.
constexpr std::size_t kFewMembers = 16;

using Value = std::
    variant<std::monostate, bool, std::int64_t, double, std::string, Json::Array, Json::Object>;

std::string line_and_column(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("line {}, column {}", line, before.size() - line_start + 1);
}

// What nlohmann says, without its own name and place: "syntax error while parsing value - ...".
std::string_view reason_in(std::string_view what) {
  constexpr std::array<std::string_view, 2> kMarks{": ", "] "};
  for (const std::string_view mark : kMarks) {
    if (const std::size_t at = what.find(mark); at != std::string_view::npos) {
      return what.substr(at + mark.size());
    }
  }
  return what;
}

// A key that comes twice: the place of the first, the value of the last.
void drop_earlier_twins(Json::Object& members) {
  std::unordered_map<std::string_view, std::size_t> places;
  const bool few = members.size() <= kFewMembers;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    std::size_t place = kept;
    if (few) {
      const auto end = members.begin() + static_cast<std::ptrdiff_t>(kept);
      place = static_cast<std::size_t>(
          std::find_if(
              members.begin(), end, [&](const auto& m) { return m.first == members[i].first; }) -
          members.begin());
    } else if (const auto found = places.find(members[i].first); found != places.end()) {
      place = found->second;
    }
    if (place < kept) {
      members[place].second = std::move(members[i].second);
      continue;
    }
    if (kept != i) {
      members[kept] = std::move(members[i]);
    }
    if (!few) {
      places.emplace(members[kept].first, kept);
    }
    ++kept;
  }
  members.resize(kept);
}

// Builds the value from the parser's calls; returning false stops the parser.
class Builder {
 public:
  explicit Builder(std::string_view text) : text_(text) {}

  bool null() { return add(std::monostate()); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return add(static_cast<double>(value));
    }
    return add(static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const std::string& /*text*/) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(std::vector<std::uint8_t>& /*value*/) { return false; }  // not in JSON text
  bool start_object(std::size_t /*size*/) { return open(Json::Object()); }
  bool key(std::string& name) {
    open_.back().key = std::move(name);
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t /*size*/) { return open(Json::Array()); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t position,
                   const std::string& /*last_token*/,
                   const nlohmann::json::exception& error) {
    // The parser counts the bytes it has read: the last of them is the bad one.
    fail(line_and_column(text_, position == 0 ? 0 : position - 1), reason_in(error.what()));
    return false;
  }

  Json take_root() { return Json(std::move(root_)); }
  const std::string& failure() const { return failure_; }

 private:
  // A container whose end has not come yet.
  struct Open {
    std::variant<Json::Array, Json::Object> content;
    std::string key;  // of the member that comes next
  };

  template <typename T>
  bool add(T value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (auto* array = std::get_if<Json::Array>(&open_.back().content)) {
      array->emplace_back(Value(std::move(value)));
    } else {
      std::get<Json::Object>(open_.back().content)
          .emplace_back(std::move(open_.back().key), Json(Value(std::move(value))));
    }
    return true;
  }

  template <typename T>
  bool open(T content) {
    if (open_.size() == kMaxDepth) {
      failure_ = fmt::format("read JSON: nested deeper than {} levels", kMaxDepth);
      return false;
    }
    open_.push_back({std::move(content), {}});
    return true;
  }

  bool close() {
    auto content = std::move(open_.back().content);
    open_.pop_back();
    if (auto* array = std::get_if<Json::Array>(&content)) {
      return add(std::move(*array));
    }
    auto& object = std::get<Json::Object>(content);
    drop_earlier_twins(object);
    return add(std::move(object));
  }

  void fail(std::string_view where, std::string_view why) {
    failure_ = fmt::format("read JSON at {}: {}", where, why);
  }

  std::string_view text_;
  std::vector<Open> open_;
  Value root_;
  std::string failure_;
};

void write(JsonWriter& writer, const Json& value) {
  if (value.is_array()) {
    writer.begin_array();
    for (const Json& item : value.items()) {
      write(writer, item);
    }
    writer.end_array();
  } else if (value.is_object()) {
    writer.begin_object();
    for (const auto& [name, member] : value.members()) {
      writer.key(name);
      write(writer, member);
    }
    writer.end_object();
  } else if (value.is_string()) {
    writer.token(value.as_string());
  } else if (value.is_integer()) {
    writer.number(value.as_integer());
  } else if (value.is_number()) {
    writer.number(value.as_number());
  } else if (value.is_bool()) {
    writer.boolean(value.as_bool());
  } else {
    writer.null();
  }
}

}  // namespace

Result<Json> Json::parse(std::string_view text) {
  try {
    Builder builder(text);
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
      return builder.take_root();
    }
    return Error{ErrorCode::parse, builder.failure()};
  } catch (const std::exception& error) {
    return Error{ErrorCode::internal, fmt::format("read JSON: {}", error.what())};
  }
}

bool Json::as_bool(bool fallback) const noexcept {
  const bool* value = std::get_if<bool>(&value_);
  return value != nullptr ? *value : fallback;
}

std::int64_t Json::as_integer(std::int64_t fallback) const noexcept {
  if (const auto* integer = std::get_if<std::int64_t>(&value_)) {
    return *integer;
  }
  const auto* number = std::get_if<double>(&value_);
  if (number == nullptr || std::isnan(*number)) {
    return fallback;
  }
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (*number >= kTwoTo63) {
    return std::numeric_limits<std::int64_t>::max();
  }
  if (*number < -kTwoTo63) {
    return std::numeric_limits<std::int64_t>::min();
  }
  return static_cast<std::int64_t>(*number);
}

double Json::as_number(double fallback) const noexcept {
  if (const auto* number = std::get_if<double>(&value_)) {
    return *number;
  }
  const auto* integer = std::get_if<std::int64_t>(&value_);
  return integer != nullptr ? static_cast<double>(*integer) : fallback;
}

const std::string& Json::as_string() const noexcept {
  static const std::string empty;
  const auto* value = std::get_if<std::string>(&value_);
  return value != nullptr ? *value : empty;
}

const Json::Array& Json::items() const noexcept {
  static const Array empty;
  const auto* value = std::get_if<Array>(&value_);
  return value != nullptr ? *value : empty;
}

const Json::Object& Json::members() const noexcept {
  static const Object empty;
  const auto* value = std::get_if<Object>(&value_);
  return value != nullptr ? *value : empty;
}

const Json& Json::operator[](std::string_view name) const noexcept {
  static const Json null;
  const Object& all = members();
  const auto found =
      std::find_if(all.rbegin(), all.rend(), [&](const auto& each) { return each.first == name; });
  return found != all.rend() ? found->second : null;
}

bool Json::contains(std::string_view name) const noexcept {
  const Object& all = members();
  return std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.first == name; });
}

std::string Json::dump() const {
  std::string text;
  JsonWriter writer(text);
  write(writer, *this);
  return text;
}

}  // namespace headway
