// GitProcess: git at work on a bare repository of Headway's own, fed and read through descriptors.
// Knows nothing of what is in there.
#pragma once

#include "base/unique_fd.hpp"
#include "headway/result.hpp"

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Where git works. Plain value.
struct GitPlace {
  std::string program;  // path of git
  std::string folder;   // of the bare repository
  int held = -1;        // stays open in git until it has ended: a lock outlives whoever took it
};

// What it reads: a text, or what is sent.
enum class GitInput { text, stream };

// One git. No setting of the user, no variable of git's (GIT_DIR, GIT_INDEX_FILE, ...) reaches it,
// so it can touch no other repository. It dies with the thread that started it. Not synchronised.
class GitProcess {
 public:
  // `words` come after "git". Error io where it cannot be started.
  static Result<GitProcess> start(const GitPlace& place,
                                  const std::vector<std::string>& words,
                                  GitInput input,
                                  std::string_view text = {});
  GitProcess(GitProcess&& other) noexcept;
  GitProcess& operator=(GitProcess&& other) = delete;
  // Kills what was not finished.
  ~GitProcess();

  // With GitInput::stream. Buffered; error io where git reads no more (finish() says why).
  Result<void> send(std::string_view bytes);
  // Fills `buffer` from its output; fewer bytes only at the end of it.
  Result<std::size_t> receive(char* buffer, std::size_t size);
  // Up to and without the next newline; nothing at the end of the output.
  std::optional<std::string> receive_line();
  // All that is left of its output.
  Result<std::string> receive_all();
  // Closes what it reads from and waits. Error io with git's own words where it did not succeed.
  Result<void> finish();

 private:
  GitProcess() = default;
  Result<void> flush();
  std::size_t refill();
  std::string complaint() const;

  pid_t pid_ = -1;
  std::string verb_, folder_;
  UniqueFd input_, output_, errors_;
  std::string pending_;   // to be sent
  std::string received_;  // from received_at_ on not yet given
  std::size_t received_at_ = 0;
};

// Starts, reads all it prints and waits for it.
Result<std::string> run_git(const GitPlace& place,
                            const std::vector<std::string>& words,
                            std::string_view input = {});

}  // namespace headway
