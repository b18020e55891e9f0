// `gates`: see the header.
#include "model/gate_reader.hpp"

#include "base/capture_pattern.hpp"
#include "base/path_patterns.hpp"
#include "base/text.hpp"
#include "model/command_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway {
namespace {

bool has_own_metrics(ReportFormat format) {
  return format == ReportFormat::json || format == ReportFormat::regex;
}

// What was read of one gate, and where its parts stand.
struct GateDraft {
  Gate gate;
  const YamlNode* format = nullptr;
  const YamlNode* metrics = nullptr;
  bool has_report = false;
  bool format_is_known = true;
};

// False where there is no such format.
bool read_format(ValueReader& reader, const FileField& field, Gate& gate) {
  std::string name;
  if (!reader.read_text(field, name)) {
    return false;
  }
  if (const auto format = report_format_named(name)) {
    gate.format = *format;
    return true;
  }
  reader.problems().add(
      field.value.at(),
      fmt::format("{} is unknown: '{}' (one of exit, junit, cobertura, lcov, coverage-json, sarif, "
                  "json, regex)",
                  describe(field),
                  shown(name)),
      reader.problems().suggest(name, report_format_names()));
  return false;
}

void read_report(ValueReader& reader, const FileField& field, Gate& gate) {
  std::string report;
  if (!reader.read_name(field, report)) {
    return;
  }
  if (const auto patterns = PathPatterns::parse({report}); !patterns || report.front() == '!') {
    reader.problems().add(
        field.value.at(),
        fmt::format(
            "{}: {}", describe(field), patterns ? "it only leaves out" : patterns.error().message));
    return;
  }
  gate.report = std::move(report);
}

// Why `where` cannot be read in that format, or empty.
std::string trouble_with(ReportFormat format, const std::string& where) {
  if (format == ReportFormat::json) {
    return where.empty() || where.starts_with('/')
               ? std::string()
               : fmt::format("'{}' is no JSON pointer: it starts with '/'", shown(where));
  }
  const auto pattern = CapturePattern::parse(where);
  return pattern ? std::string()
                 : fmt::format("pattern '{}': {}", shown(where), pattern.error().message);
}

void read_metrics(ValueReader& reader, const Owner& owner, GateDraft& draft) {
  const FileField field{owner, "metrics", *draft.metrics};
  if (!reader.accept_mapping(field, "a mapping of names to where each number stands")) {
    return;
  }
  const Owner inside{owner.kind, owner.key, "metrics"};
  for (const auto& [key, value] : draft.metrics->entries()) {
    if (is_refused_key(key)) {
      continue;
    }
    const FileField metric{inside, key.text, value};
    std::string where;
    if (!is_identifier(key.text)) {
      reader.problems().add(
          key.at(), fmt::format("'{}' is no name for a metric: {}", shown(key.text), kNameRule));
    } else if (draft.gate.metrics.size() == kMaxGateMetrics) {
      reader.problems().add(key.at(), fmt::format("more than {} metrics", kMaxGateMetrics));
      return;
    } else if (reader.read_text(metric, where)) {
      if (const std::string trouble = trouble_with(draft.gate.format, where); !trouble.empty()) {
        reader.problems().add(value.at(), fmt::format("{}: {}", describe(metric), trouble));
      }
      draft.gate.metrics.push_back({std::string(key.text), std::move(where)});
    }
  }
}

// What the parts must be to each other.
void check_parts(ValueReader& reader, const Owner& owner, const Position& at, GateDraft& draft) {
  const Gate& gate = draft.gate;
  const auto add = [&](Position where, std::string_view words) {
    reader.problems().add(where, fmt::format("{} {}", describe(owner), words));
  };
  if (!gate.run && !draft.has_report) {
    add(at, "has neither a 'report' nor a 'run'");
  } else if (!draft.format_is_known) {
    return;  // told already, and what the rest means depends on it
  } else if (draft.format == nullptr && draft.has_report) {
    add(at, "has no 'format': say what its report is, such as junit or lcov");
  } else if (draft.format != nullptr && gate.format == ReportFormat::exit) {
    if (draft.has_report) {
      add(draft.format->at(), "has format exit, which reads no 'report'");
    } else if (!gate.run) {
      add(draft.format->at(), "has format exit and no 'run'");
    }
  }
  const bool wants_metrics = has_own_metrics(gate.format);
  if (draft.metrics != nullptr && !wants_metrics) {
    add(draft.metrics->at(),
        fmt::format("has 'metrics', which are for json and regex: those of {} are known",
                    to_string(gate.format)));
  } else if (draft.metrics == nullptr && wants_metrics) {
    add(draft.format->at(),
        fmt::format("has no 'metrics': say where in the {} each number stands",
                    gate.format == ReportFormat::json ? "JSON" : "text"));
  } else if (wants_metrics && draft.metrics->is_mapping() && draft.metrics->entries().empty()) {
    add(draft.metrics->at(), "has empty 'metrics'");
  }
}

void read_parts(ValueReader& reader, const Owner& owner, const YamlNode& value, GateDraft& draft) {
  for (const auto& [key, part] : value.entries()) {
    if (!reader.accept_key(KeyScope::gate, owner, key)) {
      continue;
    }
    const FileField field{owner, key.text, part};
    if (key.text == "format") {
      draft.format = &part;
      draft.format_is_known = read_format(reader, field, draft.gate);
    } else if (key.text == "report") {
      draft.has_report = true;
      read_report(reader, field, draft.gate);
    } else if (key.text == "metrics") {
      draft.metrics = &part;
    } else {
      draft.gate.run.emplace();
      read_command(reader, field, *draft.gate.run);
    }
  }
}

Gate read_gate(ValueReader& reader, const YamlEntry& entry) {
  GateDraft draft;
  draft.gate.key = std::string(entry.key.text);
  draft.gate.at = entry.key.at();
  const Owner owner{"gate", entry.key.text};
  if (!entry.value.is_mapping()) {
    reader.problems().add(
        entry.value.at(),
        fmt::format("{} must be a mapping with a 'report' or a 'run'", describe(owner)));
    return std::move(draft.gate);
  }
  read_parts(reader, owner, entry.value, draft);
  if (draft.metrics != nullptr && has_own_metrics(draft.gate.format)) {
    read_metrics(reader, owner, draft);
  }
  check_parts(reader, owner, entry.key.at(), draft);
  return std::move(draft.gate);
}

bool accept_gate_key(ValueReader& reader, const YamlNode& key) {
  if (is_refused_key(key)) {
    return false;
  }
  if (!is_identifier(key.text)) {
    reader.problems().add(
        key.at(), fmt::format("'{}' is no name for a gate: {}", shown(key.text), kNameRule));
    return false;
  }
  return true;
}

void read_gate_name(ValueReader& reader,
                    const std::vector<Gate>& gates,
                    const YamlNode& item,
                    Stage& stage) {
  const auto found = std::find_if(
      gates.begin(), gates.end(), [&](const Gate& gate) { return gate.key == item.text; });
  if (found == gates.end()) {
    reader.problems().add(
        item.at(),
        fmt::format("stage '{}' has unknown gate '{}'", stage.key_in_file(), shown(item.text)),
        reader.problems().suggest(item.text, gate_names(gates)));
    return;
  }
  const int index = static_cast<int>(found - gates.begin());
  if (std::find(stage.gates.begin(), stage.gates.end(), index) != stage.gates.end()) {
    reader.problems().add(
        item.at(),
        fmt::format("stage '{}' has gate '{}' twice", stage.key_in_file(), shown(item.text)));
    return;
  }
  stage.gates.push_back(index);
}

}  // namespace

