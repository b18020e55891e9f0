// What git says of changed files, taken apart. Pure; starts no git.
#pragma once

#include "headway/lanes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The words for ask_git() that compare with a revision ("" : the index with nothing, where there is
// no commit yet).
std::vector<std::string> diff_words(const std::string& base);

// `git diff --raw --numstat -z`: files by path, renames with both names. Bytes that are not
// understood end it.
std::vector<ChangedFile> parse_diff(std::string_view output);

// Paths with a NUL after each, as `git ls-files -z` says them; those of folders without the slash.
std::vector<ChangedFile> parse_paths(std::string_view output);

// All of both, by path, each path once: what is deleted and untracked was changed.
std::vector<ChangedFile> merged(std::vector<ChangedFile> files, std::vector<ChangedFile> more);

}  // namespace headway
