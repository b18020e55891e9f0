// Ownership of descriptors.
#include "base/unique_fd.hpp"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

int open_null() {
  return open("/dev/null", O_WRONLY | O_CLOEXEC);
}

bool is_open(int fd) {
  return fcntl(fd, F_GETFD) >= 0;
}

TEST(UniqueFd, closes_at_the_end_of_its_scope) {
  const int fd = open_null();
  {
    const UniqueFd owner(fd);
    EXPECT_TRUE(owner);
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(UniqueFd, moving_closes_the_old_one_and_keeps_the_new_one) {
  const int first = open_null();
  const int second = open_null();
  UniqueFd owner(first);
  UniqueFd other(second);
  owner = std::move(other);
  EXPECT_FALSE(is_open(first));
  EXPECT_EQ(owner.get(), second);
  EXPECT_TRUE(is_open(second));
}

TEST(UniqueFd, release_leaves_it_open) {
  UniqueFd owner(open_null());
  const UniqueFd next(owner.release());
  EXPECT_FALSE(owner);
  EXPECT_TRUE(is_open(next.get()));
}

TEST(UniqueFd, closing_keeps_errno) {
  UniqueFd owner(12345);  // not open: close(2) fails
  errno = ENOSPC;
  owner.reset();
  EXPECT_EQ(errno, ENOSPC);
}

}  // namespace
}  // namespace headway
