// Reading WfFormat: github.com/wfcommons/WfFormat, wfcommons-schema.json. What is read is checked,
// the rest (files, machines, commands) is left alone.
#include "timing/wf_trace.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "scheduling/task_graph_csr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

namespace headway {
namespace {

constexpr double kLongestRuntime = 100.0 * 366 * 24 * 3600;
constexpr double kMostCores = 1 << 20;
constexpr double kMostInputBytes = 1e18;
constexpr std::size_t kShownOfCycle = 6;

// What goes wrong is always the same: this file, this thing in it.
Error bad(std::string_view source, std::string_view what) {
  return {ErrorCode::parse,
          fmt::format("{}: {}", source, what),
          "give a WfFormat file (wfcommons.org, schema 1.2 to 1.5)"};
}

// Turns the values of one file into tasks.
class Reader {
 public:
  Reader(const Json& root, std::string_view source) : root_(root), source_(source) {}

  Result<WfTrace> read() {
    const Json& workflow = root_["workflow"];
    const bool is_split = workflow["specification"].is_object();
    const Json& tasks = is_split ? workflow["specification"]["tasks"] : workflow["tasks"];
    if (!tasks.is_array() || tasks.items().empty()) {
      return workflow["jobs"].is_array() ? too_old() : bad(source_, "no workflow tasks in it");
    }
    trace_.name = root_["name"].as_string();
    for (const Json& task : tasks.items()) {
      if (auto added = add_task(task); !added) {
        return std::move(added).error();
      }
    }
    add_input_bytes(workflow["specification"]["files"], tasks);
    for (std::size_t i = 0; i < tasks.items().size(); ++i) {
      if (auto linked = add_relatives(tasks.items()[i], static_cast<int>(i)); !linked) {
        return std::move(linked).error();
      }
    }
    const Json& ran = is_split ? workflow["execution"]["tasks"] : tasks;
    if (auto measured = add_measures(ran); !measured) {
      return std::move(measured).error();
    }
    const Json& makespan = (is_split ? workflow["execution"] : workflow)["makespanInSeconds"];
    trace_.makespan = Seconds(std::clamp(makespan.as_number(), 0.0, kLongestRuntime));
    return finish();
  }

 private:
  Error too_old() const {
    Error error = bad(source_, "a schema older than 1.2 (jobs instead of tasks)");
    error.code = ErrorCode::unsupported;
    return error;
  }

  // (before 1.4 a task may have a name alone, which then is unique)
  static const std::string& id_of(const Json& task) {
    const std::string& id = task["id"].as_string();
    return id.empty() ? task["name"].as_string() : id;
  }

  Result<void> add_task(const Json& json) {
    WfTask task;
    task.id = id_of(json);
    task.name = json["name"].as_string();
    if (task.id.empty()) {
      return bad(source_, fmt::format("task {} has no id", trace_.tasks.size() + 1));
    }
    if (task.name.empty()) {
      task.name = task.id;
    }
    const int number = static_cast<int>(trace_.tasks.size());
    if (!by_id_.emplace(task.id, number).second) {
      return bad(source_, fmt::format("task '{}' is there twice", task.id));
    }
    const auto [entry, is_new] = by_name_.emplace(task.name, number);
    if (!is_new) {
      entry->second = kAmbiguous;
    }
    trace_.tasks.push_back(std::move(task));
    return {};
  }

  Result<int> find(const std::string& name, const std::string& by) const {
    const auto id = by_id_.find(name);
    if (id != by_id_.end()) {
      return id->second;
    }
    const auto named = by_name_.find(name);
    if (named != by_name_.end() && named->second != kAmbiguous) {
      return named->second;
    }
    return bad(source_, fmt::format("task '{}' names '{}', which is no task", by, name));
  }

  Result<void> add_relatives(const Json& json, int number) {
    const std::string& id = trace_.tasks[static_cast<std::size_t>(number)].id;
    for (const bool is_parent : {true, false}) {
      for (const Json& relative : json[is_parent ? "parents" : "children"].items()) {
        auto other = find(relative.as_string(), id);
        if (!other) {
          return std::move(other).error();
        }
        const int child = is_parent ? number : *other;
        const int parent = is_parent ? *other : number;
        trace_.tasks[static_cast<std::size_t>(child)].needs.push_back(parent);
      }
    }
    return {};
  }

  Result<void> add_measures(const Json& ran) {
    std::vector<bool> is_measured(trace_.tasks.size(), false);
    for (const Json& json : ran.items()) {
      const auto found = by_id_.find(id_of(json));
      if (found == by_id_.end()) {
        return bad(source_,
                   fmt::format("executed task '{}' is not in the specification", id_of(json)));
      }
      const auto number = static_cast<std::size_t>(found->second);
      const Json& runtime =
          json.contains("runtimeInSeconds") ? json["runtimeInSeconds"] : json["runtime"];
      const double seconds = runtime.as_number(-1);
      if (!(seconds >= 0 && seconds <= kLongestRuntime)) {
        return bad(source_, fmt::format("task '{}' has no usable runtimeInSeconds", found->first));
      }
      is_measured[number] = true;
      trace_.tasks[number].runtime = Seconds(seconds);
      trace_.tasks[number].memory_bytes = memory_of(json);
      const double cores = json["coreCount"].as_number(1);
      trace_.tasks[number].cores = cores > 0 && cores <= kMostCores ? cores : 1;
      const double cpu = json["avgCPU"].as_number();
      trace_.tasks[number].cpu_percent = cpu > 0 && cpu <= 100 * kMostCores ? cpu : 0;
    }
    const auto missing = std::find(is_measured.begin(), is_measured.end(), false);
    if (missing != is_measured.end()) {
      const auto number = static_cast<std::size_t>(missing - is_measured.begin());
      return bad(source_, fmt::format("task '{}' was not executed", trace_.tasks[number].id));
    }
    return {};
  }

