// ValueReader: one value of the workflow file at a time, checked for type and range; a mistake
// becomes a problem that names key and owner. Knows the kinds of values, not what they are for.
#pragma once

#include "model/file_field.hpp"
#include "model/problem_list.hpp"
#include "model/workflow.hpp"
#include "model/workflow_keys.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Linux refuses a longer argument or environment entry (MAX_ARG_STRLEN, execve(2)); with the NUL.
inline constexpr std::size_t kMaxArgumentBytes = std::size_t{128} << 10;

// Lowest and highest allowed, both included.
struct NumberRange {
  double min = 0;
  double max = 0;
};

// Sums of a few of these with any clock stay far from the end of Nanos.
inline constexpr Nanos kMaxDuration = std::chrono::hours(24 * 366);

// Whether a duration of nothing makes sense.
enum class ZeroDuration { allowed, refused };

// Reads values; every read_* returns false, having added a problem and left `out` alone, where the
// value is not what it must be.
class ValueReader {
 public:
  explicit ValueReader(ProblemList& problems) : problems_(problems) {}

  ProblemList& problems() noexcept { return problems_; }

  // "DESCRIPTION must be EXPECTED, not 'VALUE'", at the value.
  void refuse(const FileField& field, std::string_view expected);

  // Whether `key` may be read in `scope`: built and known. Adds a problem where it is not (but not
  // for keys that the YAML layer has already refused).
  bool accept_key(KeyScope scope, const Owner& owner, const YamlNode& key);

  bool accept_mapping(const FileField& field, std::string_view of_what);

  // Any scalar but null, as it is spelled; no NUL byte.
  bool read_text(const FileField& field, std::string& out);
  // The same, and not blank.
  bool read_name(const FileField& field, std::string& out);
  bool read_boolean(const FileField& field, bool& out);
  bool read_integer(const FileField& field, NumberRange range, int& out);
  bool read_number(const FileField& field, NumberRange range, double& out);
  bool read_duration(const FileField& field, ZeroDuration zero, Nanos& out);
  bool read_size(const FileField& field, std::int64_t& out);
  // A list of texts that are not blank. `what` names one in messages ("name of a lock").
  bool read_names(const FileField& field, std::string_view what, std::vector<std::string>& out);
  // Names and values for a child process.
  bool read_environment(const FileField& field, EnvironmentList& out);
  // False where `text` is longer than what execve takes as one string.
  bool accept_argument(const FileField& field, std::size_t bytes);

 private:
  bool has_value(const FileField& field);

  ProblemList& problems_;
};

}  // namespace headway
