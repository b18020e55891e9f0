// See commit_watch.hpp.
#include "orchestration/commit_watch.hpp"

#include <utility>

namespace headway {

void CommitWatch::before(int task) {
  if (commit_ && plan_.stage(task).once) {
    found_[task] = commit_();
  }
}

void CommitWatch::after(int task) {
  const auto found = found_.extract(task);
  if (found.empty()) {
    return;
  }
  if (std::string now = commit_(); now != found.mapped()) {
    emitter_.emit(CommitMoved{task, found.mapped(), std::move(now)});
  }
}

}  // namespace headway
