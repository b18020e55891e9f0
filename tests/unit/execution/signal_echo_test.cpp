// SignalEcho: one request, however often it arrives.
#include "execution/signal_echo.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace headway {
namespace {

constexpr pid_t kShell = 100;
constexpr pid_t kWatcher = 200;

SignalArrival at(int milliseconds, pid_t sender, int signal = SIGINT) {
  return {signal, sender, sender == kWatcher, std::chrono::milliseconds(milliseconds)};
}

TEST(SignalEcho, kill_of_the_group_counts_once_in_either_order) {
  SignalEcho direct_first;
  EXPECT_TRUE(direct_first.is_new(at(0, kShell)));
  EXPECT_FALSE(direct_first.is_new(at(1, kWatcher)));
  EXPECT_FALSE(direct_first.is_new(at(2, kWatcher)));
  SignalEcho watcher_first;
  EXPECT_TRUE(watcher_first.is_new(at(0, kWatcher)));
  EXPECT_FALSE(watcher_first.is_new(at(1, kShell)));
}

TEST(SignalEcho, two_keys_at_the_terminal_are_two_requests_however_fast) {
  SignalEcho echo;
  EXPECT_TRUE(echo.is_new(at(0, 0)));
  EXPECT_TRUE(echo.is_new(at(30, 0)));
}

TEST(SignalEcho, later_signal_is_a_request_of_its_own) {
  SignalEcho echo;
  EXPECT_TRUE(echo.is_new(at(0, kWatcher)));
  EXPECT_FALSE(echo.is_new(at(199, kWatcher)));
  EXPECT_TRUE(echo.is_new(at(200, kWatcher)));
}

TEST(SignalEcho, other_signal_is_never_an_echo) {
  SignalEcho echo;
  EXPECT_TRUE(echo.is_new(at(0, kWatcher, SIGTERM)));
  EXPECT_TRUE(echo.is_new(at(0, kWatcher, SIGINT)));
}

}  // namespace
}  // namespace headway
