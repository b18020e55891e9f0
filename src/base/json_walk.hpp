// A walk through JSON that comes in pieces: the scalars with their places, in memory that does not
// grow with the document. For whole documents see Json; knows nothing of files.
#pragma once

#include "base/byte_source.hpp"
#include "headway/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace headway {

// One step down: a member of an object by its name, or an item of an array by its number, from 0.
struct JsonStep {
  std::string name;        // of a member
  std::int64_t index = 0;  // of an item
  bool is_item = false;

  bool is(std::string_view member) const noexcept { return !is_item && name == member; }
};

// From the root down.
using JsonPath = std::vector<JsonStep>;

// A value without parts.
using JsonScalar = std::variant<std::monostate, bool, double, std::string>;

// Sees a document go by. The path is that of the value (or container) itself and lives only during
// the call.
class JsonVisitor {
 public:
  virtual ~JsonVisitor() = default;
  virtual void on_scalar(const JsonPath& path, const JsonScalar& value) = 0;
  // All of an object or array was told. `is_empty`: nothing was in it.
  virtual void on_end(const JsonPath& path, bool is_empty) {
    static_cast<void>(path);
    static_cast<void>(is_empty);
  }
};

// Error parse, with the byte, where it is not one whole JSON value, or nested over 256 levels. What
// came before was told by then.
Result<void> walk_json(ByteSource& source, JsonVisitor& visitor);

}  // namespace headway
