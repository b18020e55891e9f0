// One stage of the file: see the header.
#include "model/stage_reader.hpp"

#include "model/command_reader.hpp"
#include "model/files_reader.hpp"
#include "model/retry_reader.hpp"
#include "model/when_reader.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace headway {
namespace {

// More CPUs than any machine has: catches `cpus: 1e9`.
constexpr double kMaxCpus = 65536;
constexpr double kMinCpus = 0.001;

void read_locks(ValueReader& reader, const FileField& field, std::vector<std::string>& out) {
  std::vector<std::string> locks;
  if (!reader.read_names(field, "name of a lock", locks)) {
    return;
  }
  for (const std::string& lock : locks) {
    if (lock.size() > kMaxNameBytes) {
      reader.problems().add(field.value.at(),
                            fmt::format("{} has a name of more than {} bytes: '{}'",
                                        describe(field),
                                        kMaxNameBytes,
                                        shown(lock)));
      return;
    }
  }
  out = std::move(locks);
}

void read_resources(ValueReader& reader, const FileField& field, StageResources& out) {
  if (!reader.accept_mapping(field, "a mapping of cpus, memory and locks")) {
    return;
  }
  const Owner owner{field.owner.kind, field.owner.key, field.key};
  for (const auto& [key, value] : field.value.entries()) {
    if (!reader.accept_key(KeyScope::resources, owner, key)) {
      continue;
    }
    const FileField part{owner, key.text, value};
    if (key.text == "cpus") {
      reader.read_number(part, {kMinCpus, kMaxCpus}, out.cpus);
    } else if (key.text == "memory") {
      reader.read_size(part, out.memory_bytes);
    } else {
      read_locks(reader, part, out.locks);
    }
  }
}

void read_timeout(ValueReader& reader, const FileField& field, std::optional<Nanos>& out) {
  Nanos timeout{};
  if (reader.read_duration(field, ZeroDuration::refused, timeout)) {
    out = timeout;
  }
}

void read_jobserver(ValueReader& reader, const FileField& field, StageJobServer& out) {
  constexpr std::pair<std::string_view, StageJobServer> kNames[] = {
      {"pipe", StageJobServer::pipe}, {"fifo", StageJobServer::fifo}, {"off", StageJobServer::off}};
  std::string text;
  if (!reader.read_text(field, text)) {
    return;
  }
  for (const auto& [name, value] : kNames) {
    if (text == name) {
      out = value;
      return;
    }
  }
  reader.refuse(field, "pipe, fifo or off");
}

void read_side_effects(ValueReader& reader, const FileField& field, bool& once) {
  std::string text;
  if (!reader.read_text(field, text)) {
    return;
  }
  if (text == "once") {
    once = true;
  } else {
    reader.refuse(field, "once");
  }
}

// How each key of a stage is read; `needs` and `run` are not simple fields.
using StageField = void (*)(ValueReader&, const FileField&, Stage&);
constexpr std::pair<std::string_view, StageField> kStageFields[] = {
    {"run", [](ValueReader& r, const FileField& f, Stage& s) { read_command(r, f, s.run); }},
    {"name", [](ValueReader& r, const FileField& f, Stage& s) { r.read_name(f, s.name); }},
    {"description",
     [](ValueReader& r, const FileField& f, Stage& s) { r.read_text(f, s.description); }},
    {"dir", [](ValueReader& r, const FileField& f, Stage& s) { r.read_name(f, s.dir); }},
    {"env", [](ValueReader& r, const FileField& f, Stage& s) { r.read_environment(f, s.env); }},
    {"timeout",
     [](ValueReader& r, const FileField& f, Stage& s) { read_timeout(r, f, s.timeout); }},
    {"grace",
     [](ValueReader& r, const FileField& f, Stage& s) {
       r.read_duration(f, ZeroDuration::allowed, s.grace);
     }},
    {"retries",
     [](ValueReader& r, const FileField& f, Stage& s) { read_retries(r, f, s.retries); }},
    {"resources",
     [](ValueReader& r, const FileField& f, Stage& s) { read_resources(r, f, s.resources); }},
    {"allow_failure",
     [](ValueReader& r, const FileField& f, Stage& s) { r.read_boolean(f, s.allow_failure); }},
    {"always", [](ValueReader& r, const FileField& f, Stage& s) { r.read_boolean(f, s.always); }},
    {"inputs", [](ValueReader& r, const FileField& f, Stage& s) { read_inputs(r, f, s.files); }},
    {"outputs", [](ValueReader& r, const FileField& f, Stage& s) { read_outputs(r, f, s.files); }},
    {"side_effects",
     [](ValueReader& r, const FileField& f, Stage& s) { read_side_effects(r, f, s.once); }},
    {"when", [](ValueReader& r, const FileField& f, Stage& s) { read_when(r, f, s.when); }},
    {"interactive",
     [](ValueReader& r, const FileField& f, Stage& s) { r.read_boolean(f, s.interactive); }},
    {"keep_background",
     [](ValueReader& r, const FileField& f, Stage& s) { r.read_boolean(f, s.keep_background); }},
    {"checkpoint",
     [](ValueReader& r, const FileField& f, Stage& s) { read_checkpoint(r, f, s.checkpoint); }},
    {"jobserver",
     [](ValueReader& r, const FileField& f, Stage& s) { read_jobserver(r, f, s.jobserver); }},
};

void check_needs_are_a_list(ValueReader& reader, const FileField& field, StageDraft& draft) {
  if (field.value.is_sequence()) {
    draft.needs = &field.value;
  } else if (field.value.is_null()) {
    reader.problems().add(field.value.at(), fmt::format("{} has no value", describe(field)));
  } else {
    reader.refuse(field, "a list of stages such as [setup]");
  }
}

void read_stage_field(ValueReader& reader, const FileField& field, Stage& stage) {
  for (const auto& [name, read] : kStageFields) {
    if (name == field.key) {
      read(reader, field, stage);
      return;
    }
  }
}

}  // namespace

