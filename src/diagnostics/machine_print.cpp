// See machine_print.hpp. The file's format: docs/reference/files.md.
#include "diagnostics/machine_print.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "host/disk_space.hpp"
#include "host/mount_table.hpp"
#include "host/program_lookup.hpp"
#include "host/surroundings.hpp"
#include "host/system_limits.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>

namespace headway {
namespace {

constexpr std::size_t kMostValueBytes = 400;
constexpr std::int64_t kUnlimited = -1;

// They change from one terminal to the next and change nothing of a run.
constexpr std::array<std::string_view, 17> kPassing{"_",
                                                    "SHLVL",
                                                    "PWD",
                                                    "OLDPWD",
                                                    "SSH_CLIENT",
                                                    "SSH_TTY",
                                                    "WINDOWID",
                                                    "SSH_CONNECTION",
                                                    "TERM_SESSION_ID",
                                                    "XDG_SESSION_ID",
                                                    "STY",
                                                    "TMUX",
                                                    "TMUX_PANE",
                                                    "SSH_AUTH_SOCK",
                                                    "COLUMNS",
                                                    "LINES",
                                                    "DBUS_SESSION_BUS_ADDRESS"};
// Their values say which programs and settings a run meets, and are no secrets.
constexpr std::array<std::string_view, 15> kHarmless{"PATH",
                                                     "LANG",
                                                     "LC_ALL",
                                                     "LC_CTYPE",
                                                     "TZ",
                                                     "CC",
                                                     "CXX",
                                                     "JAVA_HOME",
                                                     "GOROOT",
                                                     "VIRTUAL_ENV",
                                                     "CONDA_PREFIX",
                                                     "NODE_ENV",
                                                     "RUSTUP_TOOLCHAIN",
                                                     "CI",
                                                     "TMPDIR"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string_view value_in(const std::vector<std::string>& environment, std::string_view name) {
  for (const std::string& entry : environment) {
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
      return std::string_view(entry).substr(name.size() + 1);
    }
  }
  return {};
}

PrintedTool printed(const ToolNeed& need, std::string_view path, const std::string& workspace) {
  PrintedTool tool{need.name, {}};
  const std::string& directory = need.directory.empty() ? workspace : need.directory;
  const auto found =
      find_program(need.name, {need.path.empty() ? path : std::string_view(need.path), directory});
  struct stat status {};
  if (found && ::stat(found->c_str(), &status) == 0) {
    tool.file = {*found,
                 status.st_size,
                 std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
  }
  return tool;
}

void print_environment(const std::vector<std::string>& environment, MachinePrint& print) {
  for (const std::string& entry : environment) {
    std::string name = entry.substr(0, entry.find('='));
    if (name.empty() || name.size() == entry.size() ||  // (some programs pass words without '=')
        has(kPassing, name) || name.starts_with("HEADWAY_")) {
      continue;
    }
    if (has(kHarmless, name)) {
      const std::string_view value = std::string_view(entry).substr(name.size() + 1);
      print.values.emplace_back(name, value.substr(0, kMostValueBytes));
    }
    print.names.push_back(std::move(name));
  }
  std::sort(print.names.begin(), print.names.end());
  std::sort(print.values.begin(), print.values.end());
}

void print_limits(MachinePrint& print) {
  const SystemLimits limits = read_system_limits();
  if (!limits.is_known) {
    return;
  }
  print.limits = {{"open_files", limits.open_files.value_or(kUnlimited)},
                  {"processes", limits.processes.value_or(kUnlimited)},
                  {"file_size_bytes", limits.file_size_bytes.value_or(kUnlimited)},
                  {"address_space_bytes", limits.address_space_bytes.value_or(kUnlimited)},
                  {"stack_bytes", limits.stack_bytes.value_or(kUnlimited)},
                  {"inotify_watches", limits.inotify_watches.value_or(kUnlimited)}};
}

void print_disks(const PrintRequest& request, MachinePrint& print) {
  constexpr std::int64_t kMaxBytes = std::int64_t{8} << 20;
  const auto mounts = read_mounts(read_file("/proc/self/mountinfo", kMaxBytes).value_or(""));
  for (const auto& [place, path] :
       {std::pair<const char*, const std::string&>("workspace", request.workspace),
        {"state", request.state.path}}) {
    const auto mount = mount_of(mounts, path);
    print.disks.push_back({place, mount ? mount->kind : "", disk_space(path).free_bytes});
  }
}

std::string encode(const MachinePrint& print, const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object()
      .field("format", 1)
      .field("headway", print.headway)
      .field("system", print.system)
      .field("kernel", print.kernel)
      .field("host", print.host)
      .field("cpus", print.cpus)
      .field("memory_bytes", print.memory_bytes)
      .field("commit", print.commit)
      .field("branch", print.branch);
  json.key("limits").begin_object();
  for (const auto& [name, value] : print.limits) {
    json.field(name, value);
  }
  json.end_object().key("disks").begin_array();
  for (const PrintedDisk& disk : print.disks) {
    json.begin_object()
        .field("place", disk.place)
        .field("kind", disk.kind)
        .field("free_bytes", disk.free_bytes)
        .end_object();
  }
  json.end_array().key("tools").begin_array();
  for (const PrintedTool& tool : print.tools) {
    json.begin_object()
        .field("name", tool.name)
        .field("path", tool.file.path)
        .field("size", tool.file.size)
        .field("modified_ns", tool.file.modified_ns)
        .end_object();
  }
  json.end_array().key("environment").begin_array();
  for (const std::string& name : print.names) {
    json.string(name);
  }
  json.end_array().field("environment_is_cut", print.is_cut).key("values").begin_object();
  for (const auto& [name, value] : print.values) {
    json.field(name, value);
  }
  json.end_object().end_object();
  return text + "\n";
}

}  // namespace

MachinePrint take_machine_print(const PrintRequest& request) {
  MachinePrint print;
  print.headway = HEADWAY_VERSION;
  print.system = system_name();
  print.kernel = request.machine.kernel;
  print.host = request.machine.hostname;
  print.cpus = request.machine.cpus;
  print.memory_bytes = request.machine.memory_bytes;
  print.commit = request.repository.commit;
  print.branch = request.repository.branch;
  const std::string_view path = value_in(request.environment, "PATH");
  for (const ToolNeed& need : request.tools) {
    print.tools.push_back(printed(need, path, request.workspace));
  }
  print_limits(print);
  print_disks(request, print);
  print_environment(request.environment, print);
  return print;
}

std::string encode_print(MachinePrint print, const SecretSet& secrets) {
  std::string text = encode(print, secrets);
  while (text.size() > kMostPrintBytes && !print.names.empty()) {
    print.names.resize(print.names.size() * 3 / 4);
    print.is_cut = true;
    text = encode(print, secrets);
  }
  while (text.size() > kMostPrintBytes && !print.tools.empty()) {
    print.tools.resize(print.tools.size() * 3 / 4);
    text = encode(print, secrets);
  }
  return text;
}

std::optional<MachinePrint> decode_print(std::string_view text) {
  const auto json = Json::parse(text);
  if (!json || !json->is_object()) {
    return std::nullopt;
  }
  const Json& root = *json;
  MachinePrint print;
  print.headway = root["headway"].as_string();
  print.system = root["system"].as_string();
  print.kernel = root["kernel"].as_string();
  print.host = root["host"].as_string();
  print.cpus = root["cpus"].as_number();
  print.memory_bytes = root["memory_bytes"].as_integer();
  print.commit = root["commit"].as_string();
  print.branch = root["branch"].as_string();
  for (const auto& [name, value] : root["limits"].members()) {
    print.limits.emplace_back(name, value.as_integer());
  }
  for (const Json& disk : root["disks"].items()) {
    print.disks.push_back(
        {disk["place"].as_string(), disk["kind"].as_string(), disk["free_bytes"].as_integer(-1)});
  }
  for (const Json& tool : root["tools"].items()) {
    print.tools.push_back(
        {tool["name"].as_string(),
         {tool["path"].as_string(), tool["size"].as_integer(), tool["modified_ns"].as_integer()}});
  }
  for (const Json& name : root["environment"].items()) {
    print.names.push_back(name.as_string());
  }
  print.is_cut = root["environment_is_cut"].as_bool();
  for (const auto& [name, value] : root["values"].members()) {
    print.values.emplace_back(name, value.as_string());
  }
  return print;
}

MachinePrint print_of(const RunStarted& start) {
  MachinePrint print;
  print.headway = start.version;
  print.kernel = start.machine.kernel;
  print.host = start.machine.hostname;
  print.cpus = start.machine.cpus;
  print.memory_bytes = start.machine.memory_bytes;
  print.commit = start.repository.commit;
  print.branch = start.repository.branch;
  return print;
}

}  // namespace headway
