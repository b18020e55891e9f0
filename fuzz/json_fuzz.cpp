// libFuzzer target: any bytes as JSON. Beyond "no crash": what is read and dumped is read again as
// the same value, whatever is asked of it.
#include "base/json.hpp"

#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

void require(bool holds) {
  if (!holds) {
    abort();
  }
}

// Asks every value for everything.
std::size_t ask(const headway::Json& json) {
  std::size_t count = static_cast<std::size_t>(json.as_bool()) + json.as_string().size() +
                      static_cast<std::size_t>(json.as_integer() == 0) +
                      static_cast<std::size_t>(json.as_number() == 0);
  for (const headway::Json& item : json.items()) {
    count += ask(item);
  }
  for (const auto& [name, value] : json.members()) {
    require(json.contains(name));
    count += ask(value);
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json =
      headway::Json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!json) {
    require(!json.error().message.empty());
    return 0;
  }
  ask(*json);
  const auto again = headway::Json::parse(json->dump());
  require(again.has_value());
  const std::string text = again->dump();  // now also -0.0 is the integer that its text says
  const auto third = headway::Json::parse(text);
  require(third.has_value() && third->dump() == text);
  return 0;
}
