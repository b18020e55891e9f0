// Command: one subcommand as data, and the settings that all share. The seam between the argument
// parser and the subcommands. Knows no library of argument parsing.
#pragma once

#include "base/clock.hpp"
#include "cli/terminal/terminal.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// A language model that may be asked about a failure, by the user's configuration alone: no
// variable and no workflow file can send a log anywhere.
struct ModelSettings {
  std::string address{};       // base of a service with `/chat/completions`: http:// or https://,
                               // without '/' at its end; empty: there is none
  std::string name{};          // as the service knows it; not empty where `address` is not
  std::string key_variable{};  // the environment variable with its key; empty: it wants none
  bool is_remote = false;      // `remote`: the address may be another machine
  Nanos timeout = std::chrono::seconds(60);  // of one answer; whole seconds
};

// Settings from the environment: HEADWAY_JOBS, _OUTPUT, _STATE_DIR, _COLOR, _CONFIG. Empty: not
// set. No other variable is a setting. What it does not set, the user's configuration does.
struct EnvironmentSettings {
  std::string jobs{}, output{}, state_directory{}, color{}, config{};
  ModelSettings model{};
};

// Flags that stand everywhere, and what the process knows of its surroundings.
struct GlobalOptions {
  std::string directory;  // -C, as given
  std::string start;   // absolute: where commands look for the workflow: -C, or where they are run
  std::string file;    // -f
  int verbose = 0;     // -v
  bool quiet = false;  // -q
  ColorMode color = ColorMode::automatic;
  bool json = false;  // --json, where the command has it
  EnvironmentSettings settings;
  TerminalFacts terminal;
};

// One flag of a command. Exactly one of the targets is set; a flag without any is known, but not
// built yet: refused by name.
struct Flag {
  std::string names;       // "-k,--keep-going"
  std::string value_name;  // "N"; empty: no value
  std::string help;
  bool* on = nullptr;
  std::string* text = nullptr;
  std::vector<std::string>* texts = nullptr;  // may be given often: every value, in order
  // `--fail-fast[=kill]`: what the text is without "=..."; the value then never stands apart.
  std::optional<std::string> optional_value{};
  std::vector<std::string> choices{};  // the values there are; empty: any
};

// One subcommand. The root's own behaviour is a command with an empty name.
struct Command {
  std::string name;
  std::string summary;                            // one line
  std::string positional;                         // "STAGE..." or empty
  std::vector<std::string>* arguments = nullptr;  // the positionals; null: none are taken
  std::size_t max_arguments = 0;                  // 0: any number
  std::vector<std::string>* passed = nullptr;     // what stands behind "--"; null: more positionals
  bool takes_json = false;
  bool takes_verbosity = true;  // -v and -q change what it prints
  std::vector<Flag> flags;
  std::function<int(const GlobalOptions&)> run;  // empty: the whole command is not built yet
  std::vector<std::string> argument_choices{};   // the positionals there are; empty: any
};

// "headway -C sub -f ci.yaml": how a further command finds the same workflow.
std::string program_words(const GlobalOptions& options);
// "--keep-going" of "-k,--keep-going": the name that messages use.
std::string_view long_name(const Flag& flag);
// Every spelling of a flag.
std::vector<std::string_view> all_names(const Flag& flag);
// Whether a flag can do anything.
inline bool is_built(const Flag& flag) {
  return flag.on != nullptr || flag.text != nullptr || flag.texts != nullptr;
}

}  // namespace headway::cli
