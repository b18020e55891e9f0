// From words to a command; see argument_parser.hpp. Prints nothing, runs nothing.
#include "cli/argument_parser.hpp"

#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace headway::cli {
namespace {

constexpr int kMaxWords = 1 << 20;  // positionals that CLI11 takes; our own bound comes after it

// A flag and what CLI11 made of it.
struct BoundFlag {
  const Flag* flag;
  CLI::Option* option;
};

// A command, its subcommand in CLI11, and its parts there.
struct BoundCommand {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::vector<BoundFlag> flags;
  CLI::Option* positional = nullptr;
};

bool accept(const CLI::results_t&) {
  return true;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates) {
  const auto nearest = nearest_name(name, candidates);
  return nearest ? fmt::format(" (did you mean '{}'?)", *nearest) : "";
}

BoundFlag bind_flag(CLI::App& app, const Flag& flag) {
  CLI::Option* option = nullptr;
  if (flag.value_name.empty() || flag.optional_value) {
    option = app.add_flag(flag.names);
    if (!flag.optional_value && is_built(flag)) {
      option->disable_flag_override();
    }
  } else {
    option = app.add_option(flag.names, CLI::callback_t(accept));
    option->expected(is_built(flag) ? 1 : 0, 1);  // not built: refused whatever follows it
  }
  return {&flag, option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)};
}

BoundCommand bind_command(CLI::App& root, const Command& command) {
  BoundCommand bound{.command = &command, .app = &root, .flags = {}};
  if (!command.name.empty()) {
    bound.app = root.add_subcommand(command.name);
    bound.app->set_help_flag();
    bound.app->fallthrough();
  }
  bound.app->allow_extras();
  for (const Flag& flag : command.flags) {
    bound.flags.push_back(bind_flag(*bound.app, flag));
  }
  if (command.arguments != nullptr) {
    bound.positional = bound.app->add_option("arguments", CLI::callback_t(accept));
    bound.positional->expected(0, kMaxWords)->allow_extra_args();
  }
  return bound;
}

std::string last_value(const CLI::Option& option) {
  return option.count() == 0 ? "" : option.results().back();
}

// The mistake in a value that is not among the choices, or "".
std::string check_choice(const Flag& flag, const std::string& value) {
  if (flag.choices.empty() ||
      std::find(flag.choices.begin(), flag.choices.end(), value) != flag.choices.end()) {
    return "";
  }
  const std::vector<std::string_view> candidates(flag.choices.begin(), flag.choices.end());
  return fmt::format("'{}' is no value of '{}': one of {}{}",
                     value,
                     long_name(flag),
                     join(flag.choices, ", "),
                     did_you_mean(value, candidates));
}

// Writes what was given into the flag's target; the mistake in it, or "".
std::string fill_flag(const BoundFlag& bound) {
  if (bound.option->count() == 0) {
    return "";
  }
  const Flag& flag = *bound.flag;
  if (!is_built(flag)) {
    return fmt::format("'{}' is not built yet", long_name(flag));
  }
  if (flag.on != nullptr) {
    *flag.on = true;
    return "";
  }
  const std::vector<std::string> values = bound.option->results();
  if (std::find(values.begin(), values.end(), "") != values.end()) {
    return fmt::format("'{}' has an empty value: give one, or leave the flag out", long_name(flag));
  }
  if (flag.texts != nullptr) {
    *flag.texts = values;
    return "";
  }
  *flag.text = last_value(*bound.option);
  if (flag.optional_value && *flag.text == "true") {
    *flag.text = *flag.optional_value;
    return "";
  }
  return check_choice(flag, *flag.text);
}

std::vector<std::string_view> flag_candidates(const Command& command) {
  std::vector<std::string_view> names;
  for (const auto* flags : {&command.flags, &global_flags()}) {
    for (const Flag& flag : *flags) {
      for (const std::string_view name : all_names(flag)) {
        names.push_back(name);
      }
    }
  }
  return names;
}

std::string unknown_word(const std::string& word,
                         const Command& command,
                         const std::vector<Command>& table) {
  const std::string of = command.name.empty() ? "" : fmt::format(" of '{}'", command.name);
  if (word.size() > 1 && word.front() == '-') {
    const std::string name = word.substr(0, word.find('='));
    return fmt::format(
        "unknown flag '{}'{}{}", name, of, did_you_mean(name, flag_candidates(command)));
  }
  if (!command.name.empty()) {
    return fmt::format("unexpected argument '{}'{}", word, of);
  }
  std::vector<std::string_view> names;
  names.reserve(table.size());
  for (const Command& other : table) {
    names.push_back(other.name);
  }
  return fmt::format("unknown command '{}'{}", word, did_you_mean(word, names));
}

// One parse: CLI11's app and what it is bound to.
class Parse {
 public:
  explicit Parse(const std::vector<Command>& table) : table_(table) {
    app_.set_help_flag();
    app_.require_subcommand(0, 1);
    for (const Flag& flag : global_flags()) {
      global_.push_back(bind_flag(app_, flag));
    }
    for (const Command& command : table) {
      commands_.push_back(bind_command(app_, command));
    }
  }

  ParsedArguments run(std::vector<std::string> words) {
    ParsedArguments parsed;
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    std::string mistake;
    try {
      app_.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
      mistake = in_our_words(error);
    }
    const BoundCommand& chosen = this->chosen();
    parsed.command = chosen.command;
    if (!chosen.command->run) {
      return fail(parsed, fmt::format("'{}' is not built yet", chosen.command->name));
    }
    if (mistake.empty() && given("--help")) {
      parsed.kind = ParsedArguments::Kind::help;
      return parsed;
    }
    if (mistake.empty() && given("--version")) {
      parsed.kind = ParsedArguments::Kind::version;
      return parsed;
    }
    mistake = mistake.empty() ? check(chosen) : mistake;
    return mistake.empty() ? fill_globals(parsed) : fail(parsed, mistake);
  }

