// The text of MAKEFLAGS as far as a jobserver is concerned. Knows no descriptor, starts nothing.
// Protocol: GNU make manual, "Sharing Job Slots with GNU make" and "Options/Recursion".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headway {

// Where a jobserver is, as `--jobserver-auth=` (make >= 4.2) or `--jobserver-fds=` says.
struct JobServerAddress {
  int read = -1;  // descriptors of a pipe; negative: it was closed on purpose, or `fifo`
  int write = -1;
  std::string fifo;  // path of a FIFO; empty: a pipe
};

// What the last such word of `flags` says; nothing where there is none that can be read.
std::optional<JobServerAddress> jobserver_address(std::string_view flags);

// Whether every reader of MAKEFLAGS takes that path as one word, and as it stands.
bool fits_make_flags(std::string_view path);

// `flags` without any number of jobs and any jobserver; everything else stays as it is.
std::string without_jobserver(std::string_view flags);

// `flags` with that jobserver in place of any other: `auth` is "R,W" or "fifo:PATH", `jobs` its
// whole budget (make only tells it on). Variables after "--" stay last.
std::string with_jobserver(std::string_view flags, std::string_view auth, int jobs);

}  // namespace headway
