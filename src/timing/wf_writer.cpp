// The document, part by part, in the order of the schema. What is not known is left out: the schema
// asks for little.
#include "timing/wf_writer.hpp"

#include "base/json_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace headway {
namespace {

constexpr const char* kSchemaVersion = "1.5";
constexpr const char* kSystemName = "Headway";

void write_ids(JsonWriter& json,
               std::string_view name,
               const std::vector<int>& tasks,
               const WfTrace& trace) {
  json.key(name).begin_array();
  for (const int task : tasks) {
    json.token(trace.tasks[static_cast<std::size_t>(task)].id);
  }
  json.end_array();
}

void write_specification(JsonWriter& json, const WfTrace& trace) {
  std::vector<std::vector<int>> children(trace.tasks.size());
  for (std::size_t task = 0; task < trace.tasks.size(); ++task) {
    for (const int parent : trace.tasks[task].needs) {
      children[static_cast<std::size_t>(parent)].push_back(static_cast<int>(task));
    }
  }
  json.key("specification").begin_object().key("tasks").begin_array();
  for (std::size_t task = 0; task < trace.tasks.size(); ++task) {
    const WfTask& each = trace.tasks[task];
    json.begin_object().field("name", each.name.empty() ? each.id : each.name);
    json.field_token("id", each.id);
    write_ids(json, "parents", each.needs, trace);
    write_ids(json, "children", children[task], trace);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_measures(JsonWriter& json, const WfTask& task, const WfAbout& about) {
  json.begin_object().field_token("id", task.id);
  json.field("runtimeInSeconds", task.runtime.count());
  // (the schema knows no fraction of a core below one)
  json.field("coreCount", std::max(1.0, task.cores));
  if (task.cpu_percent > 0) {
    json.field("avgCPU", task.cpu_percent);
  }
  if (task.memory_bytes > 0) {
    json.field("memoryInBytes", task.memory_bytes);
  }
  if (!about.host.empty()) {
    json.key("machines").begin_array().string(about.host).end_array();
  }
  json.end_object();
}

void write_machine(JsonWriter& json, const WfAbout& about) {
  json.key("machines").begin_array().begin_object();
  json.field("nodeName", about.host).field_token("system", "linux");
  if (!about.kernel.empty()) {
    json.field("release", about.kernel);
  }
  if (about.host_memory_bytes > 0) {
    json.field("memoryInBytes", about.host_memory_bytes);
  }
  if (about.host_cores > 0) {
    json.key("cpu").begin_object().field("coreCount", about.host_cores).end_object();
  }
  json.end_object().end_array();
}

void write_execution(JsonWriter& json, const WfTrace& trace, const WfAbout& about) {
  json.key("execution").begin_object();
  json.field("makespanInSeconds", trace.makespan.count());
  json.key("executedAt").time(about.executed_at);
  json.key("tasks").begin_array();
  for (const WfTask& task : trace.tasks) {
    write_measures(json, task, about);
  }
  json.end_array();
  if (!about.host.empty()) {
    write_machine(json, about);
  }
  json.end_object();
}

bool is_allowed_in_id(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.';
}

}  // namespace

std::string write_wf_trace(const WfTrace& trace, const WfAbout& about) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("name", trace.name.empty() ? "workflow" : trace.name);
  if (!about.description.empty()) {
    json.field("description", about.description);
  }
  json.key("createdAt").time(about.executed_at);
  json.field_token("schemaVersion", kSchemaVersion);
  if (!about.system_version.empty()) {
    json.key("runtimeSystem").begin_object().field_token("name", kSystemName);
    json.field("version", about.system_version).end_object();
  }
  json.key("workflow").begin_object();
  write_specification(json, trace);
  write_execution(json, trace, about);
  json.end_object().end_object();
  return text;
}

std::string wf_id(std::string_view text) {
  std::string id(text);
  std::replace_if(
      id.begin(), id.end(), [](char c) { return !is_allowed_in_id(c); }, '_');
  return id.empty() ? "_" : id;
}

}  // namespace headway