std::vector<Gate> read_gates(ValueReader& reader, const YamlNode& value) {
  std::vector<Gate> gates;
  if (!reader.accept_mapping({{}, "gates", value}, "a mapping of gates")) {
    return gates;
  }
  for (const auto& entry : value.entries()) {
    if (!accept_gate_key(reader, entry.key)) {
      continue;
    }
    if (gates.size() == kMaxGates) {
      reader.problems().add(entry.key.at(), fmt::format("more than {} gates", kMaxGates));
      break;
    }
    gates.push_back(read_gate(reader, entry));
  }
  return gates;
}

void read_stage_gates(ValueReader& reader,
                      const std::vector<Gate>& gates,
                      const std::vector<StageDraft>& drafts,
                      std::vector<Stage>& stages) {
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const YamlNode* list = drafts[i].gates;
    if (list == nullptr) {
      continue;
    }
    const FileField field{{"stage", stages[i].key_in_file()}, "gates", *list};
    if (list->is_null()) {
      reader.problems().add(list->at(), fmt::format("{} has no value", describe(field)));
    } else if (!list->is_sequence()) {
      reader.refuse(field, "a list of gates such as [tests]");
    } else {
      for (const YamlNode& item : list->items()) {
        if (!item.is_scalar() || item.is_null()) {
          reader.refuse({field.owner, field.key, item}, "a list of gates such as [tests]");
        } else {
          read_gate_name(reader, gates, item, stages[i]);
        }
      }
    }
  }
}

std::vector<std::string_view> gate_names(const std::vector<Gate>& gates) {
  std::vector<std::string_view> names;
  for (const Gate& gate : gates) {
    names.push_back(gate.key);
  }
  return names;
}

}  // namespace headway
