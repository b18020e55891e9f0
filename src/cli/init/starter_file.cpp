// Writes the starter file; see starter_file.hpp. Knows no kind of project.
#include "cli/init/starter_file.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/terminal/text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace headway::cli {
namespace {

constexpr const char* kHead =
    "# What 'headway run' does here. 'headway plan' shows the order and why, 'headway validate' "
    "all "
    "mistakes.\n";

constexpr const char* kExample = R"(stages:
  hello:
    run: echo "hello from $HEADWAY_STAGE"
  # build:
  #   run: make                       # a string is what `sh -e -c` would do
  # test:
  #   needs: [build]                  # starts when build has succeeded
  #   run: [ctest, --test-dir, build] # a list runs without a shell
  #   timeout: 10m
  #   retries: 1
  # lint:                             # needs nothing: runs beside build
  #   run: ./scripts/lint.sh
  #   inputs: ["src/**"]              # not started again while these are unchanged
  # tidy:
  #   run: rm -rf build/tmp
  #   always: true                    # also after a failure

# lanes:                              # headway run --lane quick
#   quick: {stages: [build, lint], sla: 1m}
#   standard: {default: true}
)";

bool is_plain_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '/';
}

// Words that the core schema, or an older reader, takes for something else.
bool is_taken(std::string_view text) {
  static const std::set<std::string, std::less<>> kTaken{
      "true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
  });
  return kTaken.contains(lower) || lower == ".inf" || lower == ".nan";
}

bool is_plain(std::string_view text) {
  static constexpr std::string_view kSafe = " _./=+@%^~:-";
  if (text.empty() || !is_plain_start(text.front()) || text.back() == ' ' || text.back() == ':' ||
      is_taken(text) || text.find(": ") != std::string_view::npos || text.starts_with("...")) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_plain_start(c) || (c >= '0' && c <= '9') || kSafe.find(c) != std::string_view::npos;
  });
}

std::string flow_list(const std::vector<std::string>& texts) {
  std::vector<std::string> scalars;
  for (const std::string& text : texts) {
    scalars.push_back(yaml_scalar(text));
  }
  return "[" + join(scalars, ", ") + "]";
}

// [A-Za-z_][A-Za-z0-9_.-]*
std::string as_id(std::string_view text) {
  std::string id;
  for (const char c : text) {
    const bool is_fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    id += is_fine ? c : '_';
  }
  const bool starts_well = !id.empty() && (id.front() == '_' || is_plain_start(id.front())) &&
                           id.front() != '.' && id.front() != '/';
  return starts_well ? id : "_" + id;
}

// What stands before the ids of each part.
std::vector<std::string> prefixes(const std::vector<StarterPart>& parts) {
  const auto busy = std::count_if(
      parts.begin(), parts.end(), [](const StarterPart& part) { return !part.stages.empty(); });
  std::vector<std::string> all;
  std::set<std::string> used;
  for (const StarterPart& part : parts) {
    if (busy < 2) {
      all.emplace_back();
      continue;
    }
    std::string prefix = part.folder.empty() ? part.word : as_id(part.folder);
    if (used.contains(prefix)) {
      prefix += "_" + part.word;
    }
    for (int number = 2; !used.insert(prefix).second; ++number) {
      prefix = fmt::format("{}_{}", part.word, number);
    }
    all.push_back(prefix + "_");
  }
  return all;
}

std::string run_lines(const std::string& run) {
  if (run.find('\n') == std::string::npos) {
    return fmt::format("    run: {}\n", yaml_scalar(run));
  }
  std::string out = "    run: |\n";
  for (const std::string_view line : split(run, '\n')) {
    out += fmt::format("      {}\n", line);
  }
  return out;
}

std::string in_folder(const std::string& folder, const std::string& glob) {
  return folder.empty() ? glob : folder + "/" + glob;
}

std::vector<std::string> in_folder(const std::string& folder, std::vector<std::string> globs) {
  for (std::string& glob : globs) {
    glob = in_folder(folder, glob);
  }
  return globs;
}

std::string stage_lines(const StarterStage& stage,
                        const StarterPart& part,
                        const std::string& prefix) {
  std::string out = fmt::format("  {}{}:\n", prefix, stage.id);
  if (!stage.needs.empty()) {
    std::vector<std::string> needs;
    for (const std::string& need : stage.needs) {
      needs.push_back(prefix + need);
    }
    out += fmt::format("    needs: {}\n", flow_list(needs));
  }
  if (!part.folder.empty()) {
    out += fmt::format("    dir: {}\n", yaml_scalar(part.folder));
  }
  out += run_lines(stage.run);
  for (const auto& [name, value] : stage.env) {
    out += fmt::format("    env: {{{}: {}}}\n", name, yaml_scalar(value));
  }
  if (!stage.inputs.empty()) {
    out += fmt::format("    inputs: {}\n", flow_list(in_folder(part.folder, stage.inputs)));
  }
  if (!stage.outputs.empty()) {
    out += fmt::format("    outputs: {}\n", flow_list(in_folder(part.folder, stage.outputs)));
  }
  if (!stage.lock.empty()) {
    out += fmt::format("    resources: {{locks: [{}]}}\n", yaml_scalar(stage.lock));
  }
  return out;
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  if (is_plain(text)) {
    return std::string(text);
  }
  std::string out;
  JsonWriter(out).string(text);
  return out;
}

std::string starter_file(std::string_view name, const std::vector<StarterPart>& parts) {
  std::string out = kHead;
  out += fmt::format("version: 1\nname: {}\n\n", yaml_scalar(name));
  const bool is_empty = std::all_of(
      parts.begin(), parts.end(), [](const StarterPart& part) { return part.stages.empty(); });
  const std::vector<std::string> before = prefixes(parts);
  out += is_empty ? "" : "stages:\n";
  for (std::size_t at = 0; at < parts.size(); ++at) {
    const StarterPart& part = parts[at];
    out += at > 0 ? "\n" : "";
    out += fmt::format("{}# {} ({})\n",
                       is_empty ? "" : "  ",
                       part.kind,
                       printable(in_folder(part.folder, part.evidence)));
    for (const std::string& note : part.notes) {
      out += fmt::format("{}# {}\n", is_empty ? "" : "  ", printable(note));
    }
    for (const StarterStage& stage : part.stages) {
      out += stage_lines(stage, part, before[at]);
    }
  }
  return is_empty ? out + (parts.empty() ? "" : "\n") + kExample : out;
}

}  // namespace headway::cli
