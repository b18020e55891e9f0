// See xml_walk.hpp.
#include "quality/xml_walk.hpp"

#include <fmt/format.h>

#include <expat.h>

#include <memory>
#include <string>
#include <utility>

namespace headway {
namespace {

constexpr int kReadBytes = 64 << 10;

// One document. Expat calls back into it; a failure of ours stops it.
class Walk {
 public:
  explicit Walk(XmlVisitor& visitor)
      : visitor_(visitor), parser_(XML_ParserCreate(nullptr), &XML_ParserFree) {}

  Result<void> run(ByteSource& source);

 private:
  static void XMLCALL start(void* self, const char* name, const char** attributes);
  static void XMLCALL end(void* self, const char* name);
  static void XMLCALL entity(void* self,
                             const char* name,
                             int is_parameter,
                             const char* value,
                             int length,
                             const char* base,
                             const char* system,
                             const char* of_public,
                             const char* notation);
  static int XMLCALL encoding(void* self, const char* name, XML_Encoding* info);
  static std::string_view local_name(const char* name) {
    const std::string_view whole(name);
    const std::size_t colon = whole.rfind(':');
    return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
  }
  void stop(std::string why) {
    if (failure_.empty()) {
      failure_ = std::move(why);
    }
    XML_StopParser(parser_.get(), XML_FALSE);
  }
  Error error() const;

  XmlVisitor& visitor_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
  int depth_ = 0;
  std::string failure_;  // ours
};

void XMLCALL Walk::start(void* self, const char* name, const char** attributes) {
  auto& walk = *static_cast<Walk*>(self);
  if (++walk.depth_ > kMaxXmlDepth) {
    walk.stop(fmt::format("elements nested deeper than {} levels", kMaxXmlDepth));
    return;
  }
  walk.visitor_.on_start(local_name(name), XmlAttributes(attributes));
}

void XMLCALL Walk::end(void* self, const char* name) {
  auto& walk = *static_cast<Walk*>(self);
  --walk.depth_;
  walk.visitor_.on_end(local_name(name));
}

void XMLCALL Walk::entity(void* self,
                          const char* name,
                          int /*is_parameter*/,
                          const char* /*value*/,
                          int /*length*/,
                          const char* /*base*/,
                          const char* /*system*/,
                          const char* /*of_public*/,
                          const char* /*notation*/) {
  static_cast<Walk*>(self)->stop(
      fmt::format("it declares the entity '{}', and no report needs any", std::string_view(name)));
}

// One byte a character, as Latin-1 has them: what is read of a report is ASCII in all of them.
int XMLCALL Walk::encoding(void* /*self*/, const char* /*name*/, XML_Encoding* info) {
  for (int i = 0; i < 256; ++i) {
    info->map[i] = i;
  }
  info->data = nullptr;
  info->convert = nullptr;
  info->release = nullptr;
  return XML_STATUS_OK;
}

Error Walk::error() const {
  const std::string why =
      failure_.empty() ? XML_ErrorString(XML_GetErrorCode(parser_.get())) : failure_;
  return {ErrorCode::parse,
          fmt::format("no usable XML at line {}, column {}: {}",
                      XML_GetCurrentLineNumber(parser_.get()),
                      XML_GetCurrentColumnNumber(parser_.get()) + 1,
                      why)};
}

Result<void> Walk::run(ByteSource& source) {
  if (parser_ == nullptr) {
    return Error{ErrorCode::internal, "start an XML parser: out of memory"};
  }
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), &Walk::start, &Walk::end);
  XML_SetEntityDeclHandler(parser_.get(), &Walk::entity);
  XML_SetUnknownEncodingHandler(parser_.get(), &Walk::encoding, this);
  long fed = 0;
  for (;;) {
    void* buffer = XML_GetBuffer(parser_.get(), kReadBytes);
    if (buffer == nullptr) {
      return Error{ErrorCode::internal, "read XML: out of memory"};
    }
    const auto got = source.read(static_cast<char*>(buffer), kReadBytes);
    if (!got) {
      return got.error();
    }
    fed += static_cast<long>(*got);
    if (XML_ParseBuffer(parser_.get(), static_cast<int>(*got), *got == 0 ? 1 : 0) !=
        XML_STATUS_OK) {
      return error();
    }
    if (*got == 0) {
      return {};
    }
    if (fed - XML_GetCurrentByteIndex(parser_.get()) > kMaxXmlToken) {
      failure_ = fmt::format("a tag of more than {} MiB", kMaxXmlToken >> 20);
      return error();
    }
  }
}

}  // namespace

std::optional<std::string_view> XmlAttributes::find(std::string_view name) const noexcept {
  for (const char** at = pairs_; *at != nullptr; at += 2) {
    if (name == at[0]) {
      return std::string_view(at[1]);
    }
  }
  return std::nullopt;
}

Result<void> walk_xml(ByteSource& source, XmlVisitor& visitor) {
  return Walk(visitor).run(source);
}

}  // namespace headway
