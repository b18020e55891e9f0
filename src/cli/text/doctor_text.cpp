// See doctor_text.hpp. Decides nothing.
#include "cli/text/doctor_text.hpp"

#include "base/text.hpp"
#include "base/uuid.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/run_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway::cli {
namespace {

constexpr int kLeastIdWidth = 18;
constexpr int kWordWidth = 8;
constexpr std::size_t kMostChanges = 20;

Tone tone_of(CheckStatus status) {
  switch (status) {
    case CheckStatus::fail:
      return Tone::bad;
    case CheckStatus::warn:
      return Tone::warning;
    case CheckStatus::ok:
      return Tone::good;
    case CheckStatus::info:
    case CheckStatus::unknown:
      return Tone::dim;
  }
  return Tone::normal;
}

// The word of a status; failures are loud.
std::string_view word_of(CheckStatus status) {
  return status == CheckStatus::fail ? "FAIL" : to_string(status);
}

bool is_trouble(const CheckResult& check) {
  return check.status == CheckStatus::fail || check.status == CheckStatus::warn;
}

std::string check_lines(const CheckResult& check, int id_width, const DoctorTextOptions& options) {
  const std::string word = pad_right(std::string(word_of(check.status)), kWordWidth);
  std::string line = fmt::format("{}{}  {}",
                                 options.paint(tone_of(check.status), word),
                                 pad_right(printable(check.id), id_width),
                                 printable(check.value));
  std::string text =
      (options.width > 0 && !is_trouble(check) ? cut_to_width(line, options.width) : line) + "\n";
  const std::string indent(kWordWidth, ' ');
  if (is_trouble(check) || (options.verbose && check.status == CheckStatus::unknown)) {
    text += check.why.empty() ? "" : fmt::format("{}{}\n", indent, printable(check.why));
    text += check.source.empty()
                ? ""
                : fmt::format("{}{}\n",
                              indent,
                              options.paint(Tone::dim, "read from " + printable(check.source)));
    text += check.fix.empty() ? "" : fmt::format("{}try: {}\n", indent, printable(check.fix));
  }
  return text;
}

int count(const std::vector<CheckResult>& checks, CheckStatus status) {
  return static_cast<int>(
      std::count_if(checks.begin(), checks.end(), [status](const CheckResult& check) {
        return check.status == status;
      }));
}

std::string plural(int number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string change_line(const MachineChange& change) {
  const std::string what = change.name.empty() ? change.kind : change.kind + " " + change.name;
  if (change.before.empty()) {
    return fmt::format("{}: now {}", what, change.after);
  }
  if (change.after.empty()) {
    return fmt::format("{}: gone (was {})", what, change.before);
  }
  return fmt::format("{}: {} -> {}", what, change.before, change.after);
}

std::string summary(const std::vector<CheckResult>& checks, const DoctorTextOptions& options) {
  const int failures = count(checks, CheckStatus::fail);
  const int warnings = count(checks, CheckStatus::warn);
  const int good = count(checks, CheckStatus::ok) + count(checks, CheckStatus::info);
  const std::string rest = fmt::format("{} fine", good);
  if (failures > 0) {
    return options.paint(Tone::bad, plural(failures, "failure", "failures")) +
           fmt::format(", {}, {}\n", plural(warnings, "warning", "warnings"), rest);
  }
  if (warnings > 0) {
    return options.paint(Tone::good, "Nothing stands in the way of a run") +
           fmt::format(": {}, {}\n", plural(warnings, "warning", "warnings"), rest);
  }
  return options.paint(Tone::good, "All is well") + fmt::format(": {} checks\n", checks.size());
}

}  // namespace

std::string checks_text(const std::vector<CheckResult>& checks, const DoctorTextOptions& options) {
  int width = kLeastIdWidth;
  for (const CheckResult& check : checks) {
    if (options.verbose || check.status != CheckStatus::ok) {
      width = std::max(width, display_width(printable(check.id)));
    }
  }
  std::string text;
  for (const CheckResult& check : checks) {
    if (options.verbose || check.status != CheckStatus::ok) {
      text += check_lines(check, width, options);
    }
  }
  return text;
}

std::string changes_text(const DoctorReport& report, const DoctorTextOptions& options) {
  if (!report.green) {
    return "";
  }
  const std::string run = fmt::format("the last green run ({}, {})",
                                      short_id(report.green->run_id),
                                      local_time(report.green->started_at));
  if (report.changes.empty()) {
    return fmt::format("Nothing known has changed since {}.\n", run);
  }
  std::string text = options.paint(Tone::strong, fmt::format("Changed since {}:", run)) + "\n";
  for (std::size_t at = 0; at < std::min(report.changes.size(), kMostChanges); ++at) {
    text += "  " + printable(change_line(report.changes[at])) + "\n";
  }
  if (report.changes.size() > kMostChanges) {
    text += fmt::format("  and {} more\n", report.changes.size() - kMostChanges);
  }
  return text;
}

std::string doctor_text(const DoctorReport& report, const DoctorTextOptions& options) {
  std::string text = checks_text(report.checks, options);
  const std::string changes = changes_text(report, options);
  text += text.empty() || changes.empty() ? changes : "\n" + changes;
  return text + (text.empty() && changes.empty() ? "" : "\n") + summary(report.checks, options);
}

}  // namespace headway::cli
