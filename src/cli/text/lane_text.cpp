// See lane_text.hpp.
#include "cli/text/lane_text.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "change/change_facts.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/terminal/text_table.hpp"

#include <fmt/format.h>

namespace headway::cli {
namespace {

constexpr std::size_t kShortId = 10;

std::string since_text(const std::string& base, const std::string& source) {
  return base.empty() ? fmt::format("everything counts as changed: {}", source)
                      : fmt::format("since {}, {}", base.substr(0, kShortId), source);
}

std::string numbers_text(const Change& change) {
  if (!change.knows_files) {
    return fmt::format("what changed is not known: {}\n", printable(change.base_source));
  }
  std::vector<std::string> kinds;
  for (const FileRole kind : kFileRoles) {
    if (const long long files = change.count(kind); files > 0) {
      kinds.push_back(fmt::format("{} {}", files, to_string(kind)));
    }
  }
  const std::string lines =
      change.knows_lines
          ? fmt::format("+{} -{} lines", change.lines_added(), change.lines_deleted())
          : "lines not counted";
  return fmt::format("{}{}, {}\n{}\n",
                     count_of(static_cast<long long>(change.files.size()), "file"),
                     kinds.empty() ? "" : " (" + join(kinds, ", ") + ")",
                     lines,
                     printable(since_text(change.base, change.base_source)));
}

std::string files_text(const Change& change, const Paint& paint, int width) {
  TextTable table({">+", ">-", "KIND", "*FILE"});
  for (const ChangedFile& file : change.files) {
    const FileClass known = classify_file(file.path, file.executable);
    const std::string name =
        file.old_path.empty() ? file.path : fmt::format("{} -> {}", file.old_path, file.path);
    const std::string kind = file.submodule ? "submodule"
                             : known.language.empty()
                                 ? std::string(to_string(known.kind))
                                 : fmt::format("{} ({})", to_string(known.kind), known.language);
    table.add({{file.binary ? "bin" : std::to_string(file.lines_added), Tone::good},
               {file.binary ? "" : std::to_string(file.lines_deleted), Tone::bad},
               {kind, Tone::dim},
               {name}});
  }
  return table.empty() ? "" : "\n" + table.render(paint, width);
}

}  // namespace

std::string lane_reason(const ChangeFacts& facts) {
  if (facts.base_source.empty()) {
    return facts.why;
  }
  if (facts.files >= 0) {
    return fmt::format("{}; {}", facts.why, since_text(facts.base, facts.base_source));
  }
  const bool is_whole = facts.why == facts.base_source;  // (no rule was looked at)
  return fmt::format(
      "{}: {}", is_whole ? "what changed is not known" : facts.why, facts.base_source);
}

std::string lane_text(const LaneView& view, const Paint& paint, int width) {
  const LaneDecision& decision = view.decision;
  std::string text = fmt::format("lane {}: {} {}\n{}",
                                 paint(Tone::strong, printable(decision.lane)),
                                 printable(decision.why),
                                 paint(Tone::dim, "[" + printable(decision.rule) + "]"),
                                 numbers_text(view.change));
  TextTable table({"RULE", "LANE", "HOLDS", "*FACT"});
  for (const LaneRule& rule : decision.rules) {
    table.add({{rule.rule, rule.rule == decision.rule ? Tone::strong : Tone::normal},
               {rule.lane},
               {rule.holds ? "yes" : "no", rule.holds ? Tone::good : Tone::dim},
               {rule.fact, Tone::dim}});
  }
  if (!table.empty()) {
    text += "\n" + table.render(paint, width);
  }
  return view.is_verbose ? text + files_text(view.change, paint, width) : text;
}

std::string lane_document(const LaneView& view, const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  const ChangeFacts facts = change_facts(view.change, view.decision);
  const auto number = [&json](std::string_view name, std::int64_t value) {
    json.key(name);
    value < 0 ? json.null() : json.number(value);
  };
  json.begin_object().field("format", 1).field_token("lane", facts.lane);
  json.field_token("rule", facts.rule).field("why", facts.why).key("facts").begin_object();
  number("files", facts.files);
  number("lines_added", facts.lines_added);
  number("lines_deleted", facts.lines_deleted);
  json.key("by_kind").begin_object();
  for (const auto& [kind, files] : facts.by_kind) {
    json.field(kind, files);
  }
  json.end_object().key("base");
  facts.base.empty() ? json.null() : json.token(facts.base);
  json.field("base_source", facts.base_source);
  json.field("commits", static_cast<std::int64_t>(view.change.messages.size()));
  json.field("counts_everything", view.change.counts_everything).key("code").begin_object();
  for (const auto& [language, files] : code_in(view.change)) {
    json.field(language, files);
  }
  json.end_object().end_object().key("rules").begin_array();
  for (const LaneRule& rule : view.decision.rules) {
    json.begin_object().field_token("rule", rule.rule).field_token("lane", rule.lane);
    json.field("holds", rule.holds).field("fact", rule.fact).end_object();
  }
  json.end_array().key("warning");
  view.warning.empty() ? json.null() : json.string(view.warning);
  json.end_object();
  return text;
}

}  // namespace headway::cli