  // Sizes stand beside the tasks since 1.5, before that in each task's own list of files.
  void add_input_bytes(const Json& files, const Json& tasks) {
    std::unordered_map<std::string_view, double> sizes;
    for (const Json& file : files.items()) {
      sizes.emplace(file["id"].as_string(), file["sizeInBytes"].as_number());
    }
    for (std::size_t i = 0; i < trace_.tasks.size(); ++i) {
      double sum = 0;
      for (const Json& name : tasks.items()[i]["inputFiles"].items()) {
        const auto found = sizes.find(name.as_string());
        sum += found == sizes.end() ? 0 : std::max(0.0, found->second);
      }
      for (const Json& file : tasks.items()[i]["files"].items()) {
        const double size = file.contains("sizeInBytes") ? file["sizeInBytes"].as_number()
                                                         : file["size"].as_number();
        sum += file["link"].as_string() == "input" ? std::max(0.0, size) : 0;
      }
      trace_.tasks[i].input_bytes =
          sum > 0 ? static_cast<std::int64_t>(std::min(sum, kMostInputBytes)) : 0;
    }
  }

  // Bytes in 1.5, KB as "memory" before.
  static std::int64_t memory_of(const Json& json) {
    constexpr double kMostBytes = 1e18;
    const double bytes = json.contains("memoryInBytes") ? json["memoryInBytes"].as_number()
                                                        : 1000 * json["memory"].as_number();
    return bytes > 0 ? static_cast<std::int64_t>(std::min(bytes, kMostBytes)) : 0;
  }

  Result<WfTrace> finish() {
    std::vector<std::vector<int>> needs;
    for (WfTask& task : trace_.tasks) {
      std::sort(task.needs.begin(), task.needs.end());
      task.needs.erase(std::unique(task.needs.begin(), task.needs.end()), task.needs.end());
      needs.push_back(task.needs);
    }
    const std::vector<int> cycle = CsrGraph(needs).find_cycle();
    if (!cycle.empty()) {
      return bad(source_, "a cycle: " + shown(cycle));
    }
    return std::move(trace_);
  }

  // "'a' needs 'b' needs 'a'", or the beginning of it.
  std::string shown(const std::vector<int>& cycle) const {
    std::string path;
    for (std::size_t i = 0; i < std::min(cycle.size(), kShownOfCycle); ++i) {
      path += fmt::format("'{}' needs ", trace_.tasks[static_cast<std::size_t>(cycle[i])].id);
    }
    return cycle.size() > kShownOfCycle
               ? path + "..."
               : path + fmt::format("'{}'", trace_.tasks[static_cast<std::size_t>(cycle[0])].id);
  }

  static constexpr int kAmbiguous = -1;
  const Json& root_;
  std::string_view source_;
  WfTrace trace_;
  std::unordered_map<std::string, int> by_id_;
  std::unordered_map<std::string, int> by_name_;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

Result<WfTrace> parse_wf_trace(std::string_view text, std::string_view source) {
  const auto root = Json::parse(text);
  if (!root) {
    return bad(source, root.error().message);
  }
  return Reader(*root, source).read();
}

Result<WfTrace> read_wf_trace(const std::string& path) {
  auto text = read_file(path);
  if (!text) {
    return std::move(text).error();
  }
  return parse_wf_trace(*text, path);
}

std::string_view wf_stage_name(std::string_view task_name, bool cut_at_digit) {
  std::string_view name = task_name;
  const std::size_t bar = name.rfind('_');
  if (bar != std::string_view::npos && bar > 0) {
    const std::string_view tail = name.substr(bar + 1);
    const bool is_number = !tail.empty() && std::all_of(tail.begin(), tail.end(), is_digit);
    if (is_number || tail.starts_with("ID")) {
      name = name.substr(0, bar);
    }
  }
  if (cut_at_digit) {
    const auto digit = std::find_if(name.begin(), name.end(), is_digit);
    if (digit != name.begin()) {
      name = name.substr(0, static_cast<std::size_t>(digit - name.begin()));
    }
  }
  return name;
}

std::string wf_task_kind(std::string_view task_name) {
  std::string kind;
  for (const char c : wf_stage_name(task_name)) {
    if (!is_digit(c)) {
      kind += c;
    } else if (kind.empty() || kind.back() != '#') {
      kind += '#';
    }
  }
  return kind;
}

}  // namespace headway
