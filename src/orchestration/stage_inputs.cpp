// See stage_inputs.hpp.
#include "orchestration/stage_inputs.hpp"

#include "orchestration/imprint_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway {
namespace {

// Globs of a checked workflow.
PathPatterns patterns_of(const std::vector<std::string>& globs) {
  auto patterns = PathPatterns::parse(globs);
  return patterns ? std::move(*patterns) : PathPatterns();
}

// What a stage writes it does not read: else it would never be up to date.
std::vector<std::string> input_globs(const Stage& stage) {
  std::vector<std::string> globs = stage.files.inputs;
  for (const std::string& output : stage.files.outputs) {
    if (!output.starts_with('!')) {
      globs.push_back("!" + output);
    }
  }
  return globs;
}

// The globs of `of` that mean something and found nothing.
std::vector<std::string> empty_globs(const std::vector<std::string>& of, const FileSet& files) {
  std::vector<std::string> empty;
  for (std::size_t at = 0; at < of.size(); ++at) {
    if (!of[at].starts_with('!') && !files.matched[at]) {
      empty.push_back(of[at]);
    }
  }
  return empty;
}

StageCause unsuited(CauseKind kind, std::string detail = {}) {
  StageCause cause;
  cause.kind = kind;
  cause.detail = std::move(detail);
  return cause;
}

// The name of a file whose stamps differ between two looks; nothing where none do.
std::optional<std::string> first_difference(const FileSet& before, const FileSet& after) {
  const auto& a = before.files;
  const auto& b = after.files;
  const auto [one, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), same_stamps);
  if (one == a.end() && other == b.end()) {
    return std::nullopt;
  }
  if (one == a.end() || (other != b.end() && other->path < one->path)) {
    return other->path;
  }
  return one->path;
}

}  // namespace

StageInputs::StageInputs(const Workflow& workflow,
                         const Lane& lane,
                         StateFolder state,
                         const std::atomic<bool>* stop)
    : workflow_(workflow),
      lane_(lane),
      state_(std::move(state)),
      stop_(stop),
      cache_(ContentCache::load(content_cache_path(state_), file_clock_now_ns())) {}

std::string StageInputs::path_of(const Stage& stage) const {
  return imprint_path(state_, workflow_.name, stage.key);
}

FileDigests StageInputs::digest(const FileSet& files, std::int64_t clock) {
  return digest_files(
      files, cache_, {.folder = workflow_.directory, .now_ns = clock, .stop = stop_});
}

InputVerdict StageInputs::look(const Stage& stage, bool force, InputSnapshot* out) {
  InputSnapshot now;
  const std::int64_t clock = file_clock_now_ns();
  now.files = find_files(place(), patterns_of(input_globs(stage)));
  FileDigests digests = digest(now.files, clock);
  now.imprint.definition = definition_of(workflow_, lane_, stage);
  now.imprint.inputs = std::move(digests.facts);
  if (!digests.problems.empty()) {
    now.unsuited = digests.problems.front();
  }
  InputVerdict verdict;
  verdict.empty = empty_globs(stage.files.inputs, now.files);
  const auto last = read_imprint(path_of(stage));
  if (now.unsuited) {
    verdict.cause = unsuited(CauseKind::inputs_unreadable, now.unsuited->message);
  } else if (now.files.files.empty() && !stage.files.inputs.empty()) {
    verdict.cause = unsuited(CauseKind::no_inputs);
    now.unsuited = Error{ErrorCode::not_found, "its inputs match no file"};
  } else if (force) {
    verdict.cause = unsuited(CauseKind::forced);
  } else if (!last) {
    verdict.cause = unsuited(CauseKind::first_run);
  } else {
    now.imprint.outputs = outputs_now(stage, last->outputs);
    verdict.cause = compare_imprints(*last, now.imprint);
    now.imprint.outputs.clear();
    verdict.saved = last->took;
  }
  verdict.cause.inputs = static_cast<int>(now.imprint.inputs.size());
  if (out != nullptr) {
    *out = std::move(now);
  }
  return verdict;
}

// Of the outputs that were left: what is there now. One that cannot be read counts as gone.
std::vector<FileFact> StageInputs::outputs_now(const Stage& stage,
                                               const std::vector<FileFact>& known) {
  if (known.empty()) {
    return {};
  }
  const std::int64_t clock = file_clock_now_ns();
  FileSet files = find_files(place(), patterns_of(stage.files.outputs));
  std::erase_if(files.files, [&known](const FoundFile& file) {
    const auto at = std::lower_bound(
        known.begin(), known.end(), file.path, [](const auto& fact, const auto& path) {
          return fact.path < path;
        });
    return at == known.end() || at->path != file.path;
  });
  return digest(files, clock).facts;
}

std::optional<std::string> StageInputs::remember(const Stage& stage,
                                                 InputSnapshot snapshot,
                                                 std::string_view run_id,
                                                 Nanos took) {
  if (snapshot.unsuited) {
    return snapshot.unsuited->message;
  }
  // Stamps first; then what was too young for them to tell is read once more.
  const std::int64_t clock = file_clock_now_ns();
  const FileSet after = find_files(place(), patterns_of(input_globs(stage)));
  if (const auto changed = first_difference(snapshot.files, after)) {
    return fmt::format("its input {} changed while it ran", *changed);
  }
  const FileDigests again = digest(after, clock);
  if (!again.problems.empty()) {
    return again.problems.front().message;
  }
  if (again.facts != snapshot.imprint.inputs) {
    return "an input changed while it ran";
  }
  const FileSet left = find_files(place(), patterns_of(stage.files.outputs));
  if (const auto empty = empty_globs(stage.files.outputs, left); !empty.empty()) {
    return fmt::format("it left nothing that its output '{}' means", empty.front());
  }
  FileDigests outputs = digest(left, clock);
  if (!outputs.problems.empty()) {
    return outputs.problems.front().message;
  }
  snapshot.imprint.run_id = run_id;
  snapshot.imprint.took = took;
  snapshot.imprint.outputs = std::move(outputs.facts);
  if (const auto written = write_imprint(path_of(stage), snapshot.imprint); !written) {
    return written.error().message;
  }
  return std::nullopt;
}

PathPatterns StageInputs::outputs_of(const Stage& writer) {
  return patterns_of(writer.files.outputs);
}

Result<void> StageInputs::save() {
  return cache_.save(content_cache_path(state_), file_clock_now_ns());
}

}  // namespace headway
