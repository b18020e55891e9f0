// Looks at one program: where it is, and its version. For doctor and for hooks. Judges nothing.
#pragma once

#include "diagnostics/doctor_facts.hpp"
#include "diagnostics/tool_versions.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace headway {

// What is looked for, where, and how it is asked.
struct ToolQuestion {
  std::string name;                        // as in PATH, or with a slash: below `directory`
  std::string path;                        // PATH
  std::string directory;                   // absolute
  std::vector<std::string> version_words;  // make it tell its version; empty: it is not asked
  std::string unasked_folder;              // what lies below it is not asked; empty: all may be
  std::vector<std::string> environment;    // "NAME=value", of the program that is asked
  std::shared_ptr<const VersionCache> cache{};  // of what was asked earlier; may be null
  Nanos patience{};
  const std::atomic<bool>* stop = nullptr;
};

// Whether a program may be started that is found by its absolute path, links resolved.
bool may_be_started(const std::string& file, const std::string& unasked_folder);

// May hang where the file system does. Safe from any thread.
ToolFacts look_at_tool(const ToolQuestion& question);

}  // namespace headway
