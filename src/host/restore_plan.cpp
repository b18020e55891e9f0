// See restore_plan.hpp.
#include "host/restore_plan.hpp"

#include "host/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace headway {
namespace {

using Kind = RestoreStep::Kind;

// What is needed to change the names in a folder.
constexpr std::uint32_t kChangeable = 0300;
constexpr std::uint32_t kOwnFolder = 0700;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

class Planner {
 public:
  explicit Planner(const FoundNames& found) : found_(found) {}

  Result<RestorePlan> run(const std::vector<SavedEntry>& now, const std::vector<SavedEntry>& then) {
    auto at = now.begin();
    for (const SavedEntry& wanted : then) {
      for (; at != now.end() && at->path < wanted.path; ++at) {
        take_away(*at);
      }
      if (const KeptName* kept = kept_at(wanted.path)) {
        return in_the_way(*kept);
      }
      if (at != now.end() && at->path == wanted.path) {
        if (auto changed = change(*at, wanted); !changed) {
          return std::move(changed).error();
        }
        ++at;
      } else {
        add(wanted);
      }
    }
    for (; at != now.end(); ++at) {
      take_away(*at);
    }
    open_closed_folders(now);
    make_parents(then);
    put_in_order();
    return std::move(plan_);
  }

 private:
  void step(RestoreStep one) {
    if (one.kind != Kind::set_mode) {
      changed_folders_.insert(folder_of(one.path));
    }
    by_kind_[one.kind].push_back(std::move(one));
  }
  void tell(RestoreChange::Kind kind, const std::string& path) {
    plan_.changes.push_back({kind, path});
  }

  const KeptName* kept_at(const std::string& path) const {
    const auto at = first_kept(path);
    return at != found_.kept.end() && at->path == path ? &*at : nullptr;
  }
  const KeptName* kept_below(const std::string& path) const {
    const std::string prefix = path + "/";
    const auto at = first_kept(prefix);
    return at != found_.kept.end() && at->path.starts_with(prefix) ? &*at : nullptr;
  }
  std::vector<KeptName>::const_iterator first_kept(const std::string& path) const {
    return std::lower_bound(
        found_.kept.begin(),
        found_.kept.end(),
        path,
        [](const KeptName& kept, const std::string& wanted) { return kept.path < wanted; });
  }
  static Error in_the_way(const KeptName& kept) {
    return {ErrorCode::conflict,
            fmt::format("'{}' is in the way: {}", kept.path, to_text(kept.why)),
            "move it away, then restore again"};
  }

  void take_away(const SavedEntry& entry) {
    if (entry.kind != SavedKind::folder) {
      step({Kind::remove_file, entry.path, 0, entry.mode});
    } else if (kept_below(entry.path) != nullptr) {
      plan_.left.push_back(entry.path);
      return;
    } else {
      step({Kind::remove_folder, entry.path, 0, entry.mode});
    }
    tell(RestoreChange::Kind::removed, entry.path);
  }

  void make(const SavedEntry& entry, bool replaces) {
    if (entry.kind == SavedKind::folder) {
      step({Kind::make_folder, entry.path, kOwnFolder, 0});
      step({Kind::set_mode, entry.path, entry.mode, kOwnFolder});
    } else {
      const bool is_link = entry.kind == SavedKind::link;
      step({Kind::write, entry.path, entry.mode, 0, entry.object, is_link, replaces});
    }
  }

  void add(const SavedEntry& entry) {
    make(entry, false);
    tell(RestoreChange::Kind::added, entry.path);
  }

  Result<void> change(const SavedEntry& is, const SavedEntry& was) {
    const bool is_folder = is.kind == SavedKind::folder;
    if (is_folder != (was.kind == SavedKind::folder)) {
      const KeptName* kept = is_folder ? kept_below(is.path) : nullptr;
      if (kept != nullptr) {
        return in_the_way(*kept);
      }
      step({is_folder ? Kind::remove_folder : Kind::remove_file, is.path, 0, is.mode});
      make(was, false);
      tell(RestoreChange::Kind::replaced, is.path);
      return {};
    }
    if (is.kind != was.kind || is.object != was.object) {
      make(was, true);
      tell(RestoreChange::Kind::replaced, is.path);
      return {};
    }
    if (is.kind != SavedKind::link && is.mode != was.mode) {
      step({Kind::set_mode, is.path, was.mode, is.mode});
      tell(RestoreChange::Kind::mode, is.path);
      return {};
    }
    plan_.same += is_folder ? 0 : 1;
    return {};
  }

  // A folder that its owner may not change is opened for as long as it takes.
  void open_closed_folders(const std::vector<SavedEntry>& now) {
    std::set<std::string> settled;
    for (const RestoreStep& mode : by_kind_[Kind::set_mode]) {
      settled.insert(mode.path);
    }
    std::set<std::string> removed;
    for (const RestoreStep& gone : by_kind_[Kind::remove_folder]) {
      removed.insert(gone.path);
    }
    for (const SavedEntry& entry : now) {
      if (entry.kind != SavedKind::folder || (entry.mode & kChangeable) == kChangeable ||
          changed_folders_.count(entry.path) == 0) {
        continue;
      }
      const std::uint32_t open = entry.mode | kOwnFolder;
      by_kind_[Kind::open_folder].push_back({Kind::open_folder, entry.path, open, entry.mode});
      if (settled.count(entry.path) + removed.count(entry.path) == 0) {
        by_kind_[Kind::set_mode].push_back({Kind::set_mode, entry.path, entry.mode, open});
      }
    }
  }

  void make_parents(const std::vector<SavedEntry>& then) {
    for (const std::string& parent : found_.missing_parents) {
      const bool is_needed = std::any_of(then.begin(), then.end(), [&](const SavedEntry& entry) {
        return is_at_or_below(entry.path, parent);
      });
      if (is_needed) {
        by_kind_[Kind::make_parent].push_back({Kind::make_parent, parent});
      }
    }
  }

  void put_in_order() {
    for (auto& [kind, steps] : by_kind_) {
      std::sort(steps.begin(), steps.end(), [](const RestoreStep& a, const RestoreStep& b) {
        return a.path < b.path;
      });
      // What is below comes first.
      if (kind == Kind::remove_folder || kind == Kind::set_mode) {
        std::reverse(steps.begin(), steps.end());
      }
      std::move(steps.begin(), steps.end(), std::back_inserter(plan_.steps));
    }
  }

  const FoundNames& found_;
  RestorePlan plan_;
  std::map<Kind, std::vector<RestoreStep>> by_kind_;  // in the order of the kinds
  std::set<std::string> changed_folders_;
};

}  // namespace

std::string_view to_string(RestoreChange::Kind kind) noexcept {
  switch (kind) {
    case RestoreChange::Kind::added:
      return "added";
    case RestoreChange::Kind::replaced:
      return "replaced";
    case RestoreChange::Kind::removed:
      return "removed";
    case RestoreChange::Kind::mode:
      break;
  }
  return "mode";
}

Result<RestorePlan> plan_restore(const std::vector<SavedEntry>& now,
                                 const std::vector<SavedEntry>& then,
                                 const FoundNames& found) {
  return Planner(found).run(now, then);
}

}  // namespace headway
