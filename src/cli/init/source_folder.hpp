// SourceFolder: which files a folder has, and what the small ones that describe it say, so that
// what to write for it can be decided without a disk. Knows no kind of project.
#pragma once

#include "headway/result.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// A snapshot. Paths are relative to the folder, with '/'.
struct SourceFolder {
  std::string path;                          // below the workflow file: "web"; "" is its folder
  std::set<std::string, std::less<>> files;  // down to four folders deep; no hidden folder's
  std::map<std::string, std::string, std::less<>> texts;  // of those that describe a project

  bool has(std::string_view file) const { return files.contains(file); }
  // The content; "" where it is not there or was not read.
  std::string_view text(std::string_view file) const;
  // The first of these that is there; "" for none.
  std::string first_of(std::initializer_list<std::string_view> names) const;
  // Whether the file's text has these words.
  bool says(std::string_view file, std::string_view words) const;
  // What of it lies in the folder of that name.
  SourceFolder below(std::string_view folder) const;
  // The names of the folders right below it, sorted.
  std::vector<std::string> folders() const;
};

// Reads at most 20,000 names and, of each file that describes a project or is a Python test, at
// most 256 KiB. Left out: hidden folders and those that tools fill (node_modules, build, target,
// vendor, ...). What cannot be read is not there.
SourceFolder read_source_folder(const std::string& directory);

}  // namespace headway::cli
