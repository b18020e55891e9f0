// See child_environment.hpp.
#include "execution/child_environment.hpp"

#include "host/program_lookup.hpp"

#include <unistd.h>

namespace headway {

void ChildEnvironment::add(char* entry) {
  const std::string_view text = entry;
  if (text.starts_with("PATH=")) {
    search_path_ = text.substr(5);
  }
  if (working_directory_.empty() || !text.starts_with("PWD=")) {
    entries_.push_back(entry);
  }
}

void ChildEnvironment::set(const Launch& launch) {
  entries_.clear();
  search_path_ = kDefaultPath;
  working_directory_ = launch.directory.empty() ? "" : "PWD=" + launch.directory;
  if (launch.environment != nullptr) {
    for (const std::string& entry : *launch.environment) {
      add(const_cast<char*>(entry.c_str()));
    }
  } else {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      add(*entry);
    }
  }
  if (!working_directory_.empty()) {
    entries_.push_back(working_directory_.data());
  }
  entries_.push_back(nullptr);
}

}  // namespace headway
