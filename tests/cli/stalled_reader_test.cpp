// A reader of the view that stops reading: the run goes on as if it read, and once it reads again
// it gets everything.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace headway {
namespace {

constexpr std::ptrdiff_t kTalk = 400'000;  // beyond every pipe

// One stage prints more than a pipe holds, another one can only be ended by its timeout.
const char* const kWorkflow = R"(version: 1
name: demo
stages:
  talk: {run: 'yes xxxxxxxxxxxxxxxxxxx | head -c 400000'}
  stuck: {run: sleep 60, timeout: 200ms, grace: 0s}
  after: {needs: [talk], run: 'true'}
)";

struct Ends {
  UniqueFd reader, writer;
};

Ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe2");
  }
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::string read_to_end(const UniqueFd& from) {
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = ::read(from.get(), piece.data(), piece.size())) > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return text;
}

class StalledReader : public testing::Test {
 protected:
  StalledReader() { program.write("headway.yaml", kWorkflow); }

  std::string status() { return program.run({"status", "-q"}).out; }

  // Starts a run into a pipe that nobody reads, and waits for its end in the record.
  Program::Process run_unread(const std::string& output) {
    ends = make_pipe();
    auto process = program.start({"run", "-k", "-j2", "--output", output}, ends.writer.get());
    ends.writer.reset();
    EXPECT_TRUE(eventually([&] { return status() == "FAILED\n"; })) << output << " " << status();
    return process;
  }

  Program program;
  Ends ends;
};

TEST_F(StalledReader, timeouts_hold_and_plain_text_arrives_whole_later) {
  // Bug: the run waited in write(2), and so did the timeouts of its stages.
  auto process = run_unread("plain");
  const std::string text = read_to_end(ends.reader);
  EXPECT_EQ(process.wait().exit_code, 1);
  EXPECT_EQ(std::count(text.begin(), text.end(), 'x'), kTalk / 20 * 19);
  EXPECT_TRUE(has(text, "== stuck: FAILED (timeout)")) << text.size();
  EXPECT_TRUE(has(text, "== after: completed")) << text.size();
  EXPECT_TRUE(has(text.substr(text.size() - 200), "failed in ")) << text.size();
}

TEST_F(StalledReader, stream_arrives_line_by_line) {
  auto process = run_unread("stream");
  const std::string text = read_to_end(ends.reader);
  EXPECT_EQ(process.wait().exit_code, 1);
  std::istringstream lines(text);
  int whole = 0;
  for (std::string line; std::getline(lines, line);) {
    whole += line == "[talk] xxxxxxxxxxxxxxxxxxx" ? 1 : 0;
  }
  EXPECT_EQ(whole, kTalk / 20);
}

TEST_F(StalledReader, events_arrive_without_a_gap) {
  std::string stages;
  for (int number = 0; number < 150; ++number) {
    stages += "  s" + std::to_string(number) + ": {run: 'true'}\n";
  }
  program.write("headway.yaml", kWorkflow + stages);
  auto process = run_unread("events");
  std::istringstream lines(read_to_end(ends.reader));
  EXPECT_EQ(process.wait().exit_code, 1);
  std::int64_t seq = 0;
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    const auto event = Json::parse(line);
    ASSERT_TRUE(event) << line;
    EXPECT_EQ((*event)["seq"].as_integer(), ++seq);
    last = (*event)["event"].as_string();
  }
  EXPECT_GT(seq, 450);
  EXPECT_EQ(last, "run_finished");
}

TEST_F(StalledReader, signal_after_the_end_of_the_run_ends_the_waiting) {
  auto process = run_unread("plain");
  // Not once: the run itself may still be there to take the first.
  EXPECT_TRUE(eventually([&] {
    process.send(SIGTERM);
    return process.has_ended();
  }));
  EXPECT_EQ(process.wait().exit_code, 1) << "as the run ended";
}

TEST_F(StalledReader, reader_that_leaves_for_good_ends_the_waiting) {
  auto process = run_unread("plain");
  ends.reader.reset();
  EXPECT_EQ(process.wait(20).exit_code, 1);
}

TEST_F(StalledReader, paused_terminal_misses_pictures_but_no_line) {
  int terminal = -1;
  int other = -1;
  winsize size{.ws_row = 20, .ws_col = 60, .ws_xpixel = 0, .ws_ypixel = 0};
  if (::openpty(&terminal, &other, nullptr, nullptr, &size) != 0) {
    GTEST_SKIP() << "no pseudo-terminal can be had here";
  }
  const UniqueFd master(terminal);
  UniqueFd slave(other);
  program.set("TERM", "xterm");
  ASSERT_EQ(::tcflow(slave.get(), TCOOFF), 0);  // Ctrl-S
  auto process = program.start({"run", "-k", "-j2"}, slave.get());
  EXPECT_TRUE(eventually([&] { return status() == "FAILED\n"; })) << status();
  ASSERT_EQ(::tcflow(slave.get(), TCOON), 0);  // Ctrl-Q
  slave.reset();
  const std::string text = read_to_end(master);
  EXPECT_EQ(process.wait().exit_code, 1);
  EXPECT_TRUE(has(text, "FAILED\x1b[0m (timeout)") || has(text, "FAILED (timeout)")) << text;
  EXPECT_GT(text.rfind("\x1b[?25h"), text.rfind("\x1b[?25l")) << text;
  std::size_t pictures = 0;
  for (std::size_t at = 0; (at = text.find(" of 3 ", at)) != std::string::npos; ++at) {
    ++pictures;
  }
  EXPECT_LE(pictures, 2U) << text;
}

}  // namespace
}  // namespace headway
