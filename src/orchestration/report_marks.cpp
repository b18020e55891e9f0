// See report_marks.hpp.
#include "orchestration/report_marks.hpp"

#include "base/byte_source.hpp"
#include "base/files.hpp"
#include "base/path_patterns.hpp"
#include "host/file_set.hpp"
#include "quality/report_reader.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <array>
#include <string_view>
#include <utility>

namespace headway {
namespace {

bool has_wildcard(std::string_view path) {
  return path.find_first_of("*?[]{}\\") != std::string_view::npos;
}

}  // namespace

Result<std::vector<std::string>> report_files(const std::string& directory,
                                              const std::string& report) {
  if (!has_wildcard(report)) {
    if (!path_exists(absolute_path(directory, report))) {
      return Error{ErrorCode::not_found, fmt::format("{}: no such file", report)};
    }
    return std::vector<std::string>{report};
  }
  const auto patterns = PathPatterns::parse({report});
  if (!patterns) {
    return patterns.error();
  }
  const FileSet found = find_files({directory, ""}, *patterns);
  if (!found.problems.empty()) {
    return found.problems.front();
  }
  std::vector<std::string> paths;
  for (const FoundFile& file : found.files) {
    paths.push_back(file.path);
  }
  if (paths.empty()) {
    return Error{ErrorCode::not_found, fmt::format("no file matches '{}'", report)};
  }
  return paths;
}

ReportMarks::ReportMarks(WriteWatch& watch, const std::string& directory, const std::string& report)
    : directory_(directory), watch_(watch) {
  auto files = report_files(directory, report);
  if (!files) {
    return;
  }
  for (std::string& path : *files) {
    Mark mark;
    const std::string whole = absolute_path(directory_, path);
    mark.watch = watch_.add(whole);  // before the look: what is written during it is seen
    if (look_at(whole, mark)) {
      marks_.emplace(std::move(path), mark);
    }
  }
}

bool ReportMarks::look_at(const std::string& path, Mark& mark) {
  struct stat status {};
  auto file = FileSource::open(path, kMaxReportBytes);
  if (!file || ::stat(path.c_str(), &status) != 0) {
    return false;
  }
  mark.device = status.st_dev;
  mark.inode = status.st_ino;
  DigestStream digest;
  std::array<char, std::size_t{64} << 10> piece{};
  for (;;) {
    const auto got = file->read(piece.data(), piece.size());
    if (!got) {
      return false;
    }
    if (*got == 0) {
      break;
    }
    digest.add({piece.data(), *got});
  }
  mark.content = digest.take();
  return true;
}

bool ReportMarks::is_unchanged(const std::string& path) {
  const auto before = marks_.find(path);
  if (before == marks_.end() || watch_.was_written(before->second.watch) ||
      watch_.is_gone(before->second.watch)) {
    return false;
  }
  Mark now;
  return look_at(absolute_path(directory_, path), now) && now.device == before->second.device &&
         now.inode == before->second.inode && now.content == before->second.content;
}

}  // namespace headway
