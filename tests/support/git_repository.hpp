// GitRepository: a repository in a folder of its own, whatever the user's settings. For integration
// tests.
#pragma once

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace headway {

// Runs git in a folder; a test fails where that does.
inline void git_in(const std::string& folder, const std::string& words) {
  const std::string command =
      "cd '" + folder + "' && GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null " +
      "GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b " +
      "git -c protocol.file.allow=always " + words + " >/dev/null 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << words;
}

// On branch main, without a commit at first.
class GitRepository {
 public:
  GitRepository() { git("init -b main ."); }

  std::string path(std::string_view name = {}) const {
    return name.empty() ? folder_.path() : folder_ / std::string(name);
  }
  void write(std::string_view name, std::string_view content) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    spill(path(name), content);
  }
  void git(const std::string& words) const { git_in(folder_.path(), words); }
  void commit(const std::string& message) const {
    git("add -A");
    git("commit --allow-empty -m '" + message + "'");
  }

 private:
  TempFolder folder_;
};

}  // namespace headway
