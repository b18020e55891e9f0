// See checkpoints.hpp.
#include "host/checkpoints.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "base/uuid.hpp"
#include "host/checkpoint_import.hpp"
#include "host/git.hpp"
#include "host/restore_work.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace headway {
namespace {

// Renames go from there to the workspace: beside the store, but where that is another file system.
std::string aside_folder(const std::string& folder, const std::string& state) {
  struct stat one {
  }, other{};
  const bool is_apart = ::stat(folder.c_str(), &one) == 0 && ::stat(state.c_str(), &other) == 0 &&
                        one.st_dev != other.st_dev;
  return is_apart ? folder + "/.headway-restoring" : state + "/checkpoints/restoring";
}

}  // namespace

Result<Checkpoints> Checkpoints::open(const std::string& folder, const std::string& state) {
  const GitFacts git = read_git_facts(folder);
  const std::string aside = aside_folder(folder, state);
  auto workspace = Workspace::open(folder,
                                   {{state, KeptName::Why::state},
                                    {aside, KeptName::Why::state},
                                    {git.folder, KeptName::Why::git},
                                    {git.common_folder, KeptName::Why::git}});
  if (!workspace) {
    return std::move(workspace).error();
  }
  return Checkpoints(std::move(*workspace), state + "/checkpoints", aside);
}

// Under the lock. On error nothing of it is left in the store.
Result<Checkpoints::Saved> Checkpoints::take(const SaveRequest& request, const Clock& clock) {
  auto saved = send_in(request, clock);
  if (!saved) {
    store_.sweep();
  }
  return saved;
}

Result<Checkpoints::Saved> Checkpoints::send_in(const SaveRequest& request, const Clock& clock) {
  Saved saved;
  saved.checkpoint.paths = tidy_paths(request.paths);
  auto found = workspace_.find(saved.checkpoint.paths);
  if (!found) {
    return std::move(found).error();
  }
  saved.found = std::move(*found);
  if (request.must_exist && !saved.found.absent.empty()) {
    return Error{
        ErrorCode::not_found,
        fmt::format("there is no '{}' in '{}'", saved.found.absent.front(), workspace_.path())};
  }
  auto stream = CheckpointImport::begin(store_.place(), request.stop);
  if (!stream) {
    return std::move(stream).error();
  }
  for (FoundName& name : saved.found.names) {
    if (auto added = stream->add(workspace_, name); !added) {
      return std::move(added).error();
    }
  }
  Checkpoint& facts = saved.checkpoint;
  facts.made_at = clock.wall();
  facts.id = new_uuid_v7(facts.made_at);
  facts.reason = request.reason;
  facts.label = request.label;
  facts.run_id = request.run_id;
  facts.stage = request.stage;
  facts.restored = request.restored;
  facts.skipped =
      std::count_if(saved.found.kept.begin(), saved.found.kept.end(), [](const KeptName& kept) {
        return kept.why == KeptName::Why::special;
      });
  if (auto committed = stream->commit(facts); !committed) {
    return std::move(committed).error();
  }
  return saved;
}

Result<Checkpoint> Checkpoints::save(const SaveRequest& request,
                                     const Clock& clock,
                                     std::string& trouble) {
  if (auto locked = store_.lock(request.stop); !locked) {
    return std::move(locked).error();
  }
  auto saved = take(request, clock);
  if (!saved) {
    return std::move(saved).error();
  }
  if (!request.instead_of.empty()) {
    (void)store_.remove({request.instead_of});
  }
  forget_old(trouble);
  return std::move(saved->checkpoint);
}

// What nobody asked for by hand must not grow for ever; nor may the number of packs.
void Checkpoints::forget_old(std::string& trouble) {
  auto all = list();
  if (!all) {
    trouble = all.error().message;
    return;
  }
  const auto cut = cut_restore();
  std::size_t automatic = 0;
  std::vector<std::string> old;
  for (const Checkpoint& each : *all) {
    automatic += each.reason == CheckpointReason::by_hand ? 0 : 1;
    const bool is_needed = cut && (each.id == cut->before || each.id == cut->restored);
    if (each.reason != CheckpointReason::by_hand && automatic > kKeptAutomatic && !is_needed) {
      old.push_back(each.id);
    }
  }
  auto done = old.empty() ? Result<void>() : store_.remove(old);
  if (done && store_.is_scattered()) {
    done = store_.shrink();
  }
  if (!done) {
    trouble = done.error().message;
  }
}

