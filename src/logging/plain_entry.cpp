// Writing and rendering of entries. Knows nothing of rings or files.
#include "logging/plain_entry.hpp"

#include "base/units.hpp"
#include "logging/log_text.hpp"
#include "logging/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <new>

namespace headway {
namespace {

constexpr std::string_view kUnit = "_seconds";
// Most bytes that one byte of a text can become.
constexpr std::size_t kMaxGrowth = 6;
// Names, numbers and punctuation of a record, without its texts.
constexpr std::size_t kEnvelopeBytes = 512;
constexpr std::size_t kNumberBytes = 40;

struct ItemHead {
  ItemKind kind;
  std::uint8_t key_bytes;
  std::uint16_t text_bytes;  // of the value: 8 of a number
};
static_assert(sizeof(ItemHead) == 4);

struct RenderedHead {
  std::uint32_t json_head_bytes, json_tail_bytes, text_bytes;
};

constexpr std::size_t aligned(std::size_t bytes) {
  return (bytes + kEntryAlignment - 1) / kEntryAlignment * kEntryAlignment;
}

// A value that stands in an entry as a number.
struct NumberItem {
  ItemKind kind;
  std::uint64_t bits;
};

template <typename Value>
std::uint64_t bits_of(Value value) noexcept {
  static_assert(sizeof(Value) == sizeof(std::uint64_t));
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Only of what is no text.
NumberItem number_in(const LogValue::Held& held) noexcept {
  switch (held.index()) {
    case 0:
      return {ItemKind::boolean, std::uint64_t{*std::get_if<0>(&held)}};
    case 1:
      return {ItemKind::integer, bits_of(*std::get_if<1>(&held))};
    case 2:
      return {ItemKind::number, bits_of(*std::get_if<2>(&held))};
    case 4:
      return {ItemKind::seconds, bits_of(std::get_if<4>(&held)->count())};
    case 6:
      return {ItemKind::unsigned_integer, *std::get_if<6>(&held)};
    default:
      return {ItemKind::null, 0};
  }
}

// A value that is a text; null data: it is a number.
std::string_view text_in(const LogValue::Held& held) noexcept {
  if (const auto* const owned = std::get_if<3>(&held)) {
    return *owned;
  }
  const auto* const text = std::get_if<5>(&held);
  return text == nullptr ? std::string_view() : *text;
}

bool is_text(const LogValue::Held& held) noexcept {
  return held.index() == 3 || held.index() == 5;
}
static_assert(std::variant_size_v<LogValue::Held> == 8);

[[gnu::always_inline]] inline char* put(char* to, std::string_view text) noexcept {
  return copy_bytes(to, text.data(), text.size());
}

// The head and the name of a field of `bytes`.
[[gnu::always_inline]] inline char* put_item_head(char* to,
                                                  std::string_view key,
                                                  ItemKind kind,
                                                  std::size_t bytes) noexcept {
  const auto text_bytes = static_cast<std::uint16_t>(bytes);
  to[offsetof(ItemHead, kind)] = static_cast<char>(kind);
  to[offsetof(ItemHead, key_bytes)] = static_cast<char>(key.size());
  std::memcpy(to + offsetof(ItemHead, text_bytes), &text_bytes, sizeof text_bytes);
  return put(to + sizeof(ItemHead), key);
}

// Null: it is not plain, or does not fit.
[[gnu::always_inline]] inline char* put_item(char* to,
                                             const char* end,
                                             const Field& field) noexcept {
  const LogValue::Held& held = field.value.get();
  const auto room = static_cast<std::size_t>(end - to);
  if (field.key.size() > kMaxPlainKeyBytes ||
      room < sizeof(ItemHead) + field.key.size() + sizeof(std::uint64_t)) {
    return nullptr;
  }
  if (!is_text(held)) {
    const NumberItem number = number_in(held);
    to = put_item_head(to, field.key, number.kind, sizeof number.bits);
    std::memcpy(to, &number.bits, sizeof number.bits);
    return to + sizeof number.bits;
  }
  const std::string_view text = text_in(held);
  if (text.size() > kMaxPlainTextBytes ||
      room < sizeof(ItemHead) + field.key.size() + text.size()) {
    return nullptr;
  }
  return put(put_item_head(to, field.key, ItemKind::text, text.size()), text);
}

bool is_named_before(const Field* field, Fields fields) noexcept {
  for (const Field* before = fields.begin(); before != field; ++before) {
    if (may_be_one_name(before->key, field->key)) {
      return true;
    }
  }
  return false;
}

// As JsonWriter does it.
char* put_json_number(char* to, double value) noexcept {
  if (std::isnan(value)) {
    return put(to, "\"NaN\"");
  }
  if (std::isinf(value)) {
    return put(to, value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  }
  return std::to_chars(to, to + kNumberBytes, value).ptr;
}

// One field of an entry, as it is read.
struct ReadItem {
  ItemHead head;
  std::string_view key, value;

  template <typename T>
  T as() const noexcept {
    T number{};
    std::memcpy(&number, value.data(), sizeof number);
    return number;
  }
  bool needs_unit() const noexcept {
    return head.kind == ItemKind::seconds && !key.ends_with(kUnit);
  }
};

// An entry, checked.
class ReadEntry {
 public:
  explicit ReadEntry(const char* entry) noexcept {
    std::memcpy(&head_, entry, sizeof head_);
    const std::size_t texts = std::size_t{head_.message_bytes} + head_.place_bytes;
    at_ = entry + sizeof head_;
    end_ = entry + head_.bytes;
    is_whole_ = head_.bytes >= sizeof head_ + texts;
    if (is_whole_) {
      message_ = take(head_.message_bytes);
      place_ = take(head_.place_bytes);
    }
  }

  // False from the first part on that contradicts the entry's size.
  bool is_whole() const noexcept { return is_whole_; }
  const EntryHead& head() const noexcept { return head_; }
  std::string_view message() const noexcept { return message_; }
  std::string_view place() const noexcept { return place_; }

  // The next field; one that is not whole is null and has no name.
  ReadItem next() noexcept {
    ReadItem item{};
    if (left() < sizeof item.head) {
      return broken();
    }
    std::memcpy(&item.head, at_, sizeof item.head);
    at_ += sizeof item.head;
    const bool is_number = item.head.kind != ItemKind::text;
    if (left() < std::size_t{item.head.key_bytes} + item.head.text_bytes ||
        (is_number && item.head.text_bytes != sizeof(std::uint64_t))) {
      return broken();
    }
    item.key = take(item.head.key_bytes);
    item.value = take(item.head.text_bytes);
    return item;
  }

 private:
  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  std::string_view take(std::size_t bytes) noexcept {
    const std::string_view text(at_, bytes);
    at_ += bytes;
    return text;
  }
  ReadItem broken() noexcept {
    is_whole_ = false;
    at_ = end_;
    return ReadItem{{}, {end_, 0}, {end_, 0}};
  }

  EntryHead head_{};
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::string_view message_, place_;
  bool is_whole_ = true;
};

// The parts of a slot.
struct ReadContext {
  std::string_view json, attributes, head, text_fields;
  bool is_whole = false;

  explicit ReadContext(const ContextSlot& slot) noexcept {
    const std::size_t all = std::size_t{slot.json_bytes} + slot.attribute_bytes + slot.head_bytes +
                            slot.text_field_bytes;
    is_whole = all <= kContextBytes;
    if (is_whole) {
      const char* at = slot.bytes.data();
      json = {at, slot.json_bytes};
      attributes = {at += slot.json_bytes, slot.attribute_bytes};
      head = {at += slot.attribute_bytes, slot.head_bytes};
      text_fields = {at + slot.head_bytes, slot.text_field_bytes};
    }
  }
};

bool is_rendered(const EntryHead& head) noexcept {
  return (head.kind & kEntryKindMask) == static_cast<std::uint8_t>(EntryKind::rendered);
}

// A rendered entry, checked. Sizes that contradict the entry's: nothing.
std::optional<RenderedRecord> read_rendered(const char* entry) noexcept {
  EntryHead head{};
  RenderedHead parts{};
  std::memcpy(&head, entry, sizeof head);
  if (head.bytes < sizeof head + sizeof parts) {
    return std::nullopt;
  }
  std::memcpy(&parts, entry + sizeof head, sizeof parts);
  const std::size_t all =
      std::size_t{parts.json_head_bytes} + parts.json_tail_bytes + parts.text_bytes;
  if (head.bytes - sizeof head - sizeof parts < all) {
    return std::nullopt;
  }
  const char* at = entry + sizeof head + sizeof parts;
  RenderedRecord record;
  record.json_head = {at, parts.json_head_bytes};
  record.json_tail = {at += parts.json_head_bytes, parts.json_tail_bytes};
  record.text = {at + parts.json_tail_bytes, parts.text_bytes};
  return record;
}

char* put_level(char* to, std::uint8_t level) noexcept {
  switch (static_cast<LogLevel>(level)) {
    case LogLevel::debug:
      return put_literal(to, R"(,"sev":5,"lvl":"debug","event":"log","msg":")");
    case LogLevel::warning:
      return put_literal(to, R"(,"sev":13,"lvl":"warning","event":"log","msg":")");
    case LogLevel::error:
      return put_literal(to, R"(,"sev":17,"lvl":"error","event":"log","msg":")");
    case LogLevel::critical:
      return put_literal(to, R"(,"sev":21,"lvl":"critical","event":"log","msg":")");
    case LogLevel::info:
      break;
  }
  return put_literal(to, R"(,"sev":9,"lvl":"info","event":"log","msg":")");
}

[[gnu::always_inline]] inline char* put_json_item(char* to, const ReadItem& item) noexcept {
  *to++ = '"';
  to = put_json_text(to, item.key);
  to = item.needs_unit() ? put_literal(to, "_seconds\":") : put_literal(to, "\":");
  switch (item.head.kind) {
    case ItemKind::text:
      *to++ = '"';
      to = put_json_text(to, item.value);
      *to++ = '"';
      return to;
    case ItemKind::integer:
      return put_signed(to, item.as<std::int64_t>());
    case ItemKind::unsigned_integer:
      return put_unsigned(to, item.as<std::uint64_t>());
    case ItemKind::number:
    case ItemKind::seconds:
      return put_json_number(to, item.as<double>());
    case ItemKind::boolean:
      return item.as<std::uint64_t>() != 0 ? put_literal(to, "true") : put_literal(to, "false");
    case ItemKind::null:
      break;
  }
  return put_literal(to, "null");
}

char* put_attributes(char* to, std::string_view of_context, ReadEntry& entry) noexcept {
  if (of_context.empty() && entry.head().items == 0) {
    return to;
  }
  to = copy_loosely(put_literal(to, ",\"attr\":{"), of_context);
  bool first = of_context.empty();
  for (unsigned left = entry.head().items; left > 0; --left) {
    if (!first) {
      *to++ = ',';
    }
    first = false;
    to = put_json_item(to, entry.next());
  }
  *to++ = '}';
  return to;
}

void append_text_item(std::string& out, const ReadItem& item) {
  out += ' ';
  append_escaped_text(out, item.key);
  out += item.needs_unit() ? "_seconds=" : "=";
  switch (item.head.kind) {
    case ItemKind::text:
      append_text_value(out, item.value);
      return;
    case ItemKind::integer:
      fmt::format_to(std::back_inserter(out), "{}", item.as<std::int64_t>());
      return;
    case ItemKind::unsigned_integer:
      fmt::format_to(std::back_inserter(out), "{}", item.as<std::uint64_t>());
      return;
    case ItemKind::number:
    case ItemKind::seconds:
      fmt::format_to(std::back_inserter(out), "{}", item.as<double>());
      return;
    case ItemKind::boolean:
      out += item.as<std::uint64_t>() != 0 ? "true" : "false";
      return;
    case ItemKind::null:
      break;
  }
  out += "null";
}

}  // namespace

std::size_t plain_entry_bytes(const PlainRecord& record) noexcept {
  std::size_t bytes = sizeof(EntryHead) + record.message.size() + record.place.size();
  for (const Field& field : record.fields) {
    const std::size_t value = text_in(field.value.get()).size();
    bytes += sizeof(ItemHead) + field.key.size() + std::max(value, sizeof(std::uint64_t));
  }
  return aligned(bytes);
}

// (Each member is stored where it belongs: a head made elsewhere and copied in one piece waits for
// its parts to leave the processor's store buffer, 10 ns.)
std::size_t write_plain_entry(char* to, std::size_t room, const PlainRecord& record) noexcept {
  if (record.message.size() > kMaxPlainTextBytes || record.place.size() > kMaxPlainTextBytes ||
      record.fields.size() > kMaxPlainFields ||
      room < sizeof(EntryHead) + record.message.size() + record.place.size()) {
    return 0;
  }
  auto* const head = new (to) EntryHead;
  head->kind =
      static_cast<std::uint8_t>(static_cast<std::uint8_t>(EntryKind::plain) | record.left_out);
  head->level = static_cast<std::uint8_t>(record.level);
  head->context = record.context;
  head->items = static_cast<std::uint8_t>(record.fields.size());
  head->ticks = record.ticks;
  head->tid = record.tid;
  head->place_bytes = static_cast<std::uint16_t>(record.place.size());
  head->message_bytes = static_cast<std::uint16_t>(record.message.size());
  char* at = put(to + sizeof *head, record.message);
  at = put(at, record.place);
  for (const Field& field : record.fields) {
    at = is_named_before(&field, record.fields) ? nullptr : put_item(at, to + room, field);
    if (at == nullptr) {
      return 0;
    }
  }
  const std::size_t bytes = aligned(static_cast<std::size_t>(at - to));
  head->bytes = static_cast<std::uint32_t>(bytes);
  return bytes;
}

bool holds_secret(const PlainRecord& record, const SecretSet& secrets) {
  return secrets.occurs_in(record.message) ||
         std::any_of(record.fields.begin(), record.fields.end(), [&](const Field& field) {
           const std::string_view text = text_in(field.value.get());
           return secrets.occurs_in(field.key) || (!text.empty() && secrets.occurs_in(text));
         });
}

std::size_t rendered_entry_bytes(const RenderedRecord& record) noexcept {
  return aligned(sizeof(EntryHead) + sizeof(RenderedHead) + record.json_head.size() +
                 record.json_tail.size() + record.text.size());
}

void write_rendered_entry(char* to, const RenderedRecord& record) noexcept {
  EntryHead head{};
  head.ticks = record.ticks;
  head.bytes = static_cast<std::uint32_t>(rendered_entry_bytes(record));
  head.kind = static_cast<std::uint8_t>(EntryKind::rendered);
  head.kind |= record.json_head.empty() ? kNotStructured : std::uint8_t{0};
  head.kind |= record.text.empty() ? kNotDetails : std::uint8_t{0};
  const RenderedHead parts{static_cast<std::uint32_t>(record.json_head.size()),
                           static_cast<std::uint32_t>(record.json_tail.size()),
                           static_cast<std::uint32_t>(record.text.size())};
  std::memcpy(to, &head, sizeof head);
  std::memcpy(to + sizeof head, &parts, sizeof parts);
  char* at = put(to + sizeof head + sizeof parts, record.json_head);
  at = put(at, record.json_tail);
  put(at, record.text);
}

EntryRenderer::EntryRenderer(std::uint32_t pid) : pid_(pid) {}

// "2026-11-22T11:00:00.123Z"; all but the milliseconds is known from the record before, as a rule.
char* EntryRenderer::put_time(char* to, std::int64_t wall_ns) {
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  std::int64_t rest = wall_ns - second_ns_;
  if (rest < 0 || rest >= kNanosPerSecond || time_.bytes == 0) {
    std::int64_t second = wall_ns / kNanosPerSecond;
    second -= wall_ns < second * kNanosPerSecond ? 1 : 0;
    second_ns_ = second * kNanosPerSecond;
    rest = wall_ns - second_ns_;
    std::string text;
    append_rfc3339(text, WallTime(std::chrono::seconds(second)));
    time_.set(std::string_view(text).substr(0, text.size() - std::string_view("000Z").size()));
  }
  to = copy_loosely(to, time_.view());
  const auto millis = static_cast<std::uint32_t>(static_cast<std::uint64_t>(rest) / 1'000'000);
  to[0] = static_cast<char>('0' + millis / 100);
  to[1] = static_cast<char>('0' + millis / 10 % 10);
  to[2] = static_cast<char>('0' + millis % 10);
  to[3] = 'Z';
  return to + 4;
}

char* EntryRenderer::put_process(char* to, std::uint32_t tid) {
  if (tid != tid_ || process_.bytes == 0) {
    tid_ = tid;
    process_.set(fmt::format(R"(,"pid":{},"tid":{})", pid_, tid));
  }
  return copy_loosely(to, process_.view());
}

bool EntryRenderer::append_json(LineBuffer& out,
                                const char* entry,
                                const ContextSlot& slot,
                                const EntryStamp& stamp) {
  ReadEntry read(entry);
  const EntryHead& head = read.head();
  char* to = out.room(head.bytes * kMaxGrowth + sizeof(ContextSlot) + kEnvelopeBytes +
                      head.items * kNumberBytes);
  if (is_rendered(head)) {
    const auto record = read_rendered(entry);
    if (record) {
      to = put_signed(put(to, record->json_head), stamp.seq);
      out.end_at(put(to, record->json_tail));
    }
    return record.has_value();
  }
  const ReadContext context(slot);
  if (!read.is_whole() || !context.is_whole) {
    return false;
  }
  to = put_time(put_literal(to, R"({"v":1,"ts":")"), stamp.wall_ns);
  to = put_signed(put_literal(to, R"(","mono_ns":)"), stamp.monotonic_ns);
  to = put_signed(put_literal(to, R"(,"seq":)"), stamp.seq);
  to = put_json_text(put_level(to, head.level), read.message());
  *to++ = '"';
  to = put_process(copy_loosely(to, context.json), head.tid);
  if (!read.place().empty()) {
    to = put_json_text(put_literal(to, R"(,"src":")"), read.place());
    *to++ = '"';
  }
  to = put_attributes(to, context.attributes, read);
  to = put_literal(to, "}\n");
  if (read.is_whole()) {
    out.end_at(to);
  }
  return read.is_whole();
}

bool EntryRenderer::append_text(LineBuffer& out,
                                const char* entry,
                                const ContextSlot& slot,
                                const EntryStamp& stamp) {
  ReadEntry read(entry);
  const EntryHead& head = read.head();
  if (is_rendered(head)) {
    const auto record = read_rendered(entry);
    if (record) {
      out.end_at(put(out.room(record->text.size() + kRingSlack), record->text));
    }
    return record.has_value();
  }
  const ReadContext context(slot);
  if (!read.is_whole() || !context.is_whole) {
    return false;
  }
  scratch_ = ' ';
  scratch_ += text_label(static_cast<LogLevel>(head.level));
  scratch_ += ' ';
  scratch_ += context.head;
  append_escaped_text(scratch_, read.message());
  scratch_ += context.text_fields;
  for (unsigned left = head.items; left > 0; --left) {
    append_text_item(scratch_, read.next());
  }
  scratch_ += '\n';
  if (!read.is_whole()) {
    return false;
  }
  char* to = put_time(out.room(kEnvelopeBytes + scratch_.size()), stamp.wall_ns);
  out.end_at(put(to, scratch_));
  return true;
}

}  // namespace headway
