// LoggerCore: what a logger knows, and the quick way of a plain record into its thread's ring.
// Knows no format.
#pragma once

#include "base/mutex.hpp"
#include "logging/fork_guard.hpp"
#include "logging/log_port.hpp"
#include "logging/log_record.hpp"
#include "logging/scope_stack.hpp"

#include <memory>
#include <string>
#include <vector>

namespace headway {

// A record that says nothing special.
struct SimpleRecord {
  LogLevel level;
  std::string_view message;
  Place place;
  Fields fields;
};

// The context of a logger, and of those that it is a child of. Safe from any thread.
class ContextChain {
 public:
  ContextChain(std::shared_ptr<const ContextChain> parent, LogContext context);

  void set(LogContext context) HEADWAY_EXCLUDES(mutex_);
  std::shared_ptr<const LogContext> get() const HEADWAY_EXCLUDES(mutex_);
  std::uint64_t number() const noexcept { return number_; }
  const ContextChain* parent() const noexcept { return parent_.get(); }

 private:
  const std::shared_ptr<const ContextChain> parent_;
  const std::uint64_t number_;
  mutable Mutex mutex_;
  std::shared_ptr<const LogContext> context_ HEADWAY_GUARDED_BY(mutex_);
  ForkGuard fork_guard_{mutex_};
};

// All contexts in force at one moment, the outermost first, kept alive.
class HeldContexts {
 public:
  explicit HeldContexts(const ContextChain& chain);
  void apply_to(LogRecord& record) const;

 private:
  struct Level {
    std::uint64_t logger;
    std::shared_ptr<const LogContext> context;
  };
  std::vector<Level> levels_;
};

// Safe from any thread.
class LoggerCore {
 public:
  LoggerCore(std::string name, const LoggerOptions& options, std::shared_ptr<LogPort> port);
  LoggerCore(const LoggerCore& parent, std::string_view name, LogContext context);
  LoggerCore(const LoggerCore&) = delete;
  LoggerCore& operator=(const LoggerCore&) = delete;

  bool wants(LogLevel level) const noexcept { return level >= lowest_; }
  bool is_for_structured(LogLevel level) const noexcept { return level >= structured_from_; }
  bool is_for_details(LogLevel level) const noexcept { return level >= details_from_; }
  bool is_for_console(LogLevel level) const noexcept { return level >= console_from_; }

  // False: that record has to be rendered by its caller. Nothing happened.
  bool write_plain(const SimpleRecord& record);

  void set_context(LogContext context);
  HeldContexts held_contexts() const { return HeldContexts(*contexts_); }
  std::uint64_t number() const noexcept { return number_; }
  const std::string& name() const noexcept { return name_; }
  const LoggerOptions& options() const noexcept { return options_; }
  LogPort* port() const noexcept { return port_.get(); }

  void count_dropped() noexcept { own_dropped_.fetch_add(1, std::memory_order_relaxed); }
  std::int64_t dropped() const noexcept {
    return own_dropped_.load(std::memory_order_relaxed) + (port_ ? port_->dropped() : 0);
  }

 private:
  bool put_into(ThreadRing& ring, const PlainRecord& plain);
  ThreadContext* context_in(ThreadRing& ring) const;
  ThreadContext* render_context(ThreadRing& ring) const;

  const std::string name_;
  const LoggerOptions options_;
  const std::shared_ptr<LogPort> port_;
  const std::shared_ptr<ContextChain> contexts_;
  const std::uint64_t number_;
  const LogLevel structured_from_, details_from_, console_from_, lowest_;
  const SecretSet* const secrets_;  // null: none
  std::atomic<std::int64_t> own_dropped_{0};
};

}  // namespace headway
