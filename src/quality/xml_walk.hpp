// A walk through an XML document that comes in pieces. Expat does the parsing; what a document may
// do to its reader is bounded here. Knows nothing of what the elements mean.
#pragma once

#include "base/byte_source.hpp"
#include "headway/result.hpp"

#include <optional>
#include <string_view>

namespace headway {

// The attributes of one element; views live during the call.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  std::optional<std::string_view> find(std::string_view name) const noexcept;

 private:
  const char** pairs_;  // name, value, ..., null
};

// Sees the elements go by, by their names without prefix.
class XmlVisitor {
 public:
  virtual ~XmlVisitor() = default;
  virtual void on_start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void on_end(std::string_view name) = 0;
};

// Error parse, with line and column: not one whole XML document; an entity declared in it (they can
// grow without bounds); nested over kMaxXmlDepth; a tag of more than kMaxXmlToken bytes. Nothing
// outside of the document is ever opened. What came before was told by then.
Result<void> walk_xml(ByteSource& source, XmlVisitor& visitor);

inline constexpr int kMaxXmlDepth = 256;
inline constexpr long kMaxXmlToken = 4L << 20;

}  // namespace headway
