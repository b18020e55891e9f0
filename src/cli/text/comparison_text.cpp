// See comparison_text.hpp.
#include "cli/text/comparison_text.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/uuid.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/terminal/text_table.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

namespace headway::cli {
namespace {

constexpr double kLeastTold = 0.0005;  // seconds; less is no difference

std::string duration(double seconds) {
  return format_duration(std::chrono::duration_cast<Nanos>(Seconds(seconds)));
}

std::string signed_duration(double seconds) {
  if (std::abs(seconds) < kLeastTold) {
    return "0 s";
  }
  return (seconds < 0 ? "-" : "+") + duration(std::abs(seconds));
}

std::string percent(double change) {
  return fmt::format("{:+.0f} %", change);
}

// What there is to say beside the numbers.
std::string remark(const ComparedStage& stage) {
  for (const std::size_t side : {0U, 1U}) {
    if (!stage.status[side]) {
      return side == 0 ? "only in the second" : "only in the first";
    }
  }
  std::string text;
  for (const std::size_t side : {0U, 1U}) {
    if (*stage.status[side] != StageStatus::completed) {
      text += fmt::format("{}{} in the {}",
                          text.empty() ? "" : ", ",
                          to_string(*stage.status[side]),
                          side == 0 ? "first" : "second");
    }
  }
  if (!text.empty()) {
    return text;
  }
  if (stage.is_usual) {
    return fmt::format("{} usual noise ({:.0f} %)",
                       *stage.is_usual ? "within its" : "beyond its",
                       100 * stage.noise.value_or(0));
  }
  return "";
}

std::string cell(const std::optional<double>& seconds) {
  return seconds ? duration(*seconds) : "-";
}

std::string stage_lines(const RunComparison& runs, const Paint& paint, int width) {
  TextTable table({"STAGE", ">FIRST", ">SECOND", ">CHANGE", "> ", "*"});
  for (const ComparedStage& stage : runs.stages) {
    const bool both = stage.seconds[0] && stage.seconds[1];
    const bool matters = both && !stage.is_usual.value_or(false);
    const Tone tone = !matters ? Tone::dim : (stage.longer() > 0 ? Tone::bad : Tone::good);
    table.add({{stage.key, Tone::strong},
               {cell(stage.seconds[0])},
               {cell(stage.seconds[1])},
               {both ? signed_duration(stage.longer()) : "", tone},
               {stage.change_percent ? percent(*stage.change_percent) : "", tone},
               {remark(stage), Tone::dim}});
  }
  return table.render(paint, width);
}

std::string chain_lines(const RunComparison& runs) {
  const auto names = [&runs](std::size_t side) {
    std::string text;
    for (const std::string& key : runs.chains[side]) {
      text += (text.empty() ? "" : " > ") + printable(key);
    }
    return text.empty() ? std::string("none") : text;
  };
  if (runs.chains[0] == runs.chains[1]) {
    return fmt::format("both took as long as: {}\n", names(0));
  }
  return fmt::format(
      "the first took as long as:  {}\nthe second took as long as: {}\n", names(0), names(1));
}

// The difference is that of the chains, and that of all that is in no stage of them.
std::string explanation(const RunComparison& runs) {
  const double stages = runs.chain_seconds[1] - runs.chain_seconds[0];
  const double other = runs.other_seconds[1] - runs.other_seconds[0];
  std::string text = fmt::format("of the difference: {} in these stages, {} between them\n",
                                 signed_duration(stages),
                                 signed_duration(other));
  for (const ComparedStage& stage : runs.stages) {
    const bool is_new = stage.in_chain[1] && !stage.in_chain[0];
    const bool is_gone = stage.in_chain[0] && !stage.in_chain[1];
    const double seconds = stage.seconds[is_gone ? 0 : 1].value_or(0);
    if (is_new || is_gone) {
      text += fmt::format("  {}: {}, {}\n",
                          printable(stage.key),
                          duration(seconds),
                          is_new ? "in the second alone" : "in the first alone");
    } else if (stage.in_chain[0] && std::abs(stage.longer()) >= kLeastTold) {
      text += fmt::format("  {}: {}\n", printable(stage.key), signed_duration(stage.longer()));
    }
  }
  return text;
}

void write_both(JsonWriter& json,
                std::string_view name,
                const OfBoth<std::optional<double>>& values) {
  json.key(name).begin_array();
  for (const auto& value : values) {
    value ? json.number(*value) : json.null();
  }
  json.end_array();
}

void write_both(JsonWriter& json, std::string_view name, const OfBoth<double>& values) {
  json.key(name).begin_array().number(values[0]).number(values[1]).end_array();
}

void write_stage(JsonWriter& json, const ComparedStage& stage) {
  json.begin_object().field_token("key", stage.key);
  write_both(json, "seconds", stage.seconds);
  json.key("change_percent");
  stage.change_percent ? json.number(*stage.change_percent) : json.null();
  write_both(json, "queue_seconds", stage.queue_seconds);
  json.key("status").begin_array();
  for (const auto& status : stage.status) {
    status ? json.token(to_string(*status)) : json.null();
  }
  json.end_array().key("in_chain").begin_array();
  json.boolean(stage.in_chain[0]).boolean(stage.in_chain[1]).end_array();
  json.key("usual_noise_percent");
  stage.noise ? json.number(100 * *stage.noise) : json.null();
  json.key("within_noise");
  stage.is_usual ? json.boolean(*stage.is_usual) : json.null();
  json.end_object();
}

}  // namespace

std::string change_text(double before_seconds, double after_seconds) {
  std::string text = fmt::format("{} -> {} ({}",
                                 duration(before_seconds),
                                 duration(after_seconds),
                                 signed_duration(after_seconds - before_seconds));
  if (before_seconds > 0) {
    text += ", " + percent(100 * (after_seconds / before_seconds - 1));
  }
  return text + ")";
}

std::string comparison_text(const RunComparison& runs, const Paint& paint, int width) {
  std::string text = fmt::format("run {} and run {}: {}\n",
                                 paint(Tone::strong, short_id(runs.run_ids[0])),
                                 paint(Tone::strong, short_id(runs.run_ids[1])),
                                 change_text(runs.elapsed_seconds[0], runs.elapsed_seconds[1]));
  for (const auto& [names, what] :
       {std::pair{&runs.workflows, "workflows"}, std::pair{&runs.lanes, "lanes"}}) {
    if ((*names)[0] != (*names)[1]) {
      text += fmt::format(
          "different {}: {} and {}\n", what, printable((*names)[0]), printable((*names)[1]));
    }
  }
  return text + "\n" + stage_lines(runs, paint, width) + "\n" + chain_lines(runs) +
         explanation(runs);
}

std::string comparison_document(const RunComparison& runs) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).key("runs").begin_array();
  json.token(runs.run_ids[0]).token(runs.run_ids[1]).end_array();
  json.key("workflows").begin_array().string(runs.workflows[0]).string(runs.workflows[1]);
  json.end_array().key("lanes").begin_array().string(runs.lanes[0]).string(runs.lanes[1]);
  json.end_array();
  write_both(json, "elapsed_seconds", runs.elapsed_seconds);
  write_both(json, "chain_seconds", runs.chain_seconds);
  json.key("chains").begin_array();
  for (const auto& chain : runs.chains) {
    json.begin_array();
    for (const std::string& key : chain) {
      json.token(key);
    }
    json.end_array();
  }
  json.end_array().key("stages").begin_array();
  for (const ComparedStage& stage : runs.stages) {
    write_stage(json, stage);
  }
  json.end_array().end_object();
  return text;
}

}  // namespace headway::cli
