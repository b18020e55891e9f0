// Records as entries of a ring: the usual ones, copied by their caller and rendered later, and the
// rest, rendered by the caller. Knows nothing of rings or files.
#pragma once

#include "logging/line_buffer.hpp"
#include "logging/log_record.hpp"
#include "logging/ring_layout.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace headway {

// Bounds of what is plain; all else is rendered by its caller.
inline constexpr std::size_t kMaxPlainFields = 16;
inline constexpr std::size_t kMaxPlainKeyBytes = 64;
inline constexpr std::size_t kMaxPlainTextBytes = 2048;

// How a value stands in an entry.
enum class ItemKind : std::uint8_t {
  null,
  boolean,
  integer,
  unsigned_integer,
  number,
  seconds,
  text
};

// A record with nothing unusual: what goes into an entry.
struct PlainRecord {
  LogLevel level = LogLevel::info;
  std::string_view message;
  std::string_view place;  // "logging/log_file.cpp:12"
  Fields fields;
  std::uint8_t left_out = 0;  // kNotStructured, kNotDetails
  std::uint8_t context = 0;   // the number of its slot
  std::uint32_t tid = 0;
  std::uint64_t ticks = 0;
};

// As many bytes as the entry takes, or some more; a multiple of 8.
std::size_t plain_entry_bytes(const PlainRecord& record) noexcept;

// Writes the entry at `to` (aligned to 8), where there is room for so many bytes; how many of them
// it takes. 0: it does not fit, or it is not plain, for its size or because two fields may be one;
// what stands at `to` is void then.
std::size_t write_plain_entry(char* to, std::size_t room, const PlainRecord& record) noexcept;

// Whether two keys may stand for one name: "k" of a duration is "k_seconds". Says yes too often
// rather than too seldom.
inline bool may_be_one_name(std::string_view a, std::string_view b) noexcept {
  constexpr std::size_t kUnitBytes = std::string_view("_seconds").size();
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  return (difference == 0 || difference == kUnitBytes) &&
         a.substr(0, b.size()) == b.substr(0, a.size());
}

// Whether any text of it holds a secret.
bool holds_secret(const PlainRecord& record, const SecretSet& secrets);

// A record that its caller rendered. The JSON has no number yet: it stands between its two parts.
struct RenderedRecord {
  std::string_view json_head;  // up to `"seq":`; empty: not for the structured file
  std::string_view json_tail;
  std::string_view text;  // empty: not for the details file
  std::uint64_t ticks = 0;
};

std::size_t rendered_entry_bytes(const RenderedRecord& record) noexcept;
void write_rendered_entry(char* to, const RenderedRecord& record) noexcept;

// What an entry does not say itself.
struct EntryStamp {
  std::int64_t seq;
  std::int64_t monotonic_ns;
  std::int64_t wall_ns;
};

// Renders entries of one process, in both formats, as append_json_line and append_text_line do.
// Entries come from a file: one whose sizes contradict each other is refused, never read beyond its
// end (but up to kRingSlack bytes behind it are read). Not synchronised.
class EntryRenderer {
 public:
  explicit EntryRenderer(std::uint32_t pid);

  // False: the entry is damaged, nothing was appended.
  bool append_json(LineBuffer& out, const char* entry, const ContextSlot&, const EntryStamp&);
  bool append_text(LineBuffer& out, const char* entry, const ContextSlot&, const EntryStamp&);

 private:
  // A short text, with room to be copied in whole vectors.
  struct ShortText {
    std::array<char, 96> text{};
    std::size_t bytes = 0;
    void set(std::string_view of) noexcept {
      bytes = of.size();
      of.copy(text.data(), text.size());
    }
    std::string_view view() const noexcept { return {text.data(), bytes}; }
  };

  char* put_time(char* to, std::int64_t wall_ns);
  char* put_process(char* to, std::uint32_t tid);

  std::uint32_t pid_;
  std::uint32_t tid_ = 0;       // that `process_` says
  std::int64_t second_ns_ = 0;  // that `time_` says
  ShortText time_;              // "2026-11-22T11:00:00."
  ShortText process_;           // ,"pid":10,"tid":11
  std::string scratch_;
};

}  // namespace headway
