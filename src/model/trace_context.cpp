// See trace_context.hpp.
#include "model/trace_context.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace headway {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kVariable = "TRACEPARENT=";
constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kSpanDigits = 16;
// version-trace-span-flags
constexpr std::size_t kTraceAt = 3;
constexpr std::size_t kSpanAt = kTraceAt + kTraceDigits + 1;
constexpr std::size_t kFlagsAt = kSpanAt + kSpanDigits + 1;
constexpr std::size_t kLength = kFlagsAt + 2;

bool is_hex(std::string_view text) {
  return text.find_first_not_of(kHex) == std::string_view::npos;
}

bool is_id(std::string_view text) {
  return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

// SplitMix64 (Steele, Lea and Flood 2014): every bit of the input changes half of the output's.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

// FNV-1a: a run id has most of its randomness at its end, and other texts are ids, too.
std::uint64_t number_of(std::string_view run_id) {
  std::uint64_t number = 0xcbf29ce484222325U;
  for (const char c : run_id) {
    number = (number ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return number;
}

}  // namespace

std::optional<TraceContext> parse_trace_parent(std::string_view text) {
  if (text.size() < kLength || text[2] != '-' || text[kSpanAt - 1] != '-' ||
      text[kFlagsAt - 1] != '-') {
    return std::nullopt;
  }
  const std::string_view version = text.substr(0, 2);
  const bool has_more = text.size() > kLength;
  if (!is_hex(version) || version == "ff" || !is_hex(text.substr(kFlagsAt, 2)) ||
      (has_more && (version == "00" || text[kLength] != '-'))) {
    return std::nullopt;
  }
  TraceContext context{std::string(text.substr(kTraceAt, kTraceDigits)),
                       std::string(text.substr(kSpanAt, kSpanDigits))};
  if (!is_id(context.trace_id) || !is_id(context.parent_id)) {
    return std::nullopt;
  }
  return context;
}

std::string trace_parent_in(const std::vector<std::string>& environment) {
  const auto entry =
      std::find_if(environment.begin(), environment.end(), [](const std::string& one) {
        return one.starts_with(kVariable);
      });
  if (entry == environment.end()) {
    return {};
  }
  std::string value = entry->substr(kVariable.size());
  return parse_trace_parent(value) ? value : std::string();
}

std::string trace_id_of(std::string_view run_id, std::string_view trace_parent) {
  if (auto context = parse_trace_parent(trace_parent)) {
    return std::move(context->trace_id);
  }
  std::string id(run_id);
  id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
  return id;
}

std::string span_id_of(std::string_view run_id, SpanPlace place) {
  const auto within = (static_cast<std::uint64_t>(place.stage_id) + 1) << 32U |
                      static_cast<std::uint64_t>(place.attempt);
  const std::uint64_t number = std::max<std::uint64_t>(1, mixed(number_of(run_id) ^ mixed(within)));
  std::string id;
  for (int shift = 60; shift >= 0; shift -= 4) {
    id.push_back(kHex[number >> static_cast<unsigned>(shift) & 15U]);
  }
  return id;
}

void append_trace_parent(std::string& out, std::string_view trace_id, std::string_view span_id) {
  out.append("00-").append(trace_id).append("-").append(span_id).append("-01");
}

}  // namespace headway
