// The quick way of a record: what is known by heart, and when that is not enough. Knows no format.
#include "logging/logger_core.hpp"

#include "base/secrets.hpp"
#include "logging/context_text.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace headway {
namespace {

// Above all levels.
constexpr LogLevel kNever{1000};

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

bool collides(const ThreadContext& context, Fields fields) {
  return std::any_of(context.keys.begin(), context.keys.end(), [&](const std::string& key) {
    return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
      return may_be_one_name(key, field.key);
    });
  });
}

}  // namespace

ContextChain::ContextChain(std::shared_ptr<const ContextChain> parent, LogContext context)
    : parent_(std::move(parent)),
      number_(next_number()),
      context_(std::make_shared<const LogContext>(std::move(context))) {}

void ContextChain::set(LogContext context) {
  auto next = std::make_shared<const LogContext>(std::move(context));
  {
    const MutexLock lock(mutex_);
    context_.swap(next);
  }
  context_changes.fetch_add(1, std::memory_order_release);
}

std::shared_ptr<const LogContext> ContextChain::get() const {
  const MutexLock lock(mutex_);
  return context_;
}

HeldContexts::HeldContexts(const ContextChain& chain) {
  for (const ContextChain* each = &chain; each != nullptr; each = each->parent()) {
    levels_.push_back({each->number(), each->get()});
  }
  std::reverse(levels_.begin(), levels_.end());
}

void HeldContexts::apply_to(LogRecord& record) const {
  for (const Level& level : levels_) {
    record.apply(*level.context);
    ScopeStack::for_each(level.logger, [&](const LogContext& scope) { record.apply(scope); });
  }
}

LoggerCore::LoggerCore(std::string name,
                       const LoggerOptions& options,
                       std::shared_ptr<LogPort> port)
    : name_(std::move(name)),
      options_(options),
      port_(std::move(port)),
      contexts_(std::make_shared<ContextChain>(nullptr, LogContext{})),
      number_(contexts_->number()),
      structured_from_(port_ && port_->has_structured() ? options.level : kNever),
      details_from_(port_ && port_->has_details() ? options.details_level.value_or(options.level)
                                                  : kNever),
      console_from_(options.console.value_or(kNever)),
      lowest_(std::min({structured_from_, details_from_, console_from_})),
      secrets_(options.secrets != nullptr && !options.secrets->empty() ? options.secrets
                                                                       : nullptr) {}

LoggerCore::LoggerCore(const LoggerCore& parent, std::string_view name, LogContext context)
    : name_(parent.name_ + "." + std::string(name)),
      options_(parent.options_),
      port_(parent.port_),
      contexts_(std::make_shared<ContextChain>(parent.contexts_, std::move(context))),
      number_(contexts_->number()),
      structured_from_(parent.structured_from_),
      details_from_(parent.details_from_),
      console_from_(parent.console_from_),
      lowest_(parent.lowest_),
      secrets_(parent.secrets_) {}

void LoggerCore::set_context(LogContext context) {
  contexts_->set(std::move(context));
}

bool LoggerCore::write_plain(const SimpleRecord& record) {
  if (port_ == nullptr || is_for_console(record.level)) {
    return false;
  }
  ThreadRing* const ring = ThreadRings::find(port_->number());
  if (ring == nullptr) {
    return false;
  }
  const std::uint64_t ticks = read_ticks(ring->source);
  const ThreadContext* const context = context_in(*ring);
  if (context == nullptr || !context->fits || collides(*context, record.fields)) {
    return false;
  }
  const auto slot = static_cast<std::size_t>(context - ring->contexts.data());
  const PlainRecord plain{.level = record.level,
                          .message = record.message,
                          .place = ring->places.name(record.place),
                          .fields = record.fields,
                          .left_out = static_cast<std::uint8_t>(
                              (is_for_structured(record.level) ? 0U : kNotStructured) |
                              (is_for_details(record.level) ? 0U : kNotDetails)),
                          .context = static_cast<std::uint8_t>(slot),
                          .tid = ring->tid,
                          .ticks = ticks};
  if (plain.place.empty() || (secrets_ != nullptr && holds_secret(plain, *secrets_)) ||
      !put_into(*ring, plain)) {
    return false;
  }
  if (record.level >= LogLevel::error) {
    LogRenderer::instance().wake();
  }
  return true;
}

// Most records fit into what is reserved at first; the others are measured.
bool LoggerCore::put_into(ThreadRing& ring, const PlainRecord& plain) {
  constexpr std::size_t kUsualBytes = 512;
  std::size_t bytes = write_plain_entry(port_->reserve(ring, kUsualBytes), kUsualBytes, plain);
  if (bytes == 0) {
    const std::size_t most = plain_entry_bytes(plain);
    if (most <= kUsualBytes || most > kMaxEntryBytes) {
      return false;
    }
    bytes = write_plain_entry(port_->reserve(ring, most), most, plain);
  }
  if (bytes > 0) {
    ring.producer.use_context(plain.context);
    LogPort::publish(ring, bytes);
  }
  return bytes > 0;
}

// Where the context in force lies in the ring; null: there is no room for it.
ThreadContext* LoggerCore::context_in(ThreadRing& ring) const {
  const std::uint64_t changes = context_changes.load(std::memory_order_acquire);
  const std::uint64_t scopes = ScopeStack::changes();
  const auto is_it = [&](const ThreadContext& context) {
    return context.logger == number_ && context.changes == changes && context.scopes == scopes;
  };
  if (ThreadContext& newest = ring.contexts[ring.newest_context]; is_it(newest)) {
    return &newest;
  }
  const auto found = std::find_if(ring.contexts.begin(), ring.contexts.end(), is_it);
  if (found != ring.contexts.end()) {
    ring.newest_context = static_cast<std::size_t>(found - ring.contexts.begin());
    return &*found;
  }
  return render_context(ring);
}

ThreadContext* LoggerCore::render_context(ThreadRing& ring) const {
  std::size_t number = 0;
  ContextSlot* const slot = ring.producer.free_context(number);
  if (slot == nullptr) {
    return nullptr;
  }
  ThreadContext& context = ring.contexts[number];
  context.logger = 0;
  // Read before the contexts: a change meanwhile is seen at the next record.
  const std::uint64_t changes = context_changes.load(std::memory_order_acquire);
  const HeldContexts held = held_contexts();
  LogRecord record;
  held.apply_to(record);
  record.logger = name_;
  context.fits = render_context_slot(*slot, record, secrets_);
  context.keys.clear();
  for (const LogAttribute& attribute : record.attributes) {
    context.keys.emplace_back(attribute.key);
  }
  context.changes = changes;
  context.scopes = ScopeStack::changes();
  context.logger = number_;
  ring.newest_context = number;
  return &context;
}

}  // namespace headway
