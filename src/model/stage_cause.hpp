// StageCause: why a stage that says what it reads was started, or need not be. Plain values and
// their words; knows nothing of how it was found out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The first reason that holds, in this order. Spelled in JSON as written.
enum class CauseKind : std::uint8_t {
  none,                 // the stage does not say what it reads
  up_to_date,           // nothing has changed since it last succeeded: not started
  forced,               // it was asked for with --force
  inputs_unreadable,    // what it reads could not be looked at
  no_inputs,            // its globs mean no file
  first_run,            // it has never succeeded, or what it rested on then is not known any more
  definition_changed,   // what it runs, or where
  environment_changed,  // what the workflow file sets for it
  inputs_changed,
  outputs_changed,  // what it left is missing or was changed by others
  // In a run that goes on with another, where the stage declares no inputs:
  not_finished,    // it had not finished there
  commit_changed,  // the repository is at another commit now
  need_ran,        // a stage that it needs ran again
};

std::string_view to_string(CauseKind kind) noexcept;
// The kind of that spelling; `none` where there is none.
CauseKind cause_kind_named(std::string_view name) noexcept;

// What differs.
enum class ChangedThing : std::uint8_t { definition, environment, input, output };
// How it differs.
enum class ChangeKind : std::uint8_t { content, added, removed, executable, kind };

std::string_view to_string(ChangedThing thing) noexcept;
std::string_view to_string(ChangeKind kind) noexcept;

// One difference: a file by its path, a variable by its name, a part of the definition by its key.
struct StageChange {
  ChangedThing thing = ChangedThing::input;
  ChangeKind kind = ChangeKind::content;
  std::string name;

  friend bool operator==(const StageChange&, const StageChange&) = default;
};

// Why. `changes` are the first kMaxNamed of `count`, in the order of CauseKind.
struct StageCause {
  static constexpr std::size_t kMaxNamed = 5;

  CauseKind kind = CauseKind::none;
  int inputs = 0;  // files that it reads
  int count = 0;
  std::vector<StageChange> changes{};
  std::string detail{};  // in words: what could not be read; the run it was up to date with

  void add(StageChange change);
};

// "input src/a.c changed, output app is missing and 12 more"; "" for `none`. A fragment without
// "because".
std::string cause_text(const StageCause& cause);

}  // namespace headway
