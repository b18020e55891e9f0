// See diff_reader.hpp. The format: git-diff(1), "Raw output format" and "Other diff formats".
#include "change/diff_reader.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace headway {
namespace {

constexpr std::string_view kSubmodule = "160000";
constexpr std::string_view kExecutable = "100755";

// Takes pieces that end with `mark` from the front of a text.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  bool empty() const noexcept { return rest_.empty(); }
  char front() const noexcept { return rest_.front(); }
  std::string_view take(char mark) {
    const std::size_t end = rest_.find(mark);
    const std::string_view piece = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    return piece;
  }

 private:
  std::string_view rest_;
};

// ":100644 100755 abc def R100", then one or two paths.
void read_raw(Pieces& pieces, std::vector<ChangedFile>& files) {
  const std::string_view head = pieces.take('\0');
  const std::string_view old_mode = head.substr(1, 6);
  const std::string_view new_mode = head.size() > 14 ? head.substr(8, 6) : std::string_view();
  const std::size_t status = head.rfind(' ');
  const char kind =
      status == std::string_view::npos || status + 1 >= head.size() ? 'M' : head[status + 1];
  ChangedFile file;
  file.path = pieces.take('\0');
  if (kind == 'R' || kind == 'C') {
    file.old_path = std::move(file.path);
    file.path = pieces.take('\0');
    if (kind == 'C') {
      file.old_path.clear();  // the other one did not change
    }
  }
  file.submodule = old_mode == kSubmodule || new_mode == kSubmodule;
  file.executable = new_mode == kExecutable || (kind == 'D' && old_mode == kExecutable);
  files.push_back(std::move(file));
}

long long number_of(std::string_view text) {
  long long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

struct Lines {
  long long added = 0, deleted = 0;
  bool binary = false;
};

// "12\t3\tpath", or "12\t3\t" and two paths; "-\t-" of a binary file.
void read_numbers(Pieces& pieces, std::unordered_map<std::string_view, Lines>& lines) {
  const std::string_view added = pieces.take('\t');
  const std::string_view deleted = pieces.take('\t');
  std::string_view path = pieces.take('\0');
  if (path.empty()) {
    pieces.take('\0');
    path = pieces.take('\0');
  }
  lines[path] = {number_of(added), number_of(deleted), added == "-"};
}

void sort_by_path(std::vector<ChangedFile>& files) {
  std::sort(files.begin(), files.end(), [](const ChangedFile& a, const ChangedFile& b) {
    return a.path < b.path;
  });
}

}  // namespace

std::vector<std::string> diff_words(const std::string& base) {
  return {"diff",
          "--raw",
          "--numstat",
          "-z",
          "--find-renames",
          "--no-ext-diff",
          "--no-textconv",
          "--no-color",
          "--ignore-submodules=dirty",
          base.empty() ? "--cached" : base,
          "--"};
}

std::vector<ChangedFile> parse_diff(std::string_view output) {
  Pieces pieces(output);
  std::vector<ChangedFile> files;
  std::unordered_map<std::string_view, Lines> lines;
  while (!pieces.empty()) {
    if (pieces.front() == ':') {
      read_raw(pieces, files);
    } else {
      read_numbers(pieces, lines);
    }
  }
  for (ChangedFile& file : files) {
    const auto found = lines.find(file.path);
    if (found != lines.end() && !file.submodule) {
      file.lines_added = found->second.added;
      file.lines_deleted = found->second.deleted;
      file.binary = found->second.binary;
    }
  }
  return merged(std::move(files), {});
}

std::vector<ChangedFile> parse_paths(std::string_view output) {
  Pieces pieces(output);
  std::vector<ChangedFile> files;
  while (!pieces.empty()) {
    std::string_view path = pieces.take('\0');
    ChangedFile file;
    file.submodule = path.ends_with('/');  // another repository inside this one
    path.remove_suffix(file.submodule ? 1 : 0);
    file.path = path;
    files.push_back(std::move(file));
  }
  return merged(std::move(files), {});
}

std::vector<ChangedFile> merged(std::vector<ChangedFile> files, std::vector<ChangedFile> more) {
  std::move(more.begin(), more.end(), std::back_inserter(files));
  sort_by_path(files);
  std::vector<ChangedFile> once;
  once.reserve(files.size());
  for (ChangedFile& file : files) {
    if (once.empty() || once.back().path != file.path) {
      once.push_back(std::move(file));
      continue;
    }
    // Unmerged, or taken out of the index and still there.
    ChangedFile& kept = once.back();
    kept.lines_added = std::max(kept.lines_added, file.lines_added);
    kept.lines_deleted = std::max(kept.lines_deleted, file.lines_deleted);
    kept.binary = kept.binary || file.binary;
    kept.executable = kept.executable || file.executable;
  }
  return once;
}

}  // namespace headway
