// A disk that takes no more: the run goes on, and what was lost is told.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

constexpr std::int64_t kRoom = std::int64_t{128} << 10;

// Prints 300 kB, and then says that it has got that far.
const char* const kTalks =
    "version: 1\nstages: {talk: {run: 'head -c 300000 /dev/zero | tr \"\\0\" x; touch talked'}}\n";

TEST(FullDisk, output_that_no_log_has_is_told_at_the_end_of_a_green_run) {
  // Bug: a green run said nothing of what its stage logs lack.
  Program program;
  program.write("headway.yaml", kTalks);
  program.limit_files(kRoom);
  const ProgramResult result = program.run({"run", "-q"});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_TRUE(std::filesystem::exists(program.path("talked")));
  EXPECT_TRUE(has(result.err, "headway: output: ")) << result.err;
  EXPECT_TRUE(has(result.err, "of what stages printed are not in their logs\n")) << result.err;
}

TEST(FullDisk, the_record_has_the_number_of_lost_bytes) {
  Program program;
  program.write("headway.yaml", kTalks);
  program.limit_files(kRoom);
  const Json ran = program.run({"run", "--output", "quiet", "--json"}).json();
  std::int64_t lost = 0;
  const std::string events = slurp(ran["paths"]["events"].as_string());
  for (std::size_t at = 0; at < events.size();) {
    const std::size_t end = events.find('\n', at);
    const auto event = Json::parse(std::string_view(events).substr(at, end - at));
    ASSERT_TRUE(event);
    lost += (*event)["lost_bytes"].as_integer();
    at = end + 1;
  }
  const std::string log =
      ran["paths"]["dir"].as_string() + "/" + ran["stages"].items().at(0)["log"].as_string();
  const std::string kept = slurp(log);
  EXPECT_LE(static_cast<std::int64_t>(kept.size()), kRoom);
  EXPECT_GT(lost, 100'000);
  EXPECT_LT(lost, 300'000);
}

TEST(FullDisk, nothing_is_told_where_everything_was_kept) {
  Program program;
  program.write("headway.yaml", kTalks);
  EXPECT_EQ(program.run({"run", "-q"}).err, "");
}

}  // namespace
}  // namespace headway
