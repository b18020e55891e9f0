// FailureCategory: the kinds of failures that an explanation can name.
// Knows nothing of how one is found out (see category_choice.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace headway {

// What kind of thing went wrong. Spelled in JSON and in rule files as written here.
enum class FailureCategory : std::uint8_t {
  unknown,             // nothing says why
  timeout,             // it took longer than somebody allowed
  oom,                 // memory ran out
  disk_full,           // no space, no inodes, or a quota was reached
  resource_limit,      // another limit: files, processes, file size, CPU time, watches
  crash,               // a signal that a program brings on itself: SIGSEGV, SIGABRT, ...
  missing_command,     // a program is not there
  permission,          // the system refused access
  read_only_fs,        // the file system takes no writes
  network,             // a name or a peer could not be reached
  auth,                // a peer asked who we are and was not content
  tls,                 // a certificate or a handshake was refused
  port_in_use,         // an address is taken
  merge_conflict,      // git could not put changes together
  missing_dependency,  // a package, module, header or file of others is not there
  link_error,          // symbols or libraries did not come together
  compile_error,       // a source text was refused by its compiler or interpreter
  lint,                // a checker of style or types complained
  test_failure,        // a test did not pass
  config_syntax,       // a file of settings, or a command line, could not be understood
  killed,              // somebody ended it from outside
};

// All of them, in order of their values.
inline constexpr std::size_t kFailureCategories = 21;
extern const std::array<std::string_view, kFailureCategories> kCategoryNames;

// The spelling. Never fails.
std::string_view to_string(FailureCategory category) noexcept;
// The category of a spelling; nothing where there is none.
std::optional<FailureCategory> category_of(std::string_view name) noexcept;

}  // namespace headway
