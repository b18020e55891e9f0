// Names of flags; see command.hpp. Knows no library of argument parsing.
#include "cli/command.hpp"

#include "base/text.hpp"

namespace headway::cli {

std::vector<std::string_view> all_names(const Flag& flag) {
  return split(flag.names, ',');
}

std::string_view long_name(const Flag& flag) {
  const std::string_view names = flag.names;
  const std::size_t at = names.rfind(',');
  return at == std::string_view::npos ? names : names.substr(at + 1);
}

std::string program_words(const GlobalOptions& options) {
  std::string words = "headway";
  words += options.directory.empty() ? "" : " -C " + shell_quote(options.directory);
  words += options.file.empty() ? "" : " -f " + shell_quote(options.file);
  return words;
}

}  // namespace headway::cli
