// See stage_cause.hpp.
#include "model/stage_cause.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace headway {
namespace {

constexpr std::array<std::string_view, 13> kKinds{"none",
                                                  "up_to_date",
                                                  "forced",
                                                  "inputs_unreadable",
                                                  "no_inputs",
                                                  "first_run",
                                                  "definition_changed",
                                                  "environment_changed",
                                                  "inputs_changed",
                                                  "outputs_changed",
                                                  "not_finished",
                                                  "commit_changed",
                                                  "need_ran"};
constexpr std::array<std::string_view, 4> kThings{"definition", "environment", "input", "output"};
constexpr std::array<std::string_view, 5> kChanges{
    "content", "added", "removed", "executable", "kind"};

std::string_view what_happened(const StageChange& change) {
  switch (change.kind) {
    case ChangeKind::content:
      return change.thing == ChangedThing::output ? "was changed by others" : "changed";
    case ChangeKind::added:
      return "is new";
    case ChangeKind::removed:
      return change.thing == ChangedThing::output ? "is missing" : "is gone";
    case ChangeKind::executable:
      return "may or may not be executed now";
    case ChangeKind::kind:
      return "became something else";
  }
  return "changed";
}

std::string changes_text(const StageCause& cause) {
  std::string text;
  for (const StageChange& change : cause.changes) {
    const std::string_view thing = change.thing == ChangedThing::environment ? "variable"
                                   : change.thing == ChangedThing::definition
                                       ? "its"
                                       : to_string(change.thing);
    text += fmt::format(
        "{}{} {} {}", text.empty() ? "" : ", ", thing, change.name, what_happened(change));
  }
  const int more = cause.count - static_cast<int>(cause.changes.size());
  return more > 0 ? fmt::format("{} and {} more", text, more) : text;
}

}  // namespace

std::string_view to_string(CauseKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

CauseKind cause_kind_named(std::string_view name) noexcept {
  for (std::size_t at = 0; at < kKinds.size(); ++at) {
    if (kKinds[at] == name) {
      return static_cast<CauseKind>(at);
    }
  }
  return CauseKind::none;
}

std::string_view to_string(ChangedThing thing) noexcept {
  return kThings[static_cast<std::size_t>(thing)];
}

std::string_view to_string(ChangeKind kind) noexcept {
  return kChanges[static_cast<std::size_t>(kind)];
}

void StageCause::add(StageChange change) {
  if (changes.size() < kMaxNamed) {
    changes.push_back(std::move(change));
  }
  ++count;
}

std::string cause_text(const StageCause& cause) {
  switch (cause.kind) {
    case CauseKind::none:
      return "";
    case CauseKind::up_to_date:
      return fmt::format("up to date: {} input{} unchanged since run {}",
                         cause.inputs,
                         cause.inputs == 1 ? "" : "s",
                         cause.detail);
    case CauseKind::forced:
      return "--force was given";
    case CauseKind::inputs_unreadable:
      return fmt::format("its inputs cannot be read: {}", cause.detail);
    case CauseKind::no_inputs:
      return "its inputs match no file";
    case CauseKind::first_run:
      return "no run of it that succeeded is known";
    case CauseKind::not_finished:
      return cause.detail;
    case CauseKind::commit_changed:
      return fmt::format("the commit changed: {}", cause.detail);
    case CauseKind::need_ran:
      return fmt::format("stage '{}' ran again", cause.detail);
    default:
      return changes_text(cause);
  }
}

}  // namespace headway
