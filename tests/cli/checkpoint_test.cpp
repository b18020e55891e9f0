// headway checkpoint: paths saved and restored by the real binary, also where it is killed.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace headway {
namespace {

namespace fs = std::filesystem;

class CheckpointCommandTest : public testing::Test {
 protected:
  CheckpointCommandTest() {
    program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
    program.write("src/a.txt", "1");
    program.write("src/sub/b.txt", "1");
  }
  std::string create(const std::vector<std::string>& paths) {
    std::vector<std::string> words{"checkpoint", "create", "--json"};
    words.insert(words.end(), paths.begin(), paths.end());
    const ProgramResult made = program.run(words);
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return made.json()["checkpoint"]["id"].as_string();
  }
  std::string shell(const std::string& script) const {
    const std::string line = "cd '" + program.path() + "' && { " + script + "\n} > .shell-out 2>&1";
    EXPECT_EQ(std::system(line.c_str()), 0) << script << program.read(".shell-out");
    std::string out = program.read(".shell-out");
    fs::remove(program.path(".shell-out"));
    return out;
  }
  Program program;
};

TEST_F(CheckpointCommandTest, without_any_nothing_is_made_and_nothing_is_found) {
  const ProgramResult list = program.run({"checkpoint", "list", "--json"});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_TRUE(list.json()["checkpoints"].items().empty());
  EXPECT_TRUE(has(program.run({"checkpoint", "list"}).out, "no checkpoints yet"));
  EXPECT_EQ(program.run({"checkpoint", "restore", "abcd1234"}).exit_code, 2);
  EXPECT_FALSE(fs::exists(program.path(".headway")));
}

TEST_F(CheckpointCommandTest, a_damaged_one_is_told_and_can_be_deleted) {
  const std::string good = create({"src"});
  const std::string bad = create({"src"});
  shell(
      "echo 1111111111111111111111111111111111111111 "
      "> .headway/checkpoints/store.git/refs/checkpoints/" +
      bad);
  const ProgramResult list = program.run({"checkpoint", "list", "-q"});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_EQ(list.out, good + "\n");
  EXPECT_TRUE(has(program.run({"checkpoint", "list"}).err, "checkpoint '" + bad + "' is damaged"));
  EXPECT_EQ(program.run({"checkpoint", "restore", good}).exit_code, 0);
  const ProgramResult refused = program.run({"checkpoint", "restore", bad});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_TRUE(has(refused.err, "checkpoint delete " + bad.substr(bad.size() - 8))) << refused.err;
  EXPECT_EQ(program.run({"checkpoint", "delete", bad}).exit_code, 0);
  EXPECT_EQ(program.run({"checkpoint", "list"}).err, "");
}

TEST_F(CheckpointCommandTest, created_listed_shown_restored_and_deleted) {
  const ProgramResult made = program.run({"checkpoint", "create", "src", "-m", "by hand"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_TRUE(has(made.out, ": 2 files, 2 folders, 2 B")) << made.out;
  const Json listed = program.run({"checkpoint", "list", "--json"}).json();
  ASSERT_EQ(listed["checkpoints"].items().size(), 1U);
  const Json& facts = listed["checkpoints"].items()[0];
  EXPECT_EQ(facts["label"].as_string(), "by hand");
  EXPECT_EQ(facts["reason"].as_string(), "by_hand");
  EXPECT_EQ(facts["paths"].items()[0].as_string(), "src");
  EXPECT_TRUE(facts["stage"].is_null());
  const std::string id = facts["id"].as_string();
  EXPECT_TRUE(has(program.run({"checkpoint", "list"}).out, "by hand"));
  const ProgramResult shown = program.run({"checkpoint", "show", id});
  EXPECT_TRUE(has(shown.out, "src/sub/b.txt")) << shown.out;

  program.write("src/a.txt", "2");
  program.write("src/new.txt", "2");
  fs::remove_all(program.path("src/sub"));
  const ProgramResult dry = program.run({"checkpoint", "restore", "-n", id.substr(28)});
  EXPECT_EQ(dry.exit_code, 0) << dry.err;
  EXPECT_TRUE(has(dry.out, "~ src/a.txt\n- src/new.txt\n+ src/sub\n+ src/sub/b.txt\n")) << dry.out;
  EXPECT_EQ(program.read("src/a.txt"), "2");
  EXPECT_EQ(program.run({"checkpoint", "list", "-q"}).out, id + "\n");

  const ProgramResult restored = program.run({"checkpoint", "restore", id, "--json"});
  EXPECT_EQ(restored.exit_code, 0) << restored.err;
  EXPECT_EQ(restored.json()["changes"].items().size(), 4U);
  EXPECT_EQ(program.read("src/a.txt"), "1");
  EXPECT_EQ(program.read("src/sub/b.txt"), "1");
  EXPECT_FALSE(fs::exists(program.path("src/new.txt")));
  const std::string before = restored.json()["before"].as_string();
  EXPECT_EQ(program.run({"checkpoint", "restore", before}).exit_code, 0);
  EXPECT_EQ(program.read("src/new.txt"), "2");

  EXPECT_EQ(program.run({"checkpoint", "delete", id, before}).exit_code, 0);
  EXPECT_EQ(program.run({"checkpoint", "list", "--json"}).json()["checkpoints"].items().size(), 1U);
}

TEST_F(CheckpointCommandTest, paths_are_relative_to_where_one_stands) {
  const std::string from_sub = program.path("src/sub");
  const ProgramResult made =
      program.run({"-C", from_sub, "checkpoint", "create", "../a.txt", "--json"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(made.json()["checkpoint"]["paths"].items()[0].as_string(), "src/a.txt");
  EXPECT_FALSE(fs::exists(program.path("src/sub/.headway")));
}

TEST_F(CheckpointCommandTest, what_cannot_be_is_refused_by_name) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> all{
      {{"checkpoint"}, "needs to know what to do"},
      {{"checkpoint", "undo"}, "does not know 'undo'"},
      {{"checkpoint", "create"}, "needs paths"},
      {{"checkpoint", "create", "nowhere"}, "there is no 'nowhere'"},
      {{"checkpoint", "create", "../other"}, "lies outside of"},
      {{"checkpoint", "create", "/etc"}, "lies outside of"},
      {{"checkpoint", "create", ".git"}, "git's own"},
      {{"checkpoint", "create", ".headway/runs"}, "Headway's own state"},
      {{"checkpoint", "restore"}, "needs the id"},
      {{"checkpoint", "restore", "abc"}, "too short"},
      {{"checkpoint", "restore", "abcd1234"}, "no checkpoint ends in"},
      {{"checkpoint", "list", "x"}, "takes no further word"},
      {{"checkpoint", "create", "-n", "src"}, "'--dry-run' belongs to restore"}};
  for (const auto& [words, message] : all) {
    const ProgramResult result = program.run(words);
    EXPECT_EQ(result.exit_code, 2) << message;
    EXPECT_TRUE(has(result.err, message)) << result.err;
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(CheckpointCommandTest, without_git_it_is_refused_and_says_so) {
  program.set("PATH", "/nowhere");
  const ProgramResult made = program.run({"checkpoint", "create", "src"});
  EXPECT_EQ(made.exit_code, 2);
  EXPECT_TRUE(has(made.err, "checkpoints need git")) << made.err;
}

TEST_F(CheckpointCommandTest, a_stage_has_its_paths_saved_before_it_starts) {
  program.write("headway.yaml", R"(version: 1
stages:
  first: {run: 'echo 2 > src/a.txt'}
  spoil: {run: 'rm -r src; exit 1', needs: [first], checkpoint: [src, dist], retries: {max: 1, delay: 0s}}
)");
  const ProgramResult run = program.run({"run"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_FALSE(fs::exists(program.path("src")));
  const Json listed = program.run({"checkpoint", "list", "--json"}).json();
  ASSERT_EQ(listed["checkpoints"].items().size(), 1U);
  const Json& facts = listed["checkpoints"].items()[0];
  EXPECT_EQ(facts["reason"].as_string(), "before_stage");
  EXPECT_EQ(facts["stage"].as_string(), "spoil");
  const std::string undo = "headway checkpoint restore " + facts["id"].as_string().substr(28);
  EXPECT_TRUE(has(run.out, undo)) << run.out;
  EXPECT_TRUE(has(program.run({"show"}).out, undo));
  EXPECT_EQ(facts["run_id"].as_string(),
            program.run({"runs", "--json"}).json()["runs"].items()[0]["run_id"].as_string());
  ASSERT_EQ(program.run({"checkpoint", "restore", facts["id"].as_string()}).exit_code, 0);
  EXPECT_EQ(program.read("src/a.txt"), "2\n");
  EXPECT_EQ(program.read("src/sub/b.txt"), "1");
}

TEST_F(CheckpointCommandTest, a_stage_whose_paths_cannot_be_saved_is_not_started) {
  program.write("headway.yaml", R"(version: 1
stages:
  risky: {run: 'touch ran', checkpoint: [link/x], retries: {max: 1, delay: 0s}}
)");
  fs::create_directory_symlink("/tmp", program.path("link"));
  const ProgramResult run = program.run({"run"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_TRUE(has(run.out + run.err, "its checkpoint could not be made")) << run.out << run.err;
  EXPECT_FALSE(fs::exists(program.path("ran")));
}

TEST_F(CheckpointCommandTest, a_stage_that_is_up_to_date_saves_nothing) {
  program.write("headway.yaml", R"(version: 1
stages:
  make: {run: 'echo 1 > out', inputs: [src], outputs: [out], checkpoint: [out]}
)");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  EXPECT_EQ(program.run({"checkpoint", "list", "--json"}).json()["checkpoints"].items().size(), 1U);
}

TEST_F(CheckpointCommandTest, a_stage_that_stays_finished_or_is_left_out_saves_nothing) {
  program.write("headway.yaml", R"(version: 1
stages:
  a: {run: 'true', checkpoint: [src]}
  off: {run: 'true', checkpoint: [src], when: {env: {NEVER: x}}}
  b: {run: 'test -e ok', needs: [a, off], checkpoint: [src]}
  c: {run: 'true', needs: [b], checkpoint: [src]}
)");
  const auto count = [this] {
    return program.run({"checkpoint", "list", "--json"}).json()["checkpoints"].items().size();
  };
  ASSERT_EQ(program.run({"run"}).exit_code, 1);
  EXPECT_EQ(count(), 2U) << "before a and b";
  program.write("ok", "");
  ASSERT_EQ(program.run({"resume"}).exit_code, 0);
  EXPECT_EQ(count(), 4U) << "before b and c; a stays finished";
}

// The state of the user's repository, byte by byte where it is files.
TEST_F(CheckpointCommandTest, status_index_stash_and_head_of_the_user_are_untouched) {
  const std::string git = "git -c user.name=a -c user.email=a@b ";
  shell("git init -q . && printf '.headway\\n' > .gitignore && git add . && " + git +
        "commit -qm one && echo 2 > src/a.txt && " + git +
        "stash -q && echo 3 > src/a.txt && git add src/a.txt && echo 4 > src/a.txt && "
        "echo u > untracked");
  const std::string look =
      "git --no-optional-locks status --porcelain=v2 --branch && git stash list && "
      "git rev-parse HEAD && md5sum .git/index .git/HEAD && "
      "find .git -type f | sort | xargs md5sum";
  const std::string before = shell(look);
  const std::string id = create({"."});
  EXPECT_EQ(shell(look), before);
  shell("echo 9 > src/a.txt && rm -r src/sub untracked");
  ASSERT_EQ(program.run({"checkpoint", "restore", id}).exit_code, 0);
  EXPECT_EQ(shell(look), before);
}

TEST_F(CheckpointCommandTest, five_thousand_files_are_saved_and_restored) {
  for (int i = 0; i < 5000; ++i) {
    program.write("many/d" + std::to_string(i % 70) + "/f" + std::to_string(i),
                  "file " + std::to_string(i));
  }
  const std::string id = create({"many"});
  const ProgramResult same = program.run({"checkpoint", "restore", id, "--json"});
  EXPECT_EQ(same.json()["same"].as_integer(), 5000);
  fs::remove_all(program.path("many"));
  ASSERT_EQ(program.run({"checkpoint", "restore", id}).exit_code, 0);
  EXPECT_EQ(program.read("many/d42/f4942"), "file 4942");
  EXPECT_EQ(std::distance(fs::recursive_directory_iterator(program.path("many")), {}), 5000 + 70);
}

// Wherever the kill comes: every file is whole, old or new, the next command says how to go on,
// and going on or back gives exactly that state.
TEST_F(CheckpointCommandTest, killed_restores_leave_whole_files_and_can_go_on_or_back) {
  constexpr int kFiles = 200;
  const auto name = [](int i) {
    return "many/d" + std::to_string(i % 7) + "/f" + std::to_string(i);
  };
  const auto fill = [&](const std::string& content) {
    for (int i = 0; i < kFiles; ++i) {
      program.write(name(i), content);
    }
  };
  const auto all_are = [&](const std::string& content) {
    int count = 0;
    for (int i = 0; i < kFiles; ++i) {
      count += program.read(name(i)) == content ? 1 : 0;
    }
    return count == kFiles;
  };
  fill("first");
  const std::string id = create({"many"});
  bool goes_back = false;
  for (int delay_ms = 0; delay_ms < 120; delay_ms += 15) {
    fill("second");
    auto process = program.start({"checkpoint", "restore", id});
    ::usleep(static_cast<useconds_t>(delay_ms) * 1000);
    process.send(SIGKILL);
    process.wait();
    for (int i = 0; i < kFiles; ++i) {
      const std::string content = program.read(name(i));
      ASSERT_TRUE(content == "first" || content == "second") << name(i) << ": " << content;
    }
    const ProgramResult list = program.run({"checkpoint", "list"});
    ASSERT_EQ(list.exit_code, 0) << list.err;
    const std::size_t back = list.err.rfind("`headway checkpoint restore ");
    const bool was_cut = has(list.err, "was cut off");
    goes_back = was_cut && !goes_back;
    const std::string next = goes_back ? list.err.substr(back + 28, 8) : id;
    const ProgramResult again = program.run({"checkpoint", "restore", next});
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_TRUE(all_are(goes_back ? "second" : "first")) << delay_ms;
    EXPECT_EQ(program.run({"checkpoint", "list"}).err, "");
    EXPECT_FALSE(fs::exists(program.path(".headway/checkpoints/restoring")));
  }
}

}  // namespace
}  // namespace headway
