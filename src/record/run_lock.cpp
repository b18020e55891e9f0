// See run_lock.hpp.
#include "record/run_lock.hpp"

#include "record/run_folder.hpp"

#include <ctime>

namespace headway {
namespace {

constexpr int kLockAttempts = 20;
constexpr timespec kBetweenAttempts{0, 2'000'000};

}  // namespace

Result<UniqueFd> lock_past_readers(const std::string& path) {
  auto lock = try_lock_file(path);
  for (int attempt = 1;
       !lock && lock.error().code == ErrorCode::conflict && attempt < kLockAttempts;
       ++attempt) {
    ::nanosleep(&kBetweenAttempts, nullptr);
    lock = try_lock_file(path);
  }
  return lock;
}

}  // namespace headway
