// The floor that `headway run` is held against: starts /bin/true N times, J at a time, and waits.
// Records nothing, captures nothing. usage: bare_spawn_loop N J
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

extern char** environ;

namespace {

bool start_one() {
  char program[] = "/bin/true";
  char* const argv[] = {program, nullptr};
  const pid_t pid = vfork();
  if (pid == 0) {
    execve(program, argv, environ);
    _exit(127);
  }
  return pid > 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bare_spawn_loop N J\n");
    return 2;
  }
  int left = std::atoi(argv[1]);
  const int jobs = std::atoi(argv[2]);
  int running = 0;
  while (left > 0 || running > 0) {
    while (left > 0 && running < jobs) {
      if (!start_one()) {
        return 1;
      }
      --left;
      ++running;
    }
    if (wait(nullptr) > 0) {
      --running;
    }
  }
  return 0;
}
