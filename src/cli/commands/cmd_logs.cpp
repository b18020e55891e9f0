// `headway logs`: the records of a run, or what one of its stages printed. Changes no run.
#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/log_records.hpp"
#include "cli/text/log_tail.hpp"
#include "cli/text/run_text.hpp"
#include "headway/logging.hpp"
#include "orchestration/orchestrator.hpp"
#include "record/run_reader.hpp"

#include <fmt/format.h>

#include <poll.h>

#include <memory>
#include <utility>

namespace headway::cli {
namespace {

constexpr int kUsage = static_cast<int>(ExitCode::usage);
constexpr int kFollowMilliseconds = 200;
constexpr std::size_t kMaxLine = 1U << 20U;  // a line without end is shown in pieces of this size

struct LogsOptions {
  std::vector<std::string> run;
  std::string stage, level, since;
  bool follow = false, raw = false;
};

// What all ways of reading share.
struct Reading {
  const LogsOptions& asked;
  const GlobalOptions& options;
  Console& console;
  RunFolder folder;
};

// Cuts bytes into lines, whatever their pieces.
class LineCutter {
 public:
  template <class Take>
  void feed(std::string_view bytes, Take take) {
    partial_.append(bytes);
    std::size_t from = 0;
    for (std::size_t end = 0; (end = partial_.find('\n', from)) != std::string::npos;) {
      take(std::string_view(partial_).substr(from, end - from));
      from = end + 1;
    }
    partial_.erase(0, from);
    if (partial_.size() > kMaxLine) {
      take(std::string_view(std::exchange(partial_, {})));
    }
  }
  template <class Take>
  void finish(Take take) {
    if (!partial_.empty()) {
      take(std::string_view(std::exchange(partial_, {})));
    }
  }

