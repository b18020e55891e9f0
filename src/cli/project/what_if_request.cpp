// Lists, ranges and factors from words; see what_if_request.hpp.
#include "cli/project/what_if_request.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>

namespace headway::cli {
namespace {

constexpr std::size_t kMostScenarios = 256;
constexpr std::size_t kMostNamesListed = 10;
constexpr double kLeastFactor = 0.001;
constexpr double kMostFactor = 1e6;

Error wrong(std::string message, std::string next_step = {}) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(next_step)};
}

Error wrong_jobs(std::string_view text) {
  return wrong(
      fmt::format("'{}' is no value of '--jobs': numbers from 1 on, ranges, shares of the "
                  "CPUs or auto, as 1,2,4-8,50%,auto",
                  text));
}

Error too_many() {
  return wrong(fmt::format("more than {} scenarios at once", kMostScenarios),
               "ask for fewer numbers of jobs or sizes of memory");
}

bool is_same(const JobsRequest& a, const JobsRequest& b) {
  return a.count == b.count && a.percent == b.percent;
}

void add_once(std::vector<JobsRequest>& all, const JobsRequest& one) {
  if (std::none_of(all.begin(), all.end(), [&](const auto& each) { return is_same(each, one); })) {
    all.push_back(one);
  }
}

// "4-8" or "4..8"; nothing where the text is no range.
std::optional<std::pair<std::string_view, std::string_view>> range_of(std::string_view text) {
  for (const std::string_view mark : {std::string_view(".."), std::string_view("-")}) {
    const std::size_t found = text.find(mark, 1);
    if (found != std::string_view::npos) {
      return std::pair(text.substr(0, found), text.substr(found + mark.size()));
    }
  }
  return std::nullopt;
}

Result<void> add_range(std::string_view text,
                       const std::pair<std::string_view, std::string_view>& range,
                       std::vector<JobsRequest>& all) {
  const auto first = parse_jobs(range.first);
  const auto last = parse_jobs(range.second);
  if (!first || !last || first->count == 0 || last->count < first->count) {
    return wrong_jobs(text);
  }
  if (static_cast<std::size_t>(last->count - first->count) >= kMostScenarios) {
    return too_many();
  }
  for (int count = first->count; count <= last->count; ++count) {
    add_once(all, {.count = count});
  }
  return {};
}

Result<std::vector<JobsRequest>> jobs_of(const std::string& text) {
  std::vector<JobsRequest> all;
  for (const std::string_view piece : split(text, ',')) {
    const std::string_view word = trim(piece);
    if (const auto range = range_of(word)) {
      if (auto added = add_range(text, *range, all); !added) {
        return std::move(added).error();
      }
      continue;
    }
    const auto jobs = parse_jobs(word);
    if (!jobs) {
      return wrong_jobs(text);
    }
    add_once(all, *jobs);
  }
  return all;
}

Result<std::vector<std::int64_t>> memory_of(const std::string& text) {
  std::vector<std::int64_t> all;
  for (const std::string_view piece : split(text, ',')) {
    auto size = parse_size(trim(piece));
    if (!size) {
      return wrong(fmt::format("'--memory': {}", size.error().message),
                   "give sizes, as 4GiB or 4GiB,8GiB");
    }
    if (std::find(all.begin(), all.end(), *size) == all.end()) {
      all.push_back(*size);
    }
  }
  return all;
}

// "unit=2x", "unit=1.5"
Result<std::pair<std::string, double>> faster_of(const std::string& text) {
  const std::size_t sign = text.rfind('=');
  std::string_view number =
      sign == std::string::npos ? std::string_view() : std::string_view(text).substr(sign + 1);
  if (number.ends_with('x')) {
    number.remove_suffix(1);
  }
  double factor = 0;
  const auto [end, error] = std::from_chars(
      number.data(), number.data() + number.size(), factor, std::chars_format::fixed);
  const bool is_number = error == std::errc{} && end == number.data() + number.size();
  if (sign == 0 || !is_number || !(factor >= kLeastFactor && factor <= kMostFactor)) {
    return wrong(fmt::format("'{}' is no value of '--faster': STAGE=FACTOR, as unit=2x", text));
  }
  return std::pair(text.substr(0, sign), factor);
}

// All tasks that a name means: the task of that key, else those of that kind.
std::vector<int> tasks_named(std::string_view name,
                             const std::vector<std::string>& kinds,
                             const Workload& workload) {
  const auto key = std::find(workload.keys.begin(), workload.keys.end(), name);
  if (key != workload.keys.end()) {
    return {static_cast<int>(key - workload.keys.begin())};
  }
  std::vector<int> found;
  for (std::size_t task = 0; task < kinds.size(); ++task) {
    if (kinds[task] == name) {
      found.push_back(static_cast<int>(task));
    }
  }
  return found;
}

Error unknown_stage(std::string_view name,
                    const std::vector<std::string>& kinds,
                    const Workload& workload) {
  std::vector<std::string_view> known(workload.keys.begin(), workload.keys.end());
  known.insert(known.end(), kinds.begin(), kinds.end());
  const auto nearest = nearest_name(name, known);
  std::string list = fmt::format(
      "there is: {}",
      fmt::join(known.begin(),
                known.begin() +
                    static_cast<std::ptrdiff_t>(std::min(workload.keys.size(), kMostNamesListed)),
                ", "));
  if (workload.keys.size() > kMostNamesListed) {
    list += fmt::format(" and {} more", workload.keys.size() - kMostNamesListed);
  }
  return {
      ErrorCode::not_found,
      fmt::format(
          "find stage '{}'{}", name, nearest ? fmt::format(" (did you mean '{}'?)", *nearest) : ""),
      std::move(list)};
}

