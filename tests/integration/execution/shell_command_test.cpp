// Whatever simple_command() answers for, the shell must do the same: both are run and compared.
#include "execution/shell_command.hpp"

#include "host/program_lookup.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <random>

namespace headway {
namespace {

// What running a command came to.
struct Outcome {
  std::string output;
  int code = 0;
  bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  return out << "code " << outcome.code << ", output <" << outcome.output << ">";
}

// Runs the words; stdout alone is kept, since the words for "not found" are the shell's own.
Outcome run(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return {"no pipe", -1};
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::vector<char*> argv;
  for (const std::string& word : words) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  Outcome outcome;
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  while ((got = read(ends[0], buffer.data(), buffer.size())) > 0) {
    outcome.output.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(ends[0]);
  if (error != 0) {
    return {"", error == EACCES ? 126 : 127};
  }
  int status = 0;
  waitpid(pid, &status, 0);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

// The words as ProcessBackend runs them.
Outcome run_directly(std::vector<std::string> words) {
  const char* path = getenv("PATH");
  const auto program = find_program(words.front(), {path == nullptr ? kDefaultPath : path, "/"});
  if (!program) {
    return {"", program.error().code == ErrorCode::not_found ? 127 : 126};
  }
  words.front() = *program;
  return run(words);
}

// Compares where simple_command() answers; true where it did.
bool compare(const std::string& script) {
  const auto words = simple_command(script);
  if (!words) {
    return false;
  }
  const Outcome direct = run_directly(*words);
  EXPECT_EQ(direct, run({"/bin/sh", "-e", "-c", script})) << "sh: " << script;
  if (access("/bin/bash", X_OK) == 0) {
    EXPECT_EQ(direct, run({"/bin/bash", "--posix", "-e", "-c", script})) << "bash: " << script;
  }
  return true;
}

const std::vector<std::string> kCorpus = {
    "/bin/true",
    "/bin/false",
    "/bin/false\n",
    "  /usr/bin/printf '[%s]' a  b\tc  \n\n",
    "/usr/bin/printf '[%s]' '' \"\" ''\"\" a''b",
    "/usr/bin/printf '[%s]' 'a b' \"c d\" e\\ f",
    "/usr/bin/printf '[%s]' \"a\\b\\\\c\\\"d\\$e\\`f\"",
    "/usr/bin/printf '[%s]' 'a\\b' a\\\\b \\a \\' \\\" \\$x \\* \\? \\~ \\# \\; \\| \\& \\( \\{",
    "/usr/bin/printf '[%s]' '*' \"*\" '$HOME' '~' \"~\" '#' \"#\" ';' '`ls`' '{a,b}'",
    "/usr/bin/printf '[%s]' --foo=bar a=b =c x= %1 +e -n -- - @ , . .. : / _",
    "/usr/bin/printf '[%s]' \"!\" '!' \"!!\" if then '{'",
    "/usr/bin/printf '[%s]' a'b'\"c\"\\d",
    "/usr/bin/printf '[%s]' \"'\" '\"' \"it's\"",
    "/usr/bin/printf '%s\\n' a b",
    "\"/usr/bin/printf\" x",
    "/usr/bin/pri'ntf' x",
    "/usr/bin/env printf x",
    "env -i A=b env",
    "cat /proc/self/comm",
    "sort -u /dev/null",
    "no-such-program-anywhere",
    "./no-such-file a",
    "/etc/passwd",
    "/tmp",
    "..",
    "expr 1 + 2",
    "expr 1 - 1",
    "seq 3",
    "basename /a/b.c .c",
    "python3 -c 'print(1)'",
    "readlink /proc/self/fd/0",
    // What must go to the shell, or be the same all the same.
    "echo a\\nb",
    "echo -n a",
    "printf '%b' 'a\\n'",
    "true --help",
    "false --help",
    "pwd -L",
    "test a = b",
    "[ a = a ]",
    "[[ a == a ]]",
    "kill -l",
    "type ls",
    "ulimit",
    "umask",
    "wait",
    "cd /",
    "exit 3",
    ". /dev/null",
    ": x",
    "! /bin/true",
    "{ /bin/true; }",
    "if true",
    "time ls",
    "A=b env",
    "a=b",
    "A=b",
    "export A=b",
    "set -- a",
    "eval ls",
    "exec true",
    "command ls",
    "/bin/echo *",
    "/bin/echo /et?",
    "/bin/echo [a-z]",
    "/bin/echo ~",
    "/bin/echo a~",
    "/bin/echo x=~",
    "/bin/echo $HOME",
    "/bin/echo \"$HOME\"",
    "/bin/echo `pwd`",
    "/bin/echo {a,b}",
    "/bin/echo a{b}c",
    "/bin/echo a#b",
    "/bin/echo a #b",
    "#/bin/echo a",
    "/bin/echo a;/bin/echo b",
    "/bin/echo a|cat",
    "/bin/echo a&",
    "/bin/echo a>/dev/null",
    "/bin/echo 2>/dev/null",
    "/bin/echo a\nb",
    "/bin/echo a \\\n b",
    "/bin/echo a\\",
    "/bin/echo \\ ",
    "/bin/echo 'a",
    "/bin/echo \"a",
    "/bin/echo 'a\nb'",
    "/bin/echo \"a\\\nb\"",
    "'' a",
    "\"\"",
    "'",
    "",
    " ",
    "\n",
    "/bin/echo \xc3\xa4",
    "/bin/echo '\xc3\xa4'",
    "/bin/echo \x81\x88",
    "%1",
    "fg",
    "-x",
    "/bin/echo a\rb",
    "/bin/echo a\vb",
    "if",
    "'if'",
    "\\if",
    "\"echo\" a\\tb",
    "ec\\ho a"};

TEST(ShellCommandAgainstShell, corpus_runs_the_same) {
  int compared = 0;
  for (const std::string& script : kCorpus) {
    compared += compare(script) ? 1 : 0;
  }
  EXPECT_GE(compared, 30);
}

// Characters that mean something to some shell, and a few that do not.
std::string random_text(std::mt19937& random, int length) {
  static const std::string alphabet =
      "aab  \t''''\"\"\"\"\\\\\\\\$`*?[]#~=%!{}()<>|&;\n,.:/+-@^_01";
  std::string text;
  for (int i = 0; i < length; ++i) {
    text += alphabet[random() % alphabet.size()];
  }
  return text;
}

TEST(ShellCommandAgainstShell, random_arguments_run_the_same) {
  std::mt19937 random(20260101);
  int compared = 0;
  for (int round = 0; round < 60000 && compared < 400; ++round) {
    const int length = 1 + static_cast<int>(random() % 14);
    compared += compare("/usr/bin/printf '[%s]' " + random_text(random, length)) ? 1 : 0;
  }
  EXPECT_EQ(compared, 400);
}

TEST(ShellCommandAgainstShell, random_commands_run_the_same) {
  static const std::vector<std::string> words = {
      "/bin/true", "seq",  "printf", "'echo'", "ech\\o", "tr\"u\"e", "expr",
      "./a",       "a=b",  "-a",     "if",     "time",   "!",        "{",
      "'{'",       "/tmp", "/a",     ".",      "'a b'",  "basename"};
  std::mt19937 random(20260102);
  int compared = 0;
  for (int round = 0; round < 60000 && compared < 200; ++round) {
    const int length = static_cast<int>(random() % 8);
    const std::string script = random_text(random, static_cast<int>(random() % 3)) +
                               words[random() % words.size()] + random_text(random, length);
    compared += compare(script) ? 1 : 0;
  }
  EXPECT_EQ(compared, 200);
}

}  // namespace
}  // namespace headway
