// BackgroundWriter with its thread and real files.
#include "record/background_writer.hpp"

#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace headway {
namespace {

int files_in(const TempFolder& folder) {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    ++count;
  }
  return count;
}

PendingFile pending(const std::string& path, std::string_view content) {
  PendingFile file(path);
  file.append(content);
  return file;
}

TEST(BackgroundWriter, flush_waits_until_the_file_is_there) {
  const TempFolder folder;
  BackgroundWriter writer;
  writer.replace_file(pending(folder / "status.json", "{}\n"));
  writer.flush();
  EXPECT_EQ(slurp(folder / "status.json"), "{}\n");
  EXPECT_EQ(writer.trouble(), "");
}

TEST(BackgroundWriter, newest_content_wins) {
  const TempFolder folder;
  BackgroundWriter writer;
  for (int i = 0; i <= 1000; ++i) {
    writer.replace_file(pending(folder / "status.json", std::to_string(i)));
  }
  writer.flush();
  EXPECT_EQ(slurp(folder / "status.json"), "1000");
  EXPECT_EQ(files_in(folder), 1);
}

TEST(BackgroundWriter, destructor_does_what_was_asked) {
  const TempFolder folder;
  {
    BackgroundWriter writer;
    writer.replace_file(pending(folder / "a", "1"));
    writer.replace_file(pending(folder / "b", "2"));
  }
  EXPECT_EQ(slurp(folder / "a"), "1");
  EXPECT_EQ(slurp(folder / "b"), "2");
}

TEST(BackgroundWriter, without_a_request_flush_and_destructor_return) {
  BackgroundWriter writer;
  writer.flush();
  EXPECT_EQ(writer.trouble(), "");
}

TEST(BackgroundWriter, reader_sees_the_old_or_the_new_content_whole) {
  const TempFolder folder;
  const std::string path = folder / "status.json";
  const std::string old_content(50'000, 'a');
  const std::string new_content(70'000, 'b');
  BackgroundWriter writer;
  writer.replace_file(pending(path, old_content));
  writer.flush();
  for (int i = 0; i < 50; ++i) {
    writer.replace_file(pending(path, i % 2 == 0 ? new_content : old_content));
    const std::string seen = slurp(path);
    ASSERT_TRUE(seen == old_content || seen == new_content);
  }
}

TEST(BackgroundWriter, file_that_cannot_be_written_is_trouble_that_names_it) {
  const TempFolder folder;
  BackgroundWriter writer;
  writer.replace_file(pending(folder / "absent/status.json", "{}"));
  writer.flush();
  EXPECT_NE(writer.trouble().find("absent"), std::string::npos);
}

TEST(BackgroundWriter, first_trouble_is_kept_and_later_files_are_written) {
  const TempFolder folder;
  BackgroundWriter writer;
  writer.replace_file(pending(folder / "absent/one", "1"));
  writer.flush();
  const std::string first = writer.trouble();
  writer.replace_file(pending(folder / "other/two", "2"));
  writer.replace_file(pending(folder / "three", "3"));
  writer.flush();
  EXPECT_EQ(writer.trouble(), first);
  EXPECT_EQ(slurp(folder / "three"), "3");
}

TEST(BackgroundWriter, sync_of_a_file_is_no_trouble_and_of_a_pipe_is) {
  const TempFolder folder;
  const int file = ::open((folder / "events.jsonl").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
  ASSERT_GE(file, 0);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  {
    BackgroundWriter writer;
    for (int i = 0; i < 100; ++i) {
      writer.sync(file);
    }
    writer.flush();
    EXPECT_EQ(writer.trouble(), "");
    writer.sync(ends[1]);
    writer.flush();
    EXPECT_NE(writer.trouble(), "");
  }
  ::close(file);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(BackgroundWriter, requests_from_several_threads_are_all_done) {
  const TempFolder folder;
  BackgroundWriter writer;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) {
        writer.replace_file(pending(folder / std::to_string(thread), std::to_string(i)));
        if (i % 10 == 0) {
          writer.flush();
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  writer.flush();
  for (int thread = 0; thread < 4; ++thread) {
    EXPECT_EQ(slurp(folder / std::to_string(thread)), "49");
  }
}

// Whether a thread of this process has the signal blocked, as the kernel tells it.
bool blocks(const std::filesystem::path& task, int signal) {
  const std::string status = slurp((task / "status").string());
  const std::string name = "SigBlk:\t";
  const std::string mask = status.substr(status.find(name) + name.size(), 16);
  return ((std::stoull(mask, nullptr, 16) >> (signal - 1)) & 1U) != 0;
}

TEST(BackgroundWriter, its_thread_takes_no_signal_from_the_program) {
  const TempFolder folder;
  BackgroundWriter writer;
  writer.replace_file(pending(folder / "status.json", "{}"));
  writer.flush();
  int others = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() != std::to_string(::getpid())) {
      ++others;
      EXPECT_TRUE(blocks(task.path(), SIGTERM));
    }
  }
  EXPECT_GE(others, 1);
}

TEST(BackgroundWriter, signal_mask_of_the_caller_is_as_before) {
  const TempFolder folder;
  BackgroundWriter writer;
  writer.replace_file(pending(folder / "status.json", "{}"));
  sigset_t mask;
  sigemptyset(&mask);
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGTERM), 0);
}

}  // namespace
}  // namespace headway
