// Command: one subcommand as data, and the settings that all share. The seam between the argument
// parser and the subcommands. Knows no library of argument parsing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// When to colour.
enum class ColorMode { automatic, always, never };

// Flags that stand everywhere.
struct GlobalOptions {
  std::string directory;  // -C
  std::string file;       // -f
  int verbose = 0;        // -v
  bool quiet = false;     // -q
  ColorMode color = ColorMode::automatic;
  bool json = false;  // --json, where the command has it
};

// One flag of a command. Exactly one of the targets is set; a flag without any is refused as not
// built yet.
struct Flag {
  std::string names;       // "-k,--keep-going" as CLI11 spells them
  std::string value_name;  // "N"; empty: no value
  std::string help;
  bool* on = nullptr;
  std::string* text = nullptr;
  std::vector<std::string>* texts = nullptr;
  std::optional<std::string> optional_value{};  // `--fail-fast[=kill]`: the value without "=..."
};

// One subcommand.
struct Command {
  std::string name;
  std::string summary;                            // one line
  std::string positional;                         // "STAGE..." or empty
  std::vector<std::string>* arguments = nullptr;  // the positionals; null: none are taken
  std::size_t max_arguments = 0;                  // 0: any number
  bool takes_json = false;
  std::vector<Flag> flags;
  std::function<int(const GlobalOptions&)> run;  // empty: the whole command is not built yet
};

}  // namespace headway::cli
