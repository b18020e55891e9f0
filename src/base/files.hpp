// Whole files: read, replaced atomically, created. Every error names the path and what the system
// said. Knows nothing of what is in them.
#pragma once

#include "base/unique_fd.hpp"
#include "headway/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headway {

// The whole content; an error where it is larger than `max_bytes` or cannot be read.
Result<std::string> read_file(const std::string& path,
                              std::int64_t max_bytes = std::int64_t{1} << 30);

// How much a write must outlive.
enum class Durability {
  process,  // a crash of the process: the kernel has it
  power,    // a power cut too: fsync of the file before the rename
};

// Writes a temporary file beside `path` and renames it: readers see the old or the new content,
// whole. A link at `path` is replaced, its target untouched; but what is no file, such as a device
// or a pipe, or leads to one, is written into. On error the old content stands and no temporary
// file is left. `mode`: access rights, less umask.
Result<void> write_file_atomically(const std::string& path,
                                   std::string_view content,
                                   Durability durability,
                                   mode_t mode = 0666);

// Creates the folder and its parents (mode 0777 less umask); fine where it is there.
Result<void> make_directories(const std::string& path);

// Opens for appending, created with mode 0666 less umask, close-on-exec.
Result<UniqueFd> open_for_append(const std::string& path);

// write(2) until all is written, through EINTR and short writes. The error carries errno's text.
Result<void> write_all(int fd, std::string_view bytes);

bool path_exists(const std::string& path);
// `path` made absolute against `base` (itself absolute) unless it is; lexically normalised.
std::string absolute_path(std::string_view base, std::string_view path);
std::string current_directory();

// "path: No such file or directory": the system's words for errno, with the path.
std::string system_message(std::string_view path, int error_number);

}  // namespace headway
