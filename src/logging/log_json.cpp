// Writing of a record as JSON, within its bounds. Knows nothing of files.
#include "logging/log_json.hpp"

#include "base/json_writer.hpp"
#include "base/uuid.hpp"
#include "logging/log_limits.hpp"

#include <algorithm>
#include <utility>

namespace headway {
namespace {

// One byte may become "\u0001", and a bad one three bytes.
constexpr std::size_t kMaxEscapeGrowth = 6;
// Kept free for "trunc", the closing braces and everything that is no text.
constexpr std::size_t kReservedBytes = 16 << 10;
constexpr std::size_t kMaxCutsNoted = 64;

// Writes texts so that the record stays in its bounds, and notes what it cut.
class BoundedWriter {
 public:
  BoundedWriter(std::string& out, const SecretSet* secrets)
      : out_(out), start_(out.size()), secrets_(secrets), json_(out) {}

  JsonWriter& json() { return json_; }

  // Nothing is written for an empty text.
  void field(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      json_.key(key);
      text(key, value);
    }
  }

  // A string value; `prefix` and `name` are what "trunc" calls it.
  void text(std::string_view name, std::string_view value, std::string_view prefix = {}) {
    std::string storage;
    const std::string_view masked = masked_text(value, secrets_, storage);
    std::string_view fit = cut_text(masked, kMaxFieldBytes);
    if (fit.size() * kMaxEscapeGrowth > room()) {
      fit = cut_text(fit, room() / kMaxEscapeGrowth);
    }
    if (fit.size() < masked.size()) {
      note(prefix, name, static_cast<std::int64_t>(value.size()));
    }
    json_.token(fit);
  }

  // A key that somebody else chose.
  std::string masked_key(std::string key) const {
    std::string storage;
    const bool has_secret = masked_text(key, secrets_, storage).data() != key.data();
    return has_secret ? storage : key;
  }

  // Whether `key` and a short value may still be written.
  bool has_room_for(std::string_view key) const { return key.size() * kMaxEscapeGrowth < room(); }
  void note_lost_field() { ++lost_fields_; }

  void write_cuts() {
    if (cuts_.empty() && lost_fields_ == 0) {
      return;
    }
    json_.key("trunc").begin_object();
    for (const auto& [name, bytes] : cuts_) {
      json_.field(name, bytes);
    }
    if (lost_fields_ > 0) {
      json_.field("fields", lost_fields_);
    }
    json_.end_object();
  }

 private:
  std::size_t room() const {
    const std::size_t used = out_.size() - start_ + kReservedBytes;
    return used < kMaxRecordBytes ? kMaxRecordBytes - used : 0;
  }

  void note(std::string_view prefix, std::string_view name, std::int64_t bytes) {
    constexpr std::size_t kMaxNameBytes = 32;
    if (cuts_.size() < kMaxCutsNoted) {
      cuts_.emplace_back(std::string(prefix).append(cut_text(name, kMaxNameBytes)), bytes);
    } else {
      ++lost_fields_;
    }
  }

  std::string& out_;
  std::size_t start_;
  const SecretSet* secrets_;
  JsonWriter json_;
  std::vector<std::pair<std::string, std::int64_t>> cuts_;
  std::int64_t lost_fields_ = 0;
};

void write_attribute(BoundedWriter& writer, const LogAttribute& attribute) {
  const std::string name = writer.masked_key(attribute_name(attribute));
  if (!writer.has_room_for(name)) {
    writer.note_lost_field();
    return;
  }
  JsonWriter& json = writer.json().key(name);
  if (const auto* text = std::get_if<std::string_view>(&attribute.value)) {
    writer.text(name, *text, "attr.");
  } else if (const auto* flag = std::get_if<bool>(&attribute.value)) {
    json.boolean(*flag);
  } else if (const auto* integer = std::get_if<std::int64_t>(&attribute.value)) {
    json.number(*integer);
  } else if (const auto* number = std::get_if<double>(&attribute.value)) {
    json.number(*number);
  } else if (const auto* seconds = std::get_if<Seconds>(&attribute.value)) {
    json.number(seconds->count());
  } else if (const auto* large = std::get_if<std::uint64_t>(&attribute.value)) {
    json.raw(std::to_string(*large));
  } else {
    json.null();
  }
}

void write_exception(BoundedWriter& writer, const std::vector<ExceptionLink>& chain) {
  const auto write_link = [&](const ExceptionLink& link) {
    writer.field("type", link.type);
    writer.json().key("message");
    writer.text("exception", link.message, "attr.");
  };
  JsonWriter& json = writer.json();
  json.key("exception").begin_object();
  write_link(chain.front());
  json.key("chain").begin_array();
  for (auto link = chain.begin() + 1; link != chain.end(); ++link) {
    json.begin_object();
    write_link(*link);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_attributes(BoundedWriter& writer, const LogRecord& record) {
  if (record.attributes.empty() && record.exception.empty()) {
    return;
  }
  writer.json().key("attr").begin_object();
  if (!record.exception.empty()) {
    write_exception(writer, record.exception);
  }
  for (const LogAttribute& attribute : record.attributes) {
    // The chain of an exception is not for a field of the same name to hide.
    if (record.exception.empty() || attribute.key != "exception") {
      write_attribute(writer, attribute);
    }
  }
  writer.json().end_object();
}

// The 16 bytes of a run id are a W3C trace id as they are.
void write_trace_id(BoundedWriter& writer, const LogRecord& record) {
  if (!record.trace_id.empty()) {
    writer.field("trace_id", record.trace_id);
  } else if (is_uuid_v7(record.run_id)) {
    std::string id(record.run_id);
    id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
    writer.json().field_token("trace_id", id);
  }
}

void write_context(BoundedWriter& writer, const LogRecord& record) {
  write_trace_id(writer, record);
  writer.field("span_id", record.span_id);
  writer.field("run", record.run_id);
  writer.field("wf", record.workflow);
  writer.field("change_id", record.workflow_id);
  writer.field("lane", record.lane);
  if (record.stage_id) {
    writer.json().field("stage_id", *record.stage_id);
  }
  writer.field("stage_name", record.stage_name);
  if (record.attempt != 0) {
    writer.json().field("attempt", record.attempt);
  }
  writer.field("user", record.user);
  writer.field("environment", record.environment);
  writer.field("version", record.version);
}

}  // namespace

void append_json_line(std::string& out, const LogRecord& record, const SecretSet* secrets) {
  BoundedWriter writer(out, secrets);
  JsonWriter& json = writer.json().begin_object();
  json.field("v", 1).key("ts").time(record.time);
  json.field("mono_ns", static_cast<std::int64_t>(record.monotonic.count()));
  json.field("seq", record.seq).field("sev", static_cast<int>(record.level));
  json.field_token("lvl", to_string(record.level));
  writer.field("event", record.event);
  json.key("msg");
  writer.text("msg", record.message);
  write_context(writer, record);
  json.field("pid", static_cast<int>(record.pid)).field("tid", static_cast<int>(record.tid));
  if (record.place.file != nullptr) {
    json.field_token("src", short_place(record.place));
  }
  write_attributes(writer, record);
  writer.write_cuts();
  json.end_object();
  out += '\n';
}

}  // namespace headway
