// Names of signals.
#include "base/signal_name.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace headway {
namespace {

TEST(SignalName, signal_has_the_name_of_its_constant) {
  EXPECT_EQ(signal_name(SIGKILL), "SIGKILL");
  EXPECT_EQ(signal_name(SIGINT), "SIGINT");
}

TEST(SignalName, signal_without_a_name_is_told_by_its_number) {
  EXPECT_EQ(signal_name(50), "signal 50");
  EXPECT_EQ(signal_name(-1), "signal -1");
}

}  // namespace
}  // namespace headway
