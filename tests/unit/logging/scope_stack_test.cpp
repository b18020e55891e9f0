// Contexts of threads: what is seen where, and when it ends.
#include "logging/scope_stack.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace headway {
namespace {

LogContext lane(std::string name) {
  return {.workflow_id = "", .lane = std::move(name)};
}

std::string seen(std::uint64_t logger) {
  std::string lanes;
  ScopeStack::for_each(logger, [&](const LogContext& context) { lanes += context.lane + ';'; });
  return lanes;
}

void end(const std::shared_ptr<ScopeEntry>& entry) {
  entry->ended = true;
  ScopeStack::drop_ended();
}

TEST(ScopeStack, gives_a_loggers_contexts_the_oldest_first) {
  const auto first = ScopeStack::push(1, lane("a"));
  const auto other = ScopeStack::push(2, lane("x"));
  const auto second = ScopeStack::push(1, lane("b"));
  EXPECT_EQ(seen(1), "a;b;");
  EXPECT_EQ(seen(2), "x;");
  EXPECT_EQ(seen(3), "");
  end(first);
  EXPECT_EQ(seen(1), "b;");
  end(second);
  end(other);
  EXPECT_EQ(seen(1), "");
}

TEST(ScopeStack, other_threads_see_nothing_of_it) {
  const auto entry = ScopeStack::push(1, lane("a"));
  std::string there = "not run";
  std::thread([&] { there = seen(1); }).join();
  EXPECT_EQ(there, "");
  end(entry);
}

TEST(ScopeStack, an_entry_ended_on_another_thread_is_seen_no_more) {
  const auto entry = ScopeStack::push(1, lane("a"));
  std::thread([&] { end(entry); }).join();
  EXPECT_EQ(seen(1), "");
}

TEST(ScopeStack, an_entry_may_outlive_its_thread) {
  std::shared_ptr<ScopeEntry> entry;
  std::thread([&] { entry = ScopeStack::push(1, lane("a")); }).join();
  end(entry);
  EXPECT_EQ(seen(1), "");
}

}  // namespace
}  // namespace headway
