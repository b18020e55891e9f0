// See make_flags.hpp.
#include "execution/make_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace headway {
namespace {

constexpr std::string_view kBlanks = " \t\n";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kAddressWords[] = {"--jobserver-auth=", "--jobserver-fds="};
constexpr std::string_view kFifo = "fifo:";
// The options of one letter that take no value: only among them is a 'j' surely the number of jobs.
constexpr std::string_view kPlainLetters = "BLRSbdeikmnpqrstvwj0123456789";

// Words are parted by blanks; a backslash takes the meaning from the character after it.
std::vector<std::string_view> words_of(std::string_view flags) {
  std::vector<std::string_view> words;
  std::size_t at = flags.find_first_not_of(kBlanks);
  while (at != std::string_view::npos) {
    std::size_t end = at;
    while (end < flags.size() && kBlanks.find(flags[end]) == std::string_view::npos) {
      end += flags[end] == '\\' ? 2 : 1;
    }
    words.push_back(flags.substr(at, end - at));
    at = end < flags.size() ? flags.find_first_not_of(kBlanks, end) : std::string_view::npos;
  }
  return words;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

bool is_address(std::string_view word) {
  return std::any_of(std::begin(kAddressWords), std::end(kAddressWords), [&](auto prefix) {
    return word.starts_with(prefix);
  });
}

bool is_jobs(std::string_view word) {
  return word == "--jobs" || word.starts_with("--jobs=");
}

// "kj4", "-kj4", "-j": options of one letter, the first word also without a dash.
bool is_letters(std::string_view word, bool is_first) {
  const bool has_dash = word.size() > 1 && word.front() == '-';
  if (!has_dash && !is_first) {
    return false;
  }
  return word.find_first_not_of(kPlainLetters, has_dash ? 1 : 0) == std::string_view::npos;
}

std::string without_jobs_letter(std::string_view word) {
  const std::size_t at = word.find('j');
  const std::size_t end = std::min(word.find_first_not_of(kDigits, at + 1), word.size());
  std::string left = std::string(word.substr(0, at)).append(word.substr(end));
  return left == "-" ? std::string() : left;
}

// The options that stay, and from where on there are variables.
struct Kept {
  std::vector<std::string> options;
  std::vector<std::string_view> variables;  // with the "--" before them
};

Kept kept_of(std::string_view flags) {
  const std::vector<std::string_view> words = words_of(flags);
  Kept kept;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string_view word = words[at];
    if (word == "--") {
      kept.variables.assign(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
      break;
    }
    const bool has_letter = is_letters(word, at == 0) && word.find('j') != std::string_view::npos;
    if (has_letter) {
      if (std::string left = without_jobs_letter(word); !left.empty()) {
        kept.options.push_back(std::move(left));
      }
    } else if (!is_address(word) && !is_jobs(word)) {
      kept.options.emplace_back(word);
      continue;
    }
    // "-j 4" and "--jobs 4"
    const bool wants_number = word == "--jobs" || (has_letter && word.back() == 'j');
    if (wants_number && at + 1 < words.size() && is_number(words[at + 1])) {
      ++at;
    }
  }
  return kept;
}

// As make writes it: letters first without a dash, else a blank first.
std::string joined(const Kept& kept) {
  std::string out;
  for (const std::string& option : kept.options) {
    if (!out.empty() || option.starts_with('-')) {
      out += ' ';
    }
    out += option;
  }
  for (const std::string_view word : kept.variables) {
    out.append(" ").append(word);
  }
  return out;
}

}  // namespace

std::optional<JobServerAddress> jobserver_address(std::string_view flags) {
  std::optional<JobServerAddress> found;
  for (const std::string_view word : words_of(flags)) {
    if (word == "--") {
      break;
    }
    if (!is_address(word)) {
      continue;
    }
    const std::string_view value = word.substr(word.find('=') + 1);
    JobServerAddress address;
    if (value.starts_with(kFifo)) {
      address.fifo = value.substr(kFifo.size());
      found = std::move(address);
      continue;
    }
    const char* end = value.data() + value.size();
    const auto first = std::from_chars(value.data(), end, address.read);
    if (first.ec == std::errc() && first.ptr != end && *first.ptr == ',' &&
        std::from_chars(first.ptr + 1, end, address.write).ec == std::errc()) {
      found = std::move(address);
    }
  }
  return found;
}

bool fits_make_flags(std::string_view path) {
  return path.find_first_of(" \t\n\\$#'\"") == std::string_view::npos;
}

std::string without_jobserver(std::string_view flags) {
  return joined(kept_of(flags));
}

std::string with_jobserver(std::string_view flags, std::string_view auth, int jobs) {
  Kept kept = kept_of(flags);
  kept.options.push_back(fmt::format("-j{}", jobs));
  kept.options.push_back(fmt::format("{}{}", kAddressWords[0], auth));
  return joined(kept);
}

}  // namespace headway
