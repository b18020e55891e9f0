// See checkpoint_text.hpp.
#include "cli/text/checkpoint_text.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/uuid.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/terminal/text_table.hpp"
#include "cli/text/run_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace headway::cli {
namespace {

void write_checkpoint(JsonWriter& json, const Checkpoint& checkpoint) {
  const auto text_or_null = [&json](std::string_view key, const std::string& text) {
    json.key(key);
    text.empty() ? json.null() : json.string(text);
  };
  json.begin_object().field_token("id", checkpoint.id);
  json.key("created_at").time(checkpoint.made_at);
  json.field_token("reason", to_string(checkpoint.reason)).field("label", checkpoint.label);
  json.key("paths").begin_array();
  for (const std::string& path : checkpoint.paths) {
    json.string(path);
  }
  json.end_array().field("files", checkpoint.files).field("folders", checkpoint.folders);
  json.field("links", checkpoint.links).field("bytes", checkpoint.bytes);
  json.field("skipped", checkpoint.skipped);
  text_or_null("run_id", checkpoint.run_id);
  text_or_null("stage", checkpoint.stage);
  text_or_null("restored", checkpoint.restored);
  json.end_object();
}

std::string document_of(const Checkpoint& checkpoint,
                        std::string_view key,
                        const std::function<void(JsonWriter&)>& rest) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).key(key);
  write_checkpoint(json, checkpoint);
  rest(json);
  json.end_object();
  return text;
}

std::string_view sign_of(RestoreChange::Kind kind) {
  switch (kind) {
    case RestoreChange::Kind::added:
      return "+";
    case RestoreChange::Kind::removed:
      return "-";
    case RestoreChange::Kind::replaced:
      return "~";
    case RestoreChange::Kind::mode:
      break;
  }
  return "m";
}

// "2 added, 1 removed; ", or nothing.
std::string changes_of(const RestorePlan& plan) {
  constexpr std::pair<RestoreChange::Kind, std::string_view> kWords[] = {
      {RestoreChange::Kind::added, "added"},
      {RestoreChange::Kind::replaced, "replaced"},
      {RestoreChange::Kind::removed, "removed"},
      {RestoreChange::Kind::mode, "with another mode"}};
  std::string out;
  for (const auto& [kind, word] : kWords) {
    const auto count = std::count_if(
        plan.changes.begin(), plan.changes.end(), [wanted = kind](const RestoreChange& each) {
          return each.kind == wanted;
        });
    if (count > 0) {
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, word);
    }
  }
  return out.empty() ? out : out + "; ";
}

}  // namespace

std::string purpose_of(const Checkpoint& checkpoint) {
  std::string out;
  if (checkpoint.reason == CheckpointReason::before_stage) {
    out = fmt::format("before stage '{}' of run {}", checkpoint.stage, short_id(checkpoint.run_id));
  } else if (checkpoint.reason == CheckpointReason::before_restore) {
    out = fmt::format("before {} was restored", short_id(checkpoint.restored));
  }
  return out.empty() ? checkpoint.label : out;
}

std::string amount_of(const Checkpoint& checkpoint) {
  std::string out = count_of(checkpoint.files, "file");
  if (checkpoint.links > 0) {
    out += ", " + count_of(checkpoint.links, "link");
  }
  if (checkpoint.folders > 0) {
    out += ", " + count_of(checkpoint.folders, "folder");
  }
  return out + ", " + format_size(checkpoint.bytes);
}

std::string checkpoints_text(const std::vector<Checkpoint>& all,
                             const Paint& paint,
                             int width,
                             bool verbose) {
  TextTable table({"CHECKPOINT", "MADE", ">FILES", ">SIZE", "PATHS", "*WHY"});
  for (const Checkpoint& each : all) {
    table.add({{verbose ? each.id : short_id(each.id), Tone::strong},
               {local_time(each.made_at)},
               {fmt::format("{}", each.files + each.links)},
               {format_size(each.bytes)},
               {join(each.paths, " ")},
               {purpose_of(each), Tone::dim}});
  }
  return table.render(paint, width);
}