Result<RestoreReport> Checkpoints::restore(const Checkpoint& checkpoint,
                                           const Clock& clock,
                                           bool dry_run) {
  if (auto locked = store_.lock(); !locked) {
    return std::move(locked).error();
  }
  // Second names of files that a kill left there: before the stamps are taken, as it changes them.
  std::error_code ignored;
  std::filesystem::remove_all(aside_, ignored);
  SaveRequest request{checkpoint.paths, CheckpointReason::before_restore};
  request.restored = checkpoint.id;
  const auto then = store_.entries(checkpoint.id);
  const auto packs = store_.packs();
  auto now = then ? take(request, clock) : Result<Saved>(then.error());
  if (!now) {
    Error error = std::move(now).error();
    error.message += "; nothing was changed";
    return error;
  }
  RestoreReport report;
  report.before = now->checkpoint;
  const auto entries = store_.entries(report.before.id);
  auto plan =
      entries ? plan_restore(*entries, *then, now->found) : Result<RestorePlan>(entries.error());
  if (dry_run || !plan) {
    (void)store_.remove({report.before.id});
    store_.remove_packs_since(packs);
    report.before.id.clear();
  }
  if (!plan) {
    return std::move(plan).error();
  }
  report.plan = std::move(*plan);
  if (dry_run) {
    return report;
  }
  if (auto done = carry_out(checkpoint, *now, report); !done) {
    return std::move(done).error();
  }
  forget_old(report.trouble);
  return report;
}

Result<void> Checkpoints::carry_out(const Checkpoint& checkpoint,
                                    const Saved& now,
                                    RestoreReport& report) {
  RestoreWork work(workspace_, report.plan, aside_);
  auto done = work.begin();
  if (done) {
    done = store_.read(work.objects(),
                       {[&work](std::size_t number, std::int64_t bytes) {
                          return work.begin_content(number, bytes);
                        },
                        [&work](std::string_view piece) { return work.add_content(piece); }});
  }
  if (done) {
    done = work.end_content();
  }
  const auto earlier = cut_restore();
  if (done) {
    // After a kill and a second try: what was there before the first is what one may want back.
    const bool is_again = earlier && earlier->restored == checkpoint.id;
    done = write_journal({checkpoint.id, is_again ? earlier->before : now.checkpoint.id});
  }
  if (!done) {
    (void)store_.remove({now.checkpoint.id});
    Error error = done.error();
    error.message += "; nothing was changed";
    return error;
  }
  done = work.apply(now.found);
  if (!done && work.is_torn()) {
    Error error = done.error();
    error.next_step = fmt::format("`headway checkpoint restore {}` goes back to what was there",
                                  short_id(now.checkpoint.id));
    return error;
  }
  if (done || !earlier) {
    ::unlink(journal().c_str());
  } else {
    (void)write_journal(*earlier);
  }
  if (!done) {
    (void)store_.remove({now.checkpoint.id});
  }
  return done;
}

Result<void> Checkpoints::write_journal(const CutRestore& cut) const {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).field_token("restored", cut.restored);
  json.field_token("before", cut.before).end_object();
  return write_file_atomically(journal(), text + "\n", Durability::power);
}

std::optional<CutRestore> Checkpoints::cut_restore() const {
  const auto text = read_file(journal(), 4096);
  const auto json = text ? Json::parse(*text) : Result<Json>(text.error());
  if (!json) {
    return std::nullopt;
  }
  return CutRestore{(*json)["restored"].as_string(), (*json)["before"].as_string()};
}

Result<void> Checkpoints::remove(const std::vector<std::string>& ids, std::string& trouble) {
  if (auto locked = store_.lock(); !locked) {
    return locked;
  }
  if (const auto cut = cut_restore()) {
    for (const std::string& id : ids) {
      if (id == cut->before || id == cut->restored) {
        return Error{ErrorCode::conflict,
                     fmt::format("a restore that was cut off needs checkpoint '{}'", short_id(id)),
                     fmt::format("finish it first: `headway checkpoint restore {}`",
                                 short_id(cut->restored))};
      }
    }
  }
  if (auto removed = store_.remove(ids); !removed) {
    return removed;
  }
  if (auto shrunk = store_.shrink(); !shrunk) {
    trouble = shrunk.error().message;
  }
  return {};
}

}  // namespace headway
