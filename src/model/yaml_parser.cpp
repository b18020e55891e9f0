// libyaml's parser over a text: see the header.
#include "model/yaml_parser.hpp"

#include "base/text.hpp"
#include "model/yaml_builder.hpp"
#include "model/yaml_syntax_error.hpp"

#include <fmt/format.h>

#include <yaml.h>

#include <algorithm>
#include <cstddef>

namespace headway {
namespace {

// Tags are refused anyway, and libyaml takes quadratic time over many of these directives (100,000:
// more than a minute). Nothing else of a workflow can stand at the start of a line like this.
std::optional<Position> find_tag_directive(std::string_view text) {
  constexpr std::string_view kAtLineStart = "\n%TAG";
  if (text.starts_with(kAtLineStart.substr(1))) {
    return Position{1, 1};
  }
  const std::size_t found = text.find(kAtLineStart);
  if (found == std::string_view::npos) {
    return std::nullopt;
  }
  const auto lines =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(found), '\n');
  return Position{static_cast<int>(lines) + 2, 1};
}

// libyaml's parser over a text that outlives it.
class Parser {
 public:
  explicit Parser(std::string_view text) {
    ready_ = yaml_parser_initialize(&parser_) != 0;
    if (ready_) {
      yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
      yaml_parser_set_input_string(
          &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    }
  }
  ~Parser() {
    if (ready_) {
      yaml_parser_delete(&parser_);
    }
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // Feeds every event to the builder; false on a syntax error.
  bool run(YamlBuilder& builder) {
    bool more = ready_;
    while (more) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) {
        return false;
      }
      more = builder.take(event) && event.type != YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
    }
    return ready_;
  }
  const yaml_parser_t& state() const noexcept { return parser_; }

 private:
  yaml_parser_t parser_{};
  bool ready_ = false;
};

}  // namespace

std::optional<YamlDocument> parse_yaml(std::string_view text, ProblemList& problems) {
  if (text.size() > kMaxYamlBytes) {
    problems.add({}, fmt::format("the file is larger than {} MiB", kMaxYamlBytes >> 20U));
    return std::nullopt;
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  if (const auto directive = find_tag_directive(text)) {
    problems.add(*directive, "'%TAG' is not supported: write values without tags");
    return std::nullopt;
  }
  YamlBuilder builder(problems);
  Parser parser(text);
  if (!parser.run(builder)) {
    const SyntaxError error = describe_syntax_error(parser.state(), text);
    problems.add(error.at, error.message);
    return std::nullopt;
  }
  if (!builder.has_document()) {
    if (problems.empty()) {
      problems.add({1, 1}, "the file is empty: start with 'version: 1'");
    }
    return std::nullopt;
  }
  return builder.finish();
}

bool says_anything(std::string_view text) {
  const std::vector<std::string_view> lines = split(text, '\n');
  return std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    const std::string_view words = trim(line);
    return !words.empty() && words.front() != '#';
  });
}

}  // namespace headway
