// The file format of StageImprint.
#include "record/stage_imprint.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

StageImprint sample() {
  StageImprint imprint;
  imprint.run_id = "01a20775-436d-7df4-a866-c61fc7abfaf1";
  imprint.took = std::chrono::milliseconds(310);
  imprint.definition = {{"dir", false, digest_of("")}, {"CC", true, digest_of("gcc")}};
  imprint.inputs = {{"src/a.c", FileKind::regular, false, digest_of("a")},
                    {"src/a.cc", FileKind::regular, true, digest_of("b")},
                    {"src/link", FileKind::link, false, digest_of("c")},
                    {"x", FileKind::other, false, {}}};
  imprint.outputs = {{"app", FileKind::regular, true, digest_of("d")}};
  return imprint;
}

TEST(StageImprint, comes_back_as_it_was) {
  EXPECT_EQ(decode_imprint(encode_imprint(sample())), sample());
  EXPECT_EQ(decode_imprint(encode_imprint({})), StageImprint());
}

TEST(StageImprint, every_damaged_byte_and_every_cut_is_noticed) {
  const std::string good = encode_imprint(sample());
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x40);
    EXPECT_FALSE(decode_imprint(bad)) << at;
    EXPECT_FALSE(decode_imprint(good.substr(0, at))) << at;
  }
}

// A file that somebody made, checksum and all: bounds hold.
TEST(StageImprint, counts_and_lengths_beyond_the_end_are_refused) {
  using namespace std::string_literals;
  for (const std::string& body :
       {"\x7f"s, "\0\0\xff\xff\xff\xff\x0f"s, "\0\0\0\x05\x09"s, "\0\0\0\x01\0\x01z\x07"s}) {
    std::string bytes = "HWINPUT1" + body;
    const std::uint64_t sum = short_digest_of(bytes);
    for (unsigned shift = 0; shift < 64; shift += 8) {
      bytes += static_cast<char>(sum >> shift & 0xffU);
    }
    EXPECT_FALSE(decode_imprint(bytes));
  }
}

TEST(StageImprint, many_files_of_one_folder_take_little) {
  StageImprint imprint;
  for (int i = 10'000; i < 20'000; ++i) {
    imprint.inputs.push_back({"packages/some/long/folder/name/file" + std::to_string(i) + ".cpp",
                              FileKind::regular,
                              false,
                              digest_of(std::to_string(i))});
  }
  const std::string bytes = encode_imprint(imprint);
  EXPECT_LT(bytes.size(), 30 * imprint.inputs.size());
  EXPECT_EQ(decode_imprint(bytes), imprint);
}

TEST(StageImprint, path_is_safe_whatever_the_names_are) {
  const StateFolder state{"/s"};
  EXPECT_EQ(imprint_path(state, "../x", "a.b"), "/s/inputs/%2E.%2Fx/a.b");
}

}  // namespace
}  // namespace headway