 private:
  static ParsedArguments fail(ParsedArguments parsed, std::string message) {
    parsed.kind = ParsedArguments::Kind::usage_error;
    parsed.message = std::move(message);
    return parsed;
  }

  static std::string in_our_words(const CLI::ParseError& error) {
    std::string text = error.what();
    const std::string name = text.substr(0, text.find_first_of(": "));
    if (text.find("required") != std::string::npos) {
      return fmt::format("'{}' needs a value", name);
    }
    if (text.find("override") != std::string::npos) {
      return fmt::format("'{}{}' takes no value", name.starts_with("-") ? "" : "--", name);
    }
    return text;
  }

  const BoundCommand& chosen() const {
    for (const BoundCommand& command : commands_) {
      if (command.app != &app_ && command.app->parsed()) {
        return command;
      }
    }
    return commands_.front();
  }

  const CLI::Option& global(std::string_view name) const {
    const auto found = std::find_if(global_.begin(), global_.end(), [&](const BoundFlag& bound) {
      return long_name(*bound.flag) == name || bound.flag->names == name;
    });
    return *found->option;
  }

  bool given(std::string_view name) const { return global(name).count() > 0; }

  // Fills the targets of the command; the first mistake, or "".
  std::string check(const BoundCommand& chosen) {
    for (const std::string& word : app_.remaining(true)) {
      if (word != "--") {
        return unknown_word(word, *chosen.command, table_);
      }
    }
    for (const BoundFlag& flag : chosen.flags) {
      if (std::string mistake = fill_flag(flag); !mistake.empty()) {
        return mistake;
      }
    }
    const Command& command = *chosen.command;
    if (chosen.positional != nullptr) {
      *command.arguments = chosen.positional->results();
      if (command.max_arguments > 0 && command.arguments->size() > command.max_arguments) {
        return unknown_word((*command.arguments)[command.max_arguments], command, table_);
      }
    }
    if (given("--json") && !command.takes_json) {
      return fmt::format("'--json' has no meaning for '{}'", command.name);
    }
    if (!command.takes_verbosity && (given("--verbose") || given("--quiet"))) {
      return fmt::format("'--verbose' and '--quiet' have no meaning for '{}'", command.name);
    }
    return "";
  }

  ParsedArguments fill_globals(ParsedArguments parsed) const {
    GlobalOptions& options = parsed.options;
    options.directory = last_value(global("-C"));
    options.file = last_value(global("--file"));
    options.verbose = static_cast<int>(global("--verbose").count());
    options.quiet = given("--quiet");
    options.json = given("--json");
    parsed.color_given = given("--color");
    const std::string color = last_value(global("--color"));
    options.color = color == "always"  ? ColorMode::always
                    : color == "never" ? ColorMode::never
                                       : ColorMode::automatic;
    for (const BoundFlag& bound : global_) {
      if (std::string mistake = check_choice(*bound.flag, last_value(*bound.option));
          bound.option->count() > 0 && !mistake.empty()) {
        return fail(std::move(parsed), std::move(mistake));
      }
    }
    if (options.quiet && options.verbose > 0) {
      return fail(std::move(parsed), "'--verbose' and '--quiet' contradict each other");
    }
    return parsed;
  }

  const std::vector<Command>& table_;
  CLI::App app_;
  std::vector<BoundFlag> global_;
  std::vector<BoundCommand> commands_;
};

}  // namespace

const std::vector<Flag>& global_flags() {
  static const std::vector<Flag> all = [] {
    // Their target only says that they are built; the parser reads them itself.
    static bool understood = false;
    std::vector<Flag> flags{
        {"-C", "DIR", "work as if started in DIR"},
        {"-f,--file", "FILE", "the workflow file (default: headway.yaml, here or above)"},
        {"-v,--verbose", "", "tell more"},
        {"-q,--quiet", "", "tell only the essential"},
        {"--json", "", "one JSON document on stdout, text for people on stderr"},
        {"--color", "WHEN", "auto, always or never"},
        {"-h,--help", "", "this text"},
        {"--version", "", "the version"},
    };
    for (Flag& flag : flags) {
      flag.on = &understood;
    }
    flags[5].choices = {"auto", "always", "never"};
    return flags;
  }();
  return all;
}

ParsedArguments parse_arguments(const std::vector<std::string>& words,
                                const std::vector<Command>& table) {
  const auto mark = std::find(words.begin(), words.end(), "--");
  ParsedArguments parsed = Parse(table).run({words.begin(), mark});
  if (mark == words.end()) {
    return parsed;
  }
  if (parsed.command->passed == nullptr) {
    return Parse(table).run(words);  // "--" only ends the flags
  }
  parsed.command->passed->assign(mark + 1, words.end());
  return parsed;
}

std::vector<Flag> global_flags_of(const Command& command) {
  std::vector<Flag> flags;
  for (const Flag& flag : global_flags()) {
    const bool verbosity = flag.names == "-v,--verbose" || flag.names == "-q,--quiet";
    if ((flag.names != "--json" || command.takes_json) && (!verbosity || command.takes_verbosity)) {
      flags.push_back(flag);
    }
  }
  return flags;
}

}  // namespace headway::cli
