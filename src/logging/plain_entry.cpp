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

// A value as its entry has it.
FlatValue flat(const LogValue& value) noexcept {
  const auto& held = value.get();
  const auto number = [](ItemKind kind, auto of) {
    FlatValue flat_value;
    flat_value.kind = kind;
    std::memcpy(&flat_value.bits, &of, sizeof flat_value.bits);
    flat_value.data = nullptr;
    return flat_value;
  };
  const auto text = [](std::string_view of) {
    return FlatValue{ItemKind::text, of.size(), of.data()};
  };
  switch (held.index()) {
    case 0:
      return number(ItemKind::boolean, std::uint64_t{*std::get_if<0>(&held)});
    case 1:
      return number(ItemKind::integer, *std::get_if<1>(&held));
    case 2:
      return number(ItemKind::number, *std::get_if<2>(&held));
    case 3:
      return text(*std::get_if<3>(&held));
    case 4:
      return number(ItemKind::seconds, std::get_if<4>(&held)->count());
    case 5:
      return text(*std::get_if<5>(&held));
    case 6:
      return number(ItemKind::unsigned_integer, *std::get_if<6>(&held));
    default:
      return number(ItemKind::null, std::uint64_t{0});
  }
}
static_assert(std::variant_size_v<LogValue::Held> == 8);

char* put(char* to, std::string_view text) noexcept {
  return copy_bytes(to, text.data(), text.size());
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
    if (head_.bytes < sizeof head_ + texts) {
      is_whole_ = false;
      return;
    }
    message_ = take(head_.message_bytes);
    place_ = take(head_.place_bytes);
    first_item_ = at_;
  }

  bool is_whole() noexcept {
    for (unsigned left = head_.items; is_whole_ && left > 0; --left) {
      static_cast<void>(next());
    }
    at_ = first_item_;
    return is_whole_;
  }

  const EntryHead& head() const noexcept { return head_; }
  std::string_view message() const noexcept { return message_; }
  std::string_view place() const noexcept { return place_; }

  ReadItem next() noexcept {
    ReadItem item{};
    if (left() < sizeof item.head) {
      is_whole_ = false;
      return item;
    }
    std::memcpy(&item.head, at_, sizeof item.head);
    at_ += sizeof item.head;
    const bool is_number = item.head.kind != ItemKind::text;
    if (left() < std::size_t{item.head.key_bytes} + item.head.text_bytes ||
        (is_number && item.head.text_bytes != sizeof(std::uint64_t))) {
      is_whole_ = false;
      return item;
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

  EntryHead head_{};
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  const char* first_item_ = nullptr;
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
    is_whole = all <= slot.bytes.size();
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

std::string_view level_members(std::uint8_t level) noexcept {
  switch (static_cast<LogLevel>(level)) {
    case LogLevel::debug:
      return R"(,"sev":5,"lvl":"debug","event":"log","msg":")";
    case LogLevel::info:
      return R"(,"sev":9,"lvl":"info","event":"log","msg":")";
    case LogLevel::warning:
      return R"(,"sev":13,"lvl":"warning","event":"log","msg":")";
    case LogLevel::error:
      return R"(,"sev":17,"lvl":"error","event":"log","msg":")";
    case LogLevel::critical:
      return R"(,"sev":21,"lvl":"critical","event":"log","msg":")";
  }
  return R"(,"sev":9,"lvl":"info","event":"log","msg":")";
}

char* put_json_item(char* to, const ReadItem& item) noexcept {
  *to++ = '"';
  to = put_json_text(to, item.key);
  to = put(to, item.needs_unit() ? "_seconds\":" : "\":");
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
      return put(to, item.as<std::uint64_t>() != 0 ? "true" : "false");
    case ItemKind::null:
      break;
  }
  return put(to, "null");
}

