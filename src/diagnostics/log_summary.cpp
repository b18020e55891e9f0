// See log_summary.hpp. Records: docs/reference/json.md.
#include "diagnostics/log_summary.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace headway {
namespace {

constexpr std::int64_t kReadOfEach = std::int64_t{4} << 20;

// A regular file that is no link, and its size.
struct OpenLog {
  UniqueFd fd;
  std::int64_t size = 0;
};

OpenLog open_log(const std::string& path) {
  OpenLog log;
  log.fd.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat facts {};
  if (!log.fd || ::fstat(log.fd.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    log.fd.reset();
    return log;
  }
  log.size = facts.st_size;
  return log;
}

std::string read_at(const OpenLog& log, std::int64_t from, std::int64_t count) {
  std::string text(static_cast<std::size_t>(std::max<std::int64_t>(0, count)), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::pread(log.fd.get(),
                                text.data() + size,
                                text.size() - size,
                                static_cast<off_t>(from) + static_cast<off_t>(size));
    if (got <= 0) {
      break;
    }
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

bool is_bad(const std::string& level) {
  return level == "error" || level == "critical" || level == "ERROR" || level == "CRITICAL";
}

void add_record(const Json& record, LogSummary& summary) {
  const std::string& level = record["lvl"].as_string();
  if (level.empty()) {
    return;
  }
  ++summary.levels[level];
  if (is_bad(level)) {
    summary.errors.push_back({record["ts"].as_string(), level, record["msg"].as_string()});
    if (summary.errors.size() > 2 * LogSummary::kMostErrors) {
      summary.errors.erase(summary.errors.begin(), summary.errors.end() - LogSummary::kMostErrors);
    }
  }
  const Json& fields = record["attr"];
  const std::string& operation = fields["operation"].as_string();
  if (!operation.empty() && fields["duration_seconds"].is_number()) {
    summary.slowest.emplace_back(operation, fields["duration_seconds"].as_number());
  }
}

void bound(LogSummary& summary) {
  std::stable_sort(summary.errors.begin(), summary.errors.end(), [](const auto& a, const auto& b) {
    return a.time < b.time;
  });
  if (summary.errors.size() > LogSummary::kMostErrors) {
    summary.errors.erase(summary.errors.begin(), summary.errors.end() - LogSummary::kMostErrors);
  }
  std::stable_sort(summary.slowest.begin(),
                   summary.slowest.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  summary.slowest.resize(std::min(summary.slowest.size(), LogSummary::kMostOperations));
}

}  // namespace

LogSummary summarize_logs(const std::string& folder) {
  LogSummary summary;
  std::error_code trouble;
  for (const auto& entry : std::filesystem::directory_iterator(folder, trouble)) {
    const std::string name = entry.path().filename().string();
    const bool is_records = name.ends_with(".jsonl") && name != "events.jsonl";
    if (!is_records && !name.ends_with(".log")) {
      continue;
    }
    const OpenLog log = open_log(entry.path().string());
    if (!log.fd) {
      continue;
    }
    summary.files.emplace_back(name, log.size);
    if (!is_records) {
      continue;
    }
    const std::int64_t from = std::max<std::int64_t>(0, log.size - kReadOfEach);
    const std::string text = read_at(log, from, log.size - from);
    for (const std::string_view line : split(text, '\n')) {
      if (const auto record = Json::parse(line)) {
        add_record(*record, summary);
      }
    }
  }
  std::sort(summary.files.begin(), summary.files.end());
  bound(summary);
  return summary;
}

std::string read_bounded(const std::string& path, const TextBounds& bounds) {
  const OpenLog log = open_log(path);
  if (!log.fd) {
    return "";
  }
  if (log.size <= bounds.head_bytes + bounds.tail_bytes) {
    return read_at(log, 0, log.size);
  }
  std::string head = read_at(log, 0, bounds.head_bytes);
  head.resize(head.rfind('\n') == std::string::npos ? 0 : head.rfind('\n') + 1);
  std::string tail = read_at(log, log.size - bounds.tail_bytes, bounds.tail_bytes);
  const std::size_t line = tail.find('\n');
  tail.erase(0, line == std::string::npos ? 0 : line + 1);
  const auto left_out = log.size - static_cast<std::int64_t>(head.size() + tail.size());
  return fmt::format("{}[... {} bytes left out ...]\n{}", head, left_out, tail);
}

}  // namespace headway