 private:
  std::string partial_;
};

// (who runs it holds its lock; the record, of thousands of events, need not be read for that)
bool is_running(const Reading& reading) {
  return is_locked(reading.folder.lock());
}

void show_record(const Reading& reading,
                 const RecordFilter& filter,
                 std::string_view line,
                 std::int64_t& bad_lines) {
  const auto record = Json::parse(line);
  bad_lines += record || line.empty() ? 0 : 1;
  if (!record || !is_wanted(*record, filter)) {
    return;
  }
  if (reading.options.json || reading.asked.raw) {
    reading.console.bytes(std::string(line) + "\n");
  } else {
    reading.console.say_always(
        record_line(*record, reading.console.paint(), reading.options.verbose > 0));
  }
}

int show_records(const Reading& reading, const RecordFilter& filter) {
  std::int64_t shown = 0;
  std::int64_t bad_lines = 0;
  LineCutter cutter;
  const auto take = [&](std::string_view line) { show_record(reading, filter, line, bad_lines); };
  if (!is_running(reading)) {
    recover_log(reading.folder.log());
  }
  while (true) {
    const bool more = reading.asked.follow && is_running(reading);  // asked before the reading
    shown += read_range(reading.folder.log(), {.first = shown}, [&](std::string_view bytes) {
      cutter.feed(bytes, take);
    });
    if (!more) {
      cutter.finish(take);
      if (bad_lines > 0) {
        reading.console.tell(
            fmt::format("{}: left out {} that {} no record",
                        reading.folder.log(),
                        bad_lines == 1 ? "a line" : fmt::format("{} lines", bad_lines),
                        bad_lines == 1 ? "is" : "are"));
      }
      return reading.console.finish(0);
    }
    ::poll(nullptr, 0, kFollowMilliseconds);
  }
}

const StageState* find_stage(const RunState& state, std::string_view key) {
  for (const StageState& stage : state.stages) {
    if (stage.plan->key == key) {
      return &stage;
    }
  }
  return nullptr;
}

int refuse_stage(const Reading& reading, const RunState& state) {
  std::vector<std::string_view> keys;
  for (const StageState& stage : state.stages) {
    keys.push_back(stage.plan->key);
  }
  const auto nearest = nearest_name(reading.asked.stage, keys);
  reading.console.tell(fmt::format("no stage '{}' in that run{}",
                                   reading.asked.stage,
                                   nearest ? fmt::format(" (did you mean '{}'?)", *nearest) : ""));
  return kUsage;
}

void say_heading(const Reading& reading, const StageState& stage) {
  const std::string failure = failure_text(stage);
  const std::string attempt = stage.attempts > 0 ? fmt::format(", attempt {}", stage.attempts) : "";
  if (!reading.asked.raw) {
    reading.console.say(fmt::format("== {}{}: {}{}\n",
                                    printable(stage.plan->key),
                                    attempt,
                                    to_string(stage.status),
                                    failure.empty() ? "" : ", " + printable(failure)));
  }
}

// What a stage printed in its newest attempt, following it into further attempts.
int show_output(const Reading& reading) {
  std::string log;
  std::int64_t shown = 0;
  LineCutter cutter;
  const auto take = [&](std::string_view line) { reading.console.bytes(output_line(line) + "\n"); };
  const auto show_new = [&] {
    shown +=
        read_range(reading.folder.path + "/" + log, {.first = shown}, [&](std::string_view bytes) {
          reading.asked.raw ? reading.console.bytes(bytes) : cutter.feed(bytes, take);
        });
  };
  while (true) {
    const auto state = read_run(reading.folder);
    if (!state) {
      return reading.console.refuse(state.error());
    }
    const StageState* stage = find_stage(*state, reading.asked.stage);
    if (stage == nullptr) {
      return refuse_stage(reading, *state);
    }
    const bool more =
        reading.asked.follow && state->status == RunStatus::running &&
        (stage->status == StageStatus::running || stage->status == StageStatus::pending);
    if (stage->log() != log || (log.empty() && !more)) {
      if (!log.empty()) {
        show_new();  // what the attempt before it printed last
      }
      cutter.finish(take);
      say_heading(reading, *stage);
      log = stage->log();
      shown = 0;
    }
    if (!log.empty()) {
      show_new();
    }
    if (!more) {
      cutter.finish(take);
      return reading.console.finish(0);
    }
    ::poll(nullptr, 0, kFollowMilliseconds);
  }
}

Result<RecordFilter> filter_of(const LogsOptions& asked, const GlobalOptions& options) {
  RecordFilter filter;
  filter.stage = asked.stage;
  const std::string_view standard = options.quiet                         ? "warning"
                                    : options.verbose > 0 || options.json ? "debug"
                                                                          : "info";
  filter.min_severity =
      severity_of(asked.level.empty() ? standard : std::string_view(asked.level)).value_or(0);
  if (!asked.since.empty()) {
    auto since = parse_since(asked.since, SystemClock().wall());
    if (!since) {
      return std::move(since).error();
    }
    filter.since = *since;
  }
  return filter;
}

int run(const LogsOptions& asked, const GlobalOptions& options) {
  Console console(options);
  const auto filter = filter_of(asked, options);
  if (!filter) {
    console.tell(filter.error());
    return kUsage;
  }
  const auto none = [&] {
    console.tell("no runs yet");
    return 0;
  };
  const auto read = [&](const RunFolder& folder) {
    const Reading reading{asked, options, console, folder};
    const bool wants_records =
        asked.stage.empty() || options.json || !asked.level.empty() || !asked.since.empty();
    if (!wants_records) {
      return show_output(reading);
    }
    if (!asked.stage.empty()) {
      const auto state = read_run(folder);
      if (state && find_stage(*state, asked.stage) == nullptr) {
        return refuse_stage(reading, *state);
      }
    }
    return show_records(reading, *filter);
  };
  return with_chosen_run(options, console, asked.run, {.none = none, .run = read});
}

}  // namespace

Command logs_command() {
  const auto asked = std::make_shared<LogsOptions>();
  Command command = run_reading_command(
      "logs", "Show the records of a run, or what a stage of it printed", &asked->run);
  command.flags = {
      {.names = "--stage",
       .value_name = "S",
       .help = "what that stage printed; with --level, --since or --json: the records about it",
       .text = &asked->stage},
      {.names = "--level",
       .value_name = "L",
       .help = "records from that level on: debug, info (default), warning, error, critical",
       .text = &asked->level,
       .choices = level_spellings()},
      {.names = "--since",
       .value_name = "T",
       .help = "records since then: how long ago (10m) or a time (2026-11-23T10:00:00Z)",
       .text = &asked->since},
      {.names = "--follow",
       .value_name = "",
       .help = "go on until the run (or the stage) ends",
       .on = &asked->follow},
      {.names = "--raw", .value_name = "", .help = "bytes as they are", .on = &asked->raw}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
