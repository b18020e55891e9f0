// headway history: export, import, path, prune.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

class HistoryCommandTest : public testing::Test {
 protected:
  HistoryCommandTest() {
    program.write("headway.yaml", R"(version: 1
name: demo
stages:
  build: {run: 'test ! -e broken'}
)");
  }
  // Exported as one document.
  Json exported() { return program.run({"history", "export"}).json(); }
  Program program;
};

TEST_F(HistoryCommandTest, empty_history_is_exported_and_pruned_without_making_one) {
  const ProgramResult out = program.run({"history", "export"});
  EXPECT_EQ(out.exit_code, 0) << out.err;
  EXPECT_TRUE(out.json()["profiles"].items().empty());
  EXPECT_EQ(program.run({"history", "prune", "--keep", "1"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(program.path(".headway")));
}

TEST_F(HistoryCommandTest, path_is_that_of_the_file) {
  EXPECT_EQ(program.run({"history", "path"}).out, program.path(".headway/history.db") + "\n");
}

TEST_F(HistoryCommandTest, what_was_exported_is_imported_elsewhere_and_only_once) {
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  ASSERT_EQ(program.run({"history", "export", "h.json"}).exit_code, 0);
  const std::string before = program.read("h.json");
  EXPECT_TRUE(has(program.run({"history", "import", "h.json"}).out, "0 runs imported, 2 there"));
  std::filesystem::remove_all(program.path(".headway"));
  EXPECT_TRUE(has(program.run({"history", "import", "h.json"}).out, "2 runs imported"));
  EXPECT_TRUE(has(program.run({"history", "import", "h.json"}).out, "0 runs imported, 2 there"));
  ASSERT_EQ(program.run({"history", "export", "h.json"}).exit_code, 0);
  EXPECT_EQ(program.read("h.json"), before);
}

TEST_F(HistoryCommandTest, runs_without_an_id_are_known_by_their_start) {
  const auto profile = [](const char* start) {
    return std::string("{\"workflow_id\": \"w\", \"lane\": \"standard\", \"start_time\": \"") +
           start + "\", \"total_duration_seconds\": 2, \"stages\": [], \"metadata\": {}}";
  };
  program.write("new.json", "{\"profiles\": [" + profile("2026-11-02T00:00:00Z") + "]}");
  program.write("both.json",
                "{\"profiles\": [" + profile("2026-11-02T00:00:00Z") + "," +
                    profile("2026-11-01T00:00:00Z") + "]}");
  EXPECT_TRUE(has(program.run({"history", "import", "new.json"}).out, "1 run imported"));
  EXPECT_TRUE(has(program.run({"history", "import", "both.json"}).out, "1 run imported, 1 there"));
  const Json document = exported();
  ASSERT_EQ(document["profiles"].items().size(), 2U);
  // (by their start, though the older one came later)
  EXPECT_TRUE(document["profiles"].items()[0]["start_time"].as_string().starts_with("2026-11-01"));
}

TEST_F(HistoryCommandTest, bad_file_is_refused_with_the_place_and_costs_nothing) {
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  program.write("bad.json", R"({"profiles": [{"workflow_id": "w", "lane": "standard",
    "start_time": "2026-11-02T00:00:00Z", "stages": []}, {"workflow_id": 7}]})");
  const ProgramResult bad = program.run({"history", "import", "bad.json"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_TRUE(has(bad.err, "profiles[1].workflow_id")) << bad.err;
  program.write("worse.json", "{\"profiles\": [");
  EXPECT_EQ(program.run({"history", "import", "worse.json"}).exit_code, 2);
  EXPECT_EQ(program.run({"history", "import", "absent.json"}).exit_code, 2);
  EXPECT_EQ(exported()["profiles"].items().size(), 1U);
}

TEST_F(HistoryCommandTest, prune_keeps_the_newest_and_the_newest_that_succeeded) {
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  program.write("broken", "");
  ASSERT_EQ(program.run({"run"}).exit_code, 1);
  ASSERT_EQ(program.run({"run"}).exit_code, 1);
  EXPECT_TRUE(
      has(program.run({"history", "prune", "--keep", "1", "--dry-run"}).out, "2 runs would be"));
  EXPECT_EQ(exported()["profiles"].items().size(), 4U);
  EXPECT_TRUE(has(program.run({"history", "prune", "--keep", "1"}).out, "2 runs removed"));
  const Json left = exported();
  ASSERT_EQ(left["profiles"].items().size(), 2U);
  EXPECT_EQ(left["profiles"].items()[0]["metadata"]["status"].as_string(), "COMPLETED");
  EXPECT_EQ(left["profiles"].items()[1]["metadata"]["status"].as_string(), "FAILED");
  EXPECT_TRUE(has(program.run({"history", "prune", "--older-than", "1d"}).out, "0 runs removed"));
  EXPECT_TRUE(has(program.run({"history", "prune", "--older-than", "0s"}).out, "1 run removed"));
}

TEST_F(HistoryCommandTest, wrong_words_are_refused) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"history"},
                                                {"history", "burn"},
                                                {"history", "import"},
                                                {"history", "prune"},
                                                {"history", "prune", "--keep", "0"},
                                                {"history", "prune", "--keep", "many"},
                                                {"history", "prune", "--older-than", "soon"},
                                                {"history", "path", "x"},
                                                {"history", "export", "--dry-run"}}) {
    EXPECT_EQ(program.run(words).exit_code, 2) << words.back();
  }
}

}  // namespace
}  // namespace headway
