// Tests of a history that an older Headway made, and of the journal that is chosen.
#include "base/files.hpp"
#include "support/temp_folder.hpp"
#include "timing/history.hpp"
#include "timing/history_schema.hpp"
#include "timing/sqlite_database.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headway {
namespace {

// As version 1 made it, with two runs of one stage.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE names(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE series(
  id INTEGER PRIMARY KEY, workflow INTEGER NOT NULL, lane INTEGER NOT NULL, stage_key TEXT NOT NULL,
  UNIQUE(workflow, lane, stage_key));
CREATE TABLE runs(
  id INTEGER PRIMARY KEY AUTOINCREMENT, workflow INTEGER NOT NULL, lane INTEGER NOT NULL,
  workflow_id TEXT NOT NULL, started_us INTEGER NOT NULL, ended_us INTEGER,
  total_us INTEGER NOT NULL, is_complete INTEGER NOT NULL, stages INTEGER NOT NULL);
CREATE INDEX runs_of_lane ON runs(workflow, lane, is_complete);
CREATE TABLE metadata(
  run INTEGER NOT NULL, name INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY(run, name))
  WITHOUT ROWID;
CREATE TABLE stages(
  series INTEGER NOT NULL, run INTEGER NOT NULL, at INTEGER NOT NULL, stage_id INTEGER NOT NULL,
  name INTEGER NOT NULL, started_us INTEGER NOT NULL, ended_us INTEGER,
  duration_us INTEGER NOT NULL, queue_us INTEGER NOT NULL, status INTEGER NOT NULL,
  attempt INTEGER NOT NULL, cpu_us INTEGER NOT NULL, peak_bytes INTEGER NOT NULL,
  PRIMARY KEY(series, run, at)) WITHOUT ROWID;
INSERT INTO names VALUES(1,'ci'),(2,'standard'),(3,'Build'),(4,'run_id'),(5,'commit'),(6,'jobs'),
  (7,'status'),(8,'ticket');
INSERT INTO series VALUES(1,1,2,'build');
INSERT INTO runs VALUES(4,1,2,'019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071',1000000,3000000,2000000,1,1),
  (5,1,2,'change-7',5000000,NULL,1000000,0,1);
INSERT INTO metadata VALUES(4,4,'019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'),
  (4,5,'0123456789abcdef0123456789abcdef01234567'),(4,6,'4'),(4,7,'COMPLETED'),(4,8,'HW-1'),
  (5,6,'many'),(5,7,'FAILED');
INSERT INTO stages VALUES(1,4,0,2,3,0,2000000,2000000,0,2,1,0,0),
  (1,5,0,2,3,0,1000000,1000000,0,3,1,0,0);
PRAGMA application_id=1214531703;
PRAGMA user_version=1;
)sql";

void make_version_1(const std::string& path) {
  auto database = SqliteDatabase::open(path, SqliteDatabase::Mode::create);
  ASSERT_TRUE(database.has_value());
  const auto made = database->execute(kVersion1);
  ASSERT_TRUE(made.has_value()) << made.error().message;
}

using Facts = std::vector<std::pair<std::string, std::string>>;

void expect_both_runs(const History& history) {
  const auto profiles = history.profiles(10);
  ASSERT_TRUE(profiles.has_value()) << profiles.error().message;
  ASSERT_EQ(profiles->size(), 2U);
  EXPECT_EQ((*profiles)[1].workflow_id, "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071");
  EXPECT_EQ((*profiles)[1].metadata,
            (Facts{{"run_id", "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071"},
                   {"jobs", "4"},
                   {"commit", "0123456789abcdef0123456789abcdef01234567"},
                   {"status", "COMPLETED"},
                   {"ticket", "HW-1"}}));
  EXPECT_EQ((*profiles)[0].workflow_id, "change-7");
  EXPECT_EQ((*profiles)[0].metadata, (Facts{{"status", "FAILED"}, {"jobs", "many"}}));
  ASSERT_EQ((*profiles)[1].stages.size(), 1U);
  EXPECT_EQ((*profiles)[1].stages[0].stage_key, "build");
  EXPECT_EQ((*profiles)[1].stages[0].failure, FailureKind::none);
}

TEST(HistoryUpgrade, old_history_keeps_all_its_runs_and_facts) {
  const TempFolder dir;
  make_version_1(dir / "history.db");
  auto history = History::open(dir / "history.db");
  ASSERT_TRUE(history.has_value()) << history.error().message;
  expect_both_runs(*history);
  const auto runs = history->runs("ci", "standard", 10);
  ASSERT_EQ(runs->size(), 2U);
  EXPECT_EQ((*runs)[0].run, 5);
  EXPECT_EQ((*runs)[1].commit, "0123456789abcdef0123456789abcdef01234567");
}

TEST(HistoryUpgrade, reading_alone_upgrades_too) {
  const TempFolder dir;
  make_version_1(dir / "history.db");
  auto history = History::open_read_only(dir / "history.db");
  ASSERT_TRUE(history.has_value()) << history.error().message;
  expect_both_runs(*history);
}

TEST(HistoryUpgrade, upgraded_history_takes_new_runs) {
  const TempFolder dir;
  make_version_1(dir / "history.db");
  auto history = History::open(dir / "history.db");
  WorkflowTimingProfile profile = history->profiles(1)->front();
  profile.metadata = {{"run_id", "another"}};
  profile.stages[0].failure = FailureKind::oom;
  ASSERT_TRUE(history->save(profile).has_value());
  EXPECT_EQ(history->runs("ci", "standard", 1)->front().run, 6);
  EXPECT_EQ(history->samples("ci", "standard", 1)->front().second.front().failure,
            FailureKind::oom);
}

TEST(HistoryUpgrade, processes_that_upgrade_at_once_do_it_once) {
  const TempFolder dir;
  make_version_1(dir / "history.db");
  constexpr int kProcesses = 6;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto history = History::open(dir / "history.db");
      _exit(history && *history->count_runs("ci", "standard") == 2 ? 0 : 1);
    }
  }
  for (int process = 0; process < kProcesses; ++process) {
    int status = 0;
    ASSERT_GT(wait(&status), 0);
    EXPECT_EQ(status, 0);
  }
  expect_both_runs(*History::open(dir / "history.db"));
}

TEST(HistoryUpgrade, file_that_cannot_be_written_says_that_it_is_old) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root may write everywhere";
  }
  const TempFolder dir;
  make_version_1(dir / "history.db");
  ASSERT_EQ(chmod((dir / "history.db").c_str(), 0444), 0);
  const auto history = History::open_read_only(dir / "history.db");
  ASSERT_FALSE(history.has_value());
  EXPECT_NE(history.error().message.find("older Headway"), std::string::npos);
}

TEST(HistoryJournal, file_systems_that_several_machines_share_are_known) {
  for (const long type : {0x6969L, 0xFF534D42L, 0xFE534D42L, 0x01021997L, 0x65735546L}) {
    EXPECT_TRUE(is_network_file_system(type)) << std::hex << type;
  }
  // A 32-bit f_type comes sign-extended.
  EXPECT_TRUE(is_network_file_system(static_cast<int>(0xFF534D42U)));
  for (const long type : {0xEF53L /* ext4 */,
                          0x58465342L /* XFS */,
                          0x9123683EL /* btrfs */,
                          0x01021994L /* tmpfs */,
                          0x794C7630L /* overlay */}) {
    EXPECT_FALSE(is_network_file_system(type)) << std::hex << type;
  }
}

}  // namespace
}  // namespace headway