std::string checkpoints_document(const std::vector<Checkpoint>& all) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).key("checkpoints").begin_array();
  for (const Checkpoint& each : all) {
    write_checkpoint(json, each);
  }
  json.end_array().end_object();
  return text;
}

std::string checkpoint_document(const Checkpoint& checkpoint) {
  return document_of(checkpoint, "checkpoint", [](JsonWriter&) {});
}

std::string entries_text(const Checkpoint& checkpoint,
                         const std::vector<SavedEntry>& entries,
                         const Paint& paint) {
  const std::string purpose = purpose_of(checkpoint);
  std::string out = fmt::format("checkpoint {}, made {}{}\n{}\n",
                                short_id(checkpoint.id),
                                local_time(checkpoint.made_at),
                                purpose.empty() ? "" : ": " + printable(purpose),
                                amount_of(checkpoint));
  TextTable table({"MODE", ">SIZE", "*PATH"});
  for (const SavedEntry& entry : entries) {
    const bool is_folder = entry.kind == SavedKind::folder;
    table.add({{entry.kind == SavedKind::link ? "link" : fmt::format("{:04o}", entry.mode)},
               {is_folder ? "" : format_size(entry.bytes)},
               {is_folder ? entry.path + "/" : entry.path}});
  }
  for (const std::string& path : checkpoint.paths) {
    const bool has_any = std::any_of(entries.begin(), entries.end(), [&](const SavedEntry& entry) {
      return is_at_or_below(entry.path, path);
    });
    if (!has_any) {
      table.add({{"-"}, {"-"}, {path + " (was not there)"}});
    }
  }
  return out + (table.empty() ? "" : table.render(paint));
}

std::string entries_document(const Checkpoint& checkpoint, const std::vector<SavedEntry>& entries) {
  return document_of(checkpoint, "checkpoint", [&entries](JsonWriter& json) {
    json.key("entries").begin_array();
    for (const SavedEntry& entry : entries) {
      json.begin_object().field("path", entry.path).field_token("kind", to_string(entry.kind));
      json.key("mode");
      entry.kind == SavedKind::link ? json.null() : json.token(fmt::format("{:04o}", entry.mode));
      json.key("bytes");
      entry.kind == SavedKind::folder ? json.null() : json.number(entry.bytes);
      json.end_object();
    }
    json.end_array();
  });
}

std::string restore_text(const Checkpoint& checkpoint, const RestoreReport& report, bool verbose) {
  const bool is_dry = report.before.id.empty();
  std::string out;
  for (const RestoreChange& change : report.plan.changes) {
    if (is_dry || verbose) {
      out += fmt::format("{} {}\n", sign_of(change.kind), printable(change.path));
    }
  }
  for (const std::string& left : report.plan.left) {
    out += fmt::format("{}/ stays: in it lies what no checkpoint touches\n", printable(left));
  }
  out += fmt::format("{} {}: {}{} as before\n",
                     is_dry ? "would restore" : "restored",
                     short_id(checkpoint.id),
                     changes_of(report.plan),
                     count_of(report.plan.same, "file"));
  if (!is_dry) {
    out += fmt::format("what was there before is checkpoint {}: `headway checkpoint restore {}`\n",
                       short_id(report.before.id),
                       short_id(report.before.id));
  }
  return out;
}

std::string restore_document(const Checkpoint& checkpoint, const RestoreReport& report) {
  return document_of(checkpoint, "checkpoint", [&report](JsonWriter& json) {
    const bool is_dry = report.before.id.empty();
    json.field("dry_run", is_dry).key("before");
    is_dry ? json.null() : json.token(report.before.id);
    json.key("changes").begin_array();
    for (const RestoreChange& change : report.plan.changes) {
      json.begin_object().field("path", change.path);
      json.field_token("change", to_string(change.kind)).end_object();
    }
    json.end_array().key("left").begin_array();
    for (const std::string& left : report.plan.left) {
      json.string(left);
    }
    json.end_array().field("same", report.plan.same);
  });
}

}  // namespace headway::cli