// "STAGE:NEED", cut at the colon that leaves names on both sides; else at the first.
std::pair<std::string_view, std::string_view> cut_need(std::string_view text,
                                                       const std::vector<std::string>& kinds,
                                                       const Workload& workload) {
  const std::size_t first = text.find(':');
  for (std::size_t at = first; at != std::string_view::npos; at = text.find(':', at + 1)) {
    if (!tasks_named(text.substr(0, at), kinds, workload).empty() &&
        !tasks_named(text.substr(at + 1), kinds, workload).empty()) {
      return {text.substr(0, at), text.substr(at + 1)};
    }
  }
  return {text.substr(0, first), text.substr(first + 1)};
}

Error no_such_need(std::string_view stage, std::string_view need, std::string has) {
  return {ErrorCode::not_found,
          fmt::format("drop a need: stage '{}' does not need '{}' directly", stage, need),
          has.empty() ? std::string("it needs nothing") : "it needs: " + has};
}

Result<void> drop(std::string_view text,
                  const std::vector<std::string>& kinds,
                  Workload& workload) {
  const auto [stage, need] = cut_need(text, kinds, workload);
  const std::vector<int> tasks = tasks_named(stage, kinds, workload);
  const std::vector<int> needs = tasks_named(need, kinds, workload);
  if (tasks.empty() || needs.empty()) {
    return unknown_stage(tasks.empty() ? stage : need, kinds, workload);
  }
  std::vector<std::string> has;
  bool dropped = false;
  for (const int task : tasks) {
    for (const int other : workload.needs[static_cast<std::size_t>(task)]) {
      has.push_back(workload.keys[static_cast<std::size_t>(other)]);
    }
    for (const int other : needs) {
      dropped = drop_need(workload, task, other) || dropped;
    }
  }
  return dropped ? Result<void>() : no_such_need(stage, need, join(has, ", "));
}

}  // namespace

std::vector<Flag> what_if_flags(WhatIfFlags& flags) {
  return {
      {.names = "--lane",
       .value_name = "NAME",
       .help = "the lane to ask about (default: the file's)",
       .text = &flags.lane},
      {.names = "-j,--jobs",
       .value_name = "LIST",
       .help = "numbers of jobs to compare: 1,2,4 or 1-8, also 50% and auto (default: 1,2,4,...)",
       .text = &flags.jobs},
      {.names = "--memory",
       .value_name = "LIST",
       .help = "memory that all stages together may take: 4GiB or 4GiB,8GiB",
       .text = &flags.memory},
      {.names = "--faster",
       .value_name = "STAGE=2x",
       .help = "as if the stage took half its time; may be given often",
       .texts = &flags.faster},
      {.names = "--without-need",
       .value_name = "STAGE:NEED",
       .help = "as if STAGE did not need NEED; may be given often",
       .texts = &flags.without_need},
      {.names = "--trace",
       .value_name = "FILE",
       .help = "ask about a recorded run in WfFormat (wfcommons.org): its own times, exact",
       .text = &flags.trace},
  };
}

Result<WhatIfRequest> make_what_if_request(const WhatIfFlags& flags) {
  WhatIfRequest request;
  if (!flags.trace.empty() && (!flags.stages.empty() || !flags.lane.empty())) {
    return wrong("'--trace' asks about a recorded run: it takes no stages and no '--lane'");
  }
  if (!flags.jobs.empty()) {
    auto jobs = jobs_of(flags.jobs);
    if (!jobs) {
      return std::move(jobs).error();
    }
    request.jobs = std::move(*jobs);
  }
  if (!flags.memory.empty()) {
    auto memory = memory_of(flags.memory);
    if (!memory) {
      return std::move(memory).error();
    }
    request.memory = std::move(*memory);
  }
  if (std::max<std::size_t>(1, request.jobs.size()) *
          std::max<std::size_t>(1, request.memory.size()) >
      kMostScenarios) {
    return too_many();
  }
  for (const std::string& text : flags.faster) {
    auto faster = faster_of(text);
    if (!faster) {
      return std::move(faster).error();
    }
    request.faster.push_back(std::move(*faster));
  }
  for (const std::string& text : flags.without_need) {
    if (text.find(':') == std::string::npos) {
      return wrong(
          fmt::format("'{}' is no value of '--without-need': STAGE:NEED, as ship:lint", text));
    }
  }
  request.without_need = flags.without_need;
  return request;
}

Result<void> apply_changes(const WhatIfRequest& request,
                           const std::vector<std::string>& kinds,
                           Workload& workload) {
  for (const auto& [name, factor] : request.faster) {
    const std::vector<int> tasks = tasks_named(name, kinds, workload);
    if (tasks.empty()) {
      return unknown_stage(name, kinds, workload);
    }
    for (const int task : tasks) {
      make_faster(workload, task, factor);
    }
  }
  for (const std::string& text : request.without_need) {
    if (auto dropped = drop(text, kinds, workload); !dropped) {
      return dropped;
    }
  }
  return {};
}

}  // namespace headway::cli