StageDefaults read_defaults(ValueReader& reader, const YamlNode& value) {
  StageDefaults defaults;
  const Owner owner{"defaults"};
  if (!reader.accept_mapping({{}, "defaults", value}, "a mapping of timeout, grace and retries")) {
    return defaults;
  }
  for (const auto& [key, node] : value.entries()) {
    if (!reader.accept_key(KeyScope::defaults, owner, key)) {
      continue;
    }
    const FileField field{owner, key.text, node};
    if (key.text == "timeout") {
      read_timeout(reader, field, defaults.timeout);
    } else if (key.text == "grace") {
      reader.read_duration(field, ZeroDuration::allowed, defaults.grace);
    } else {
      read_retries(reader, field, defaults.retries);
    }
  }
  return defaults;
}

Stage read_stage(ValueReader& reader,
                 const YamlEntry& entry,
                 const StageDefaults& defaults,
                 StageDraft& draft) {
  Stage stage;
  draft.key = &entry.key;
  stage.key = stage.name = std::string(entry.key.text);
  stage.at = entry.key.at();
  stage.timeout = defaults.timeout;
  stage.grace = defaults.grace;
  stage.retries = defaults.retries;
  const Owner owner{"stage", entry.key.text};
  if (!entry.value.is_mapping()) {
    const std::string found = entry.value.is_null() ? "is empty" : "must be a mapping";
    reader.problems().add(entry.value.at(),
                          fmt::format("{} {}: give it at least a 'run'", describe(owner), found));
    return stage;
  }
  bool has_run = false;
  for (const auto& [key, value] : entry.value.entries()) {
    if (!reader.accept_key(KeyScope::stage, owner, key)) {
      continue;
    }
    has_run = has_run || key.text == "run";
    draft.when = key.text == "when" ? &value : draft.when;
    const FileField field{owner, key.text, value};
    if (key.text == "needs") {
      check_needs_are_a_list(reader, field, draft);
    } else if (key.text == "gates") {
      draft.gates = &value;
    } else if (key.text == "matrix") {
      draft.matrix = read_matrix(reader, field);
    } else {
      read_stage_field(reader, field, stage);
    }
  }
  check_files(reader, entry, stage);
  if (!has_run) {
    reader.problems().add(entry.key.at(), fmt::format("{} has no 'run'", describe(owner)));
  }
  return stage;
}

}  // namespace headway
