// See system_limits.hpp. Formats: proc_pid_limits(5), proc_meminfo(5), proc_sys_fs(5),
// proc_sys_vm(5), inotify(7).
#include "host/system_limits.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "host/kernel_text.hpp"

namespace headway {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{1} << 20;
constexpr std::int64_t kKibibyte = 1024;

std::string content_of(const std::string& path) {
  return read_file(path, kMaxBytes).value_or("");
}

// The first word of a text and the rest behind it.
std::string_view take_word(std::string_view& text) {
  text = trim(text);
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

void read_process_limits(const std::string& text, SystemLimits& limits) {
  limits.is_known = !text.empty();
  const LimitPair files = limit_named(text, "Max open files");
  limits.open_files = files.soft;
  limits.open_files_hard = files.hard;
  limits.processes = limit_named(text, "Max processes").soft;
  limits.file_size_bytes = limit_named(text, "Max file size").soft;
  limits.address_space_bytes = limit_named(text, "Max address space").soft;
  limits.stack_bytes = limit_named(text, "Max stack size").soft;
  limits.cpu_seconds = limit_named(text, "Max cpu time").soft;
}

void read_memory(const std::string& meminfo, SystemLimits& limits) {
  const auto bytes = [&meminfo](std::string_view name) {
    return integer_field(meminfo, name).value_or(0) * kKibibyte;
  };
  limits.commit_limit_bytes = bytes("CommitLimit");
  limits.committed_bytes = bytes("Committed_AS");
  limits.swap_total_bytes = bytes("SwapTotal");
  limits.swap_free_bytes = bytes("SwapFree");
}

}  // namespace

// "Max open files            1024                 1048576              files"
LimitPair limit_named(std::string_view limits, std::string_view name) {
  for (std::string_view line : split(limits, '\n')) {
    if (line.starts_with(name)) {
      line.remove_prefix(name.size());
      const auto soft = leading_integer(take_word(line));
      return {soft, leading_integer(take_word(line))};
    }
  }
  return {};
}

SystemLimits read_system_limits(const std::string& sysroot) {
  SystemLimits limits;
  read_process_limits(content_of(sysroot + "/proc/self/limits"), limits);
  read_memory(content_of(sysroot + "/proc/meminfo"), limits);
  const auto number = [&sysroot](const char* path) {
    return leading_integer(content_of(sysroot + path));
  };
  limits.overcommit_mode = number("/proc/sys/vm/overcommit_memory");
  limits.machine_threads_limit = number("/proc/sys/kernel/threads-max");
  limits.machine_pid_limit = number("/proc/sys/kernel/pid_max");
  limits.inotify_watches = number("/proc/sys/fs/inotify/max_user_watches");
  limits.inotify_instances = number("/proc/sys/fs/inotify/max_user_instances");
  const std::string files = content_of(sysroot + "/proc/sys/fs/file-nr");
  std::string_view rest = files;  // "1024 0 9223372036854775807": in use, 0, limit
  limits.machine_files = leading_integer(take_word(rest));
  take_word(rest);
  limits.machine_files_limit = leading_integer(take_word(rest));
  return limits;
}

}  // namespace headway
