// What is kept of a machine with every run, and what is told to have changed.
#include "diagnostics/machine_print.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

MachinePrint sample() {
  MachinePrint print;
  print.headway = "0.1.0";
  print.system = "Debian";
  print.kernel = "6.1";
  print.host = "box";
  print.cpus = 4;
  print.memory_bytes = std::int64_t{16} << 30;
  print.commit = "abc";
  print.branch = "main";
  print.limits = {{"open_files", 1024}, {"processes", -1}};
  print.disks = {{"workspace", "ext4", std::int64_t{20} << 30}};
  print.tools = {{"git", {"/usr/bin/git", 100, 5}}};
  print.names = {"CC", "HOME", "PATH"};
  print.values = {{"CC", "gcc"}, {"PATH", "/usr/bin"}};
  return print;
}

std::string no_version(const ToolFile&) {
  return "";
}

std::vector<std::string> changes(const MachinePrint& before, const MachinePrint& now) {
  std::vector<std::string> all;
  for (const MachineChange& change : changes_between(before, now, no_version)) {
    all.push_back(change.kind + "|" + change.name + "|" + change.before + "|" + change.after);
  }
  return all;
}

using Strings = std::vector<std::string>;

TEST(MachinePrint, what_is_written_is_read_back) {
  const MachinePrint print = sample();
  const auto read = decode_print(encode_print(print, {}));
  ASSERT_TRUE(read);
  EXPECT_EQ(encode_print(*read, {}), encode_print(print, {}));
  EXPECT_EQ(changes(print, *read), Strings{});
}

TEST(MachinePrint, damaged_text_is_none) {
  EXPECT_FALSE(decode_print("{\"format\":1,"));
  EXPECT_FALSE(decode_print("[]"));
  EXPECT_FALSE(decode_print(""));
}

TEST(MachinePrint, secrets_are_masked) {
  MachinePrint print = sample();
  print.values = {{"PATH", "/usr/bin:/opt/hunter2hunter2/bin"}};
  const std::string text = encode_print(print, SecretSet({"hunter2hunter2"}));
  EXPECT_EQ(text.find("hunter2hunter2"), std::string::npos);
}

TEST(MachinePrint, many_names_are_cut_and_what_was_cut_is_no_change) {
  MachinePrint print = sample();
  print.names.clear();
  for (int number = 1000; number < 2000; ++number) {
    print.names.push_back("VARIABLE_" + std::to_string(number));
  }
  const std::string text = encode_print(print, {});
  EXPECT_LE(text.size(), kMostPrintBytes);
  const auto read = decode_print(text);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->is_cut);
  EXPECT_EQ(changes(*read, print), Strings{});
  EXPECT_EQ(changes(print, *read), Strings{});
  print.names.erase(print.names.begin());
  EXPECT_EQ(changes(*read, print), Strings{"environment|VARIABLE_1000|set|"});
}

TEST(MachinePrint, a_replaced_program_is_a_change_with_its_versions) {
  MachinePrint now = sample();
  now.tools[0].file.modified_ns = 9;
  const auto found = changes_between(
      sample(), now, [](const ToolFile& file) { return file.modified_ns == 9 ? "2.40" : "2.39"; });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].before, "2.39 (/usr/bin/git)");
  EXPECT_EQ(found[0].after, "2.40 (/usr/bin/git)");
  EXPECT_EQ(
      changes(sample(), now)[0],
      "tool|git|/usr/bin/git (100 bytes)|/usr/bin/git (100 bytes), another file of the same size");
}

TEST(MachinePrint, a_program_that_is_gone_is_a_change_one_that_is_new_in_the_workflow_is_none) {
  MachinePrint now = sample();
  now.tools[0].file = {};
  now.tools.push_back({"make", {"/usr/bin/make", 1, 1}});
  EXPECT_EQ(changes(sample(), now), Strings{"tool|git|/usr/bin/git (100 bytes)|"});
}

TEST(MachinePrint, names_and_harmless_values_of_the_environment) {
  MachinePrint now = sample();
  now.names = {"CI", "HOME", "PATH"};
  now.values = {{"PATH", "/opt/bin:/usr/bin"}};
  EXPECT_EQ(changes(sample(), now),
            (Strings{"environment|CC|set|",
                     "environment|CI||set",
                     "environment|PATH|/usr/bin|/opt/bin:/usr/bin"}));
}

TEST(MachinePrint, sizes_limits_and_systems) {
  MachinePrint now = sample();
  now.cpus = 2;
  now.memory_bytes = std::int64_t{8} << 30;
  now.limits[0].second = 256;
  now.kernel = "6.5";
  now.commit = "def";
  EXPECT_EQ(changes(sample(), now),
            (Strings{"git|commit|abc|def",
                     "limit|open_files|1024|256",
                     "cpus||4|2",
                     "memory||16.0 GiB|8.0 GiB",
                     "kernel||6.1|6.5"}));
}

TEST(MachinePrint, memory_and_room_that_are_nearly_the_same_are_no_change) {
  MachinePrint now = sample();
  now.memory_bytes -= std::int64_t{100} << 20;
  now.disks[0].free_bytes -= std::int64_t{2} << 30;
  EXPECT_EQ(changes(sample(), now), Strings{});
  now.disks[0].free_bytes = std::int64_t{1} << 30;
  EXPECT_EQ(changes(sample(), now), Strings{"disk|workspace|20.0 GiB free|1.0 GiB free"});
}

TEST(MachinePrint, of_a_run_without_a_print_only_its_first_event_is_known) {
  RunStarted start;
  start.machine = {"box", "6.1", 4, std::int64_t{16} << 30};
  start.repository = {"abc", "main"};
  start.version = "0.1.0";
  EXPECT_EQ(changes(print_of(start), sample()), Strings{});
}

}  // namespace
}  // namespace headway
