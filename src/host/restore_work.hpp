// RestoreWork: makes the steps of a restore. All content is written aside first; then every name
// changes by one rename, and what went before is put aside, so that an error undoes all of it.
// Knows no checkpoint.
#pragma once

#include "headway/result.hpp"
#include "host/restore_plan.hpp"
#include "host/workspace.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace headway {

// One restore. `workspace` and `plan` must outlive it. Not synchronised.
class RestoreWork {
 public:
  // Puts aside below `folder`, which is emptied, now and at the end.
  RestoreWork(const Workspace& workspace, const RestorePlan& plan, std::string folder);
  ~RestoreWork();
  RestoreWork(const RestoreWork&) = delete;
  RestoreWork& operator=(const RestoreWork&) = delete;

  Result<void> begin();

  // The contents to be written: objects by number, to be given in that order.
  std::vector<std::string> objects() const;
  Result<void> begin_content(std::size_t number, std::int64_t bytes);
  Result<void> add_content(std::string_view piece);
  // Ends the last content; all of it is on the disk then.
  Result<void> end_content();

  // Changes the workspace. On error everything is as before; where even that cannot be had, the
  // error says so and is_torn() is true. Error conflict: a name is not as `found` has it any more.
  Result<void> apply(const FoundNames& found);
  bool is_torn() const noexcept { return torn_; }

 private:
  // How far a step has come: what is put aside of it.
  struct Done {
    std::size_t step = 0;
    bool is_aside = false;  // what was there before lies in old/
    bool was_made = true;   // make_parent: it was not there
  };

  std::string fresh(std::size_t step) const;   // its new content
  std::string former(std::size_t step) const;  // what it replaces or removes
  Result<void> finish_file();
  Result<void> make(std::size_t number, Done& done);
  Result<void> check_unchanged(const OpenParent& at, const RestoreStep& step) const;
  Result<void> remove_file(const OpenParent& at, std::size_t number, Done& done);
  Result<void> write(const OpenParent& at, std::size_t number, Done& done);
  Result<void> bring_across(const OpenParent& at, std::size_t number) const;
  void keep_owner(const OpenParent& at, std::size_t number) const;
  bool undo(const Done& done);
  void undo_all();

  const Workspace& workspace_;
  const RestorePlan& plan_;
  std::string folder_;
  std::vector<std::size_t> writes_;  // steps
  UniqueFd file_;                    // that is being written
  std::string link_;                 // target that is being read
  std::size_t writing_ = 0;          // number in writes_, plus 1
  std::unordered_map<std::string_view, const FoundName*> found_;
  std::vector<Done> done_;
  bool torn_ = false;
};

}  // namespace headway