char* put_attributes(char* to, std::string_view of_context, ReadEntry& entry) noexcept {
  if (of_context.empty() && entry.head().items == 0) {
    return to;
  }
  to = put(to, ",\"attr\":{");
  to = put(to, of_context);
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

bool PlainRecord::prepare() noexcept {
  if (message.size() > kMaxPlainTextBytes || place.size() > kMaxPlainTextBytes ||
      fields.size() > kMaxPlainFields) {
    return false;
  }
  std::size_t bytes = sizeof(EntryHead) + message.size() + place.size();
  FlatValue* value = values.data();
  for (const Field* field = fields.begin(); field != fields.end(); ++field, ++value) {
    *value = flat(field->value);
    if (field->key.size() > kMaxPlainKeyBytes ||
        (value->kind == ItemKind::text && value->bits > kMaxPlainTextBytes)) {
      return false;
    }
    for (const Field* before = fields.begin(); before != field; ++before) {
      if (may_be_one_name(before->key, field->key)) {
        return false;
      }
    }
    bytes += sizeof(ItemHead) + field->key.size() + value->bytes();
  }
  entry_bytes = aligned(bytes);
  return true;
}

// (Each member is stored where it belongs: a head made elsewhere and copied in one piece waits for
// its parts to leave the processor's store buffer, 10 ns.)
void write_plain_entry(char* to, const PlainRecord& record) noexcept {
  auto* const head = new (to) EntryHead;
  head->bytes = static_cast<std::uint32_t>(record.entry_bytes);
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
  const FlatValue* value = record.values.data();
  for (const Field& field : record.fields) {
    const auto value_bytes = static_cast<std::uint16_t>(value->bytes());
    at[offsetof(ItemHead, kind)] = static_cast<char>(value->kind);
    at[offsetof(ItemHead, key_bytes)] = static_cast<char>(field.key.size());
    std::memcpy(at + offsetof(ItemHead, text_bytes), &value_bytes, sizeof value_bytes);
    at = put(at + sizeof(ItemHead), field.key);
    if (value->kind == ItemKind::text) {
      at = put(at, value->text());
    } else {
      std::memcpy(at, &value->bits, sizeof value->bits);
      at += sizeof value->bits;
    }
    ++value;
  }
}

bool holds_secret(const PlainRecord& record, const SecretSet& secrets) {
  if (secrets.occurs_in(record.message)) {
    return true;
  }
  const FlatValue* value = record.values.data();
  return std::any_of(record.fields.begin(), record.fields.end(), [&](const Field& field) {
    return secrets.occurs_in(field.key) || secrets.occurs_in((value++)->text());
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

EntryRenderer::EntryRenderer(std::uint32_t pid) : pid_(std::to_string(pid)) {}

char* EntryRenderer::put_time(char* to, std::int64_t wall_ns) {
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  std::int64_t second = wall_ns / kNanosPerSecond;
  std::int64_t rest = wall_ns % kNanosPerSecond;
  if (rest < 0) {
    --second;
    rest += kNanosPerSecond;
  }
  if (second != second_ || time_.empty()) {
    time_.clear();
    append_rfc3339(time_, WallTime(std::chrono::seconds(second)));
    time_.resize(time_.size() - std::string_view("000Z").size());
    second_ = second;
  }
  to = put(to, time_);
  const auto millis = static_cast<int>(rest / 1'000'000);
  *to++ = static_cast<char>('0' + millis / 100);
  *to++ = static_cast<char>('0' + millis / 10 % 10);
  *to++ = static_cast<char>('0' + millis % 10);
  *to++ = 'Z';
  return to;
}

bool EntryRenderer::append_json(LineBuffer& out,
                                const char* entry,
                                const ContextSlot& slot,
                                const EntryStamp& stamp) {
  EntryHead head{};
  std::memcpy(&head, entry, sizeof head);
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
  ReadEntry read(entry);
  const ReadContext context(slot);
  if (!read.is_whole() || !context.is_whole) {
    return false;
  }
  to = put_time(put(to, R"({"v":1,"ts":")"), stamp.wall_ns);
  to = put_signed(put(to, R"(","mono_ns":)"), stamp.monotonic_ns);
  to = put_signed(put(to, R"(,"seq":)"), stamp.seq);
  to = put_json_text(put(to, level_members(head.level)), read.message());
  *to++ = '"';
  to = put(to, context.json);
  to = put(put(to, R"(,"pid":)"), pid_);
  to = put_unsigned(put(to, R"(,"tid":)"), head.tid);
  if (!read.place().empty()) {
    to = put_json_text(put(to, R"(,"src":")"), read.place());
    *to++ = '"';
  }
  to = put_attributes(to, context.attributes, read);
  *to++ = '}';
  *to++ = '\n';
  out.end_at(to);
  return true;
}

bool EntryRenderer::append_text(LineBuffer& out,
                                const char* entry,
                                const ContextSlot& slot,
                                const EntryStamp& stamp) {
  EntryHead head{};
  std::memcpy(&head, entry, sizeof head);
  scratch_.clear();
  if (is_rendered(head)) {
    const auto record = read_rendered(entry);
    if (record) {
      out.end_at(put(out.room(record->text.size() + kRingSlack), record->text));
    }
    return record.has_value();
  }
  ReadEntry read(entry);
  const ReadContext context(slot);
  if (!read.is_whole() || !context.is_whole) {
    return false;
  }
  scratch_ += ' ';
  scratch_ += text_label(static_cast<LogLevel>(head.level));
  scratch_ += ' ';
  scratch_ += context.head;
  append_escaped_text(scratch_, read.message());
  scratch_ += context.text_fields;
  for (unsigned left = head.items; left > 0; --left) {
    append_text_item(scratch_, read.next());
  }
  scratch_ += '\n';
  char* to = put_time(out.room(kEnvelopeBytes + scratch_.size()), stamp.wall_ns);
  out.end_at(put(to, scratch_));
  return true;
}

}  // namespace headway
