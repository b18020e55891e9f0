// Versions in what programs print, and which programs are asked at all.
#include "diagnostics/tool_versions.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(ToolVersions, versions_are_found_in_what_programs_print) {
  EXPECT_EQ(version_in("git version 2.39.5\n"), "2.39.5");
  EXPECT_EQ(version_in("gcc (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright (C) 2022"), "12.2.0");
  EXPECT_EQ(version_in("go version go1.21.1 linux/amd64"), "1.21.1");
  EXPECT_EQ(version_in("openjdk version \"17.0.9\" 2023-10-17"), "17.0.9");
  EXPECT_EQ(version_in("OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.11"), "9.2p1");
  EXPECT_EQ(version_in("v20.20.2\n"), "20.20.2");
  EXPECT_EQ(version_in("GNU bash, version 5.2.15(1)-release (x86_64)"), "5.2.15");
  EXPECT_EQ(version_in("1.11.1\n"), "1.11.1");
  EXPECT_EQ(version_in("tool (build 3.1)"), "3.1");
  EXPECT_EQ(version_in("usage: x [-v]"), "");
}

TEST(ToolVersions, only_known_programs_are_asked) {
  EXPECT_EQ(version_arguments("git"), std::vector<std::string>{"--version"});
  EXPECT_EQ(version_arguments("go"), std::vector<std::string>{"version"});
  EXPECT_EQ(version_arguments("gcc-12"), std::vector<std::string>{"--version"});
  EXPECT_EQ(version_arguments("python3.11"), std::vector<std::string>{"--version"});
  EXPECT_EQ(version_arguments("kubectl"), (std::vector<std::string>{"version", "--client"}));
  for (const char* dangerous : {"reboot", "deploy", "rm", "", "7", "./git"}) {
    EXPECT_TRUE(version_arguments(dangerous).empty()) << dangerous;
  }
}

TEST(VersionCache, knows_a_file_until_it_changes) {
  VersionCache cache;
  cache.remember({"/usr/bin/git", 10, 20}, "2.39");
  EXPECT_EQ(cache.find({"/usr/bin/git", 10, 20}), "2.39");
  EXPECT_FALSE(cache.find({"/usr/bin/git", 11, 20}));
  EXPECT_TRUE(cache.is_changed());
}

TEST(VersionCache, is_bounded_and_forgets_the_oldest) {
  VersionCache cache;
  for (int number = 0; number <= static_cast<int>(VersionCache::kMostEntries); ++number) {
    cache.remember({"/t", number, 0}, "1");
  }
  EXPECT_FALSE(cache.find({"/t", 0, 0}));
  EXPECT_TRUE(cache.find({"/t", 1, 0}));
}

}  // namespace
}  // namespace headway
