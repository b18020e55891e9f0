// See markdown_report.hpp.
#include "report/markdown_report.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace headway {
namespace {

// Text within a line or a cell: markup of Markdown and HTML told as itself, one line.
std::string inline_text(std::string_view bytes) {
  std::string out;
  for (const char c : to_valid_utf8(bytes)) {
    if (c == '\n' || c == '\r' || c == '\t') {
      out += ' ';
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (std::string_view("\\`*_{}[]|#~").find(c) != std::string_view::npos) {
        out += '\\';
      }
      out += c;
    }
  }
  return out;
}

// A block that ends nowhere in `text`: its fence is longer than any run of backticks there.
std::string code_block(std::string_view bytes) {
  const std::string text = to_valid_utf8(bytes);
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fmt::format("{}\n{}{}{}\n", fence, text, text.ends_with('\n') ? "" : "\n", fence);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return out;
}

std::string time_of(const RunState& state, const StageState& stage) {
  return stage.started_offset ? format_duration(state.duration_so_far(stage)) : "";
}

std::string heading(const RunState& state) {
  const RunStarted& start = state.start;
  std::string text = fmt::format("## {}: {} in {}\n\n",
                                 inline_text(start.workflow),
                                 lower(to_string(state.status)),
                                 format_duration(state.elapsed));
  text += fmt::format("Lane {}, run `{}`", inline_text(start.lane), state.run_id);
  if (!start.repository.commit.empty()) {
    text += fmt::format(", commit `{}`", start.repository.commit.substr(0, 12));
  }
  if (start.sla) {
    text += fmt::format(", target {}{}",
                        format_duration(*start.sla),
                        state.ended() && state.elapsed > *start.sla ? " (missed)" : "");
  }
  text += ".\n";
  if (!state.reason.empty()) {
    text += fmt::format("\n{}\n", inline_text(state.reason));
  }
  return text;
}

std::string failure(const RunState& state, const StageDetail& detail) {
  if (!state.first_failure) {
    return {};
  }
  const StageState& stage = state.stages[static_cast<std::size_t>(*state.first_failure)];
  const std::string time = time_of(state, stage);  // "": it was never started
  std::string text = fmt::format("\n### First failure: {}\n\n{}{}.\n",
                                 inline_text(stage.plan->key),
                                 inline_text(stage.reason),
                                 time.empty() ? "" : " after " + time);
  const std::string lines = detail ? detail(*state.first_failure) : std::string();
  return lines.empty() ? text : text + "\n" + code_block(lines);
}

}  // namespace

std::string markdown_report(const RunState& state, const StageDetail& detail) {
  std::string text = heading(state) + failure(state, detail);
  text += "\n| stage | status | time | |\n|---|---|---:|---|\n";
  for (const StageState& stage : state.stages) {
    const bool ran_well = stage.status == StageStatus::completed && !stage.was_kept();
    std::string note = ran_well ? "" : inline_text(stage.reason);
    if (stage.status == StageStatus::failed && stage.plan->allow_failure) {
      note += ", allowed";
    }
    if (stage.attempts > 1) {
      note += fmt::format("{}{} attempts", note.empty() ? "" : "; ", stage.attempts);
    }
    text += fmt::format("| {} | {} | {} | {} |\n",
                        inline_text(stage.plan->key),
                        stage.up_to_date ? "up to date" : lower(to_string(stage.status)),
                        time_of(state, stage),
                        note);
  }
  return text;
}

}  // namespace headway
