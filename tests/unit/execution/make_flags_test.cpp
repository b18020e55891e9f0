// What becomes of MAKEFLAGS, and what is read from it.
#include "execution/make_flags.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(MakeFlags, nothing_set_gets_jobs_and_server_after_a_blank_as_make_writes_it) {
  EXPECT_EQ(with_jobserver("", "40,41", 3), " -j3 --jobserver-auth=40,41");
}

TEST(MakeFlags, other_flags_and_variables_stay_and_variables_stay_last) {
  EXPECT_EQ(with_jobserver("ks --no-print-directory -- CFLAGS=-O2\\ -g V=1", "fifo:/r/j", 4),
            "ks --no-print-directory -j4 --jobserver-auth=fifo:/r/j -- CFLAGS=-O2\\ -g V=1");
}

TEST(MakeFlags, every_way_to_give_a_number_of_jobs_is_replaced) {
  for (const char* flags : {"-j8",
                            "-j",
                            "-j 8",
                            "--jobs=8",
                            "--jobs 8",
                            "--jobs",
                            "j8",
                            "j",
                            " -j4 --jobserver-auth=3,4",
                            " --jobserver-fds=3,4 -j",
                            "--jobserver-auth=fifo:/tmp/GMfifo1 -j2"}) {
    EXPECT_EQ(with_jobserver(flags, "40,41", 2), " -j2 --jobserver-auth=40,41") << flags;
  }
}

TEST(MakeFlags, letters_around_the_number_of_jobs_stay) {
  EXPECT_EQ(without_jobserver("kj4s"), "ks");
  EXPECT_EQ(without_jobserver("-kj 4"), " -k");
}

TEST(MakeFlags, a_j_that_is_part_of_something_else_stays) {
  EXPECT_EQ(without_jobserver("k -Iinclude/j4 -- JOBS=-j4 -j9"), "k -Iinclude/j4 -- JOBS=-j4 -j9");
  EXPECT_EQ(without_jobserver("JOBS=j4"), "JOBS=j4");
}

TEST(MakeFlags, the_last_address_counts) {
  const auto pipe = jobserver_address("k -j4 --jobserver-fds=1,2 --jobserver-auth=3,4");
  ASSERT_TRUE(pipe);
  EXPECT_EQ(pipe->read, 3);
  EXPECT_EQ(pipe->write, 4);
  const auto fifo = jobserver_address(" -j4 --jobserver-auth=fifo:/tmp/j");
  ASSERT_TRUE(fifo);
  EXPECT_EQ(fifo->fifo, "/tmp/j");
  EXPECT_LT(fifo->read, 0);
}

TEST(MakeFlags, no_address_in_plain_flags_in_variables_or_in_nonsense) {
  EXPECT_FALSE(jobserver_address(""));
  EXPECT_FALSE(jobserver_address("kj4"));
  EXPECT_FALSE(jobserver_address("-- --jobserver-auth=3,4"));
  EXPECT_FALSE(jobserver_address("--jobserver-auth=3"));
  EXPECT_FALSE(jobserver_address("--jobserver-auth=sem:x"));
}

TEST(MakeFlags, a_path_with_blanks_or_make_syntax_does_not_fit) {
  EXPECT_TRUE(fits_make_flags("/srv/a-b_c.d/jobserver"));
  for (const char* path : {"/a b", "/a\tb", "/a$b", "/a\\b", "/a#b", "/a'b"}) {
    EXPECT_FALSE(fits_make_flags(path)) << path;
  }
}

}  // namespace
}  // namespace headway
