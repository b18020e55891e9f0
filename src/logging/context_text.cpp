// The context's share of a rendered record. Knows nothing of rings.
#include "logging/context_text.hpp"

#include "logging/log_json.hpp"
#include "logging/log_text.hpp"

#include <cstring>
#include <string>
#include <string_view>

namespace headway {
namespace {

constexpr std::string_view kBefore = "\"msg\":\"\"";
constexpr std::string_view kAfter = ",\"pid\":0,\"tid\":0";
constexpr std::string_view kAttributes = ",\"attr\":{";
constexpr std::string_view kEnd = "}\n";
constexpr std::size_t kTimeAndLevelBytes =
    std::string_view("2026-11-22T11:00:00.000Z INFO     ").size();

// What stands between the two in `line`.
std::string_view between(std::string_view line, std::size_t begin, std::size_t end) {
  return line.substr(begin, end - begin);
}

}  // namespace

// The record has no message of its own: what its line holds besides the envelope is the context's.
bool render_context_slot(ContextSlot& slot, const LogRecord& context, const SecretSet* secrets) {
  std::string line;
  append_json_line(line, context, secrets);
  const std::string_view json = line;
  const std::size_t begin = json.find(kBefore) + kBefore.size();
  const std::size_t end = json.find(kAfter, begin);
  std::string_view attributes = between(json, end + kAfter.size(), json.size() - kEnd.size());
  if (attributes.starts_with(kAttributes)) {
    attributes.remove_prefix(kAttributes.size());
    attributes.remove_suffix(1);
  }

  std::string head;
  LogRecord bare;
  bare.logger = context.logger;
  bare.stage_name = context.stage_name;
  append_text_line(head, bare, secrets);
  std::string text;
  append_text_line(text, context, secrets);
  const std::size_t head_end = head.size() - 1;

  const std::string_view parts[] = {between(json, begin, end),
                                    attributes,
                                    between(head, kTimeAndLevelBytes, head_end),
                                    between(text, head_end, text.size() - 1)};
  std::size_t bytes = 0;
  for (const std::string_view part : parts) {
    bytes += part.size();
  }
  if (bytes > kContextBytes || json.find(",\"trunc\":{") != std::string_view::npos) {
    return false;
  }
  slot.json_bytes = static_cast<std::uint16_t>(parts[0].size());
  slot.attribute_bytes = static_cast<std::uint16_t>(parts[1].size());
  slot.head_bytes = static_cast<std::uint16_t>(parts[2].size());
  slot.text_field_bytes = static_cast<std::uint16_t>(parts[3].size());
  char* to = slot.bytes.data();
  for (const std::string_view part : parts) {
    to = std::copy(part.begin(), part.end(), to);
  }
  return true;
}

}  // namespace headway
