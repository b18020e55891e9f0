// JsonWriter: appends one JSON value to a string, without building a tree. The hot path of events
// and logs. Never fails; knows nothing of files.
#pragma once

#include "base/clock.hpp"
#include "base/secrets.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Appends JSON text to `out`. Commas are set by itself. Strings are escaped, bad UTF-8 becomes
// U+FFFD, and where `secrets` is given every string() value (not keys, not token()) is masked.
// Numbers: shortest form that reads back the same; NaN and infinities as strings ("NaN",
// "Infinity", "-Infinity"). Nesting must be balanced by the caller. Not synchronised.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out, const SecretSet* secrets = nullptr);

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view value);  // free text: escaped and masked
  JsonWriter& token(
      std::string_view value);  // an enum spelling or id of ours: escaped, never masked
  JsonWriter& number(double value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& time(WallTime value);        // RFC 3339 string
  JsonWriter& seconds(Nanos value);        // number of seconds, microsecond digits
  JsonWriter& raw(std::string_view json);  // a complete JSON value, as it is

  // key() and value in one call.
  JsonWriter& field(std::string_view name, std::string_view value) {
    return key(name).string(value);
  }
  JsonWriter& field(std::string_view name, const char* value) { return key(name).string(value); }
  JsonWriter& field(std::string_view name, double value) { return key(name).number(value); }
  JsonWriter& field(std::string_view name, std::int64_t value) { return key(name).number(value); }
  JsonWriter& field(std::string_view name, int value) {
    return key(name).number(static_cast<std::int64_t>(value));
  }
  JsonWriter& field(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& field_token(std::string_view name, std::string_view value) {
    return key(name).token(value);
  }

 private:
  void separate();

  std::string& out_;
  const SecretSet* secrets_;
  bool first_ = true;  // the next value or key is the first of its container
  bool after_key_ = false;
};

}  // namespace headway
