// From libyaml's events to nodes: see the header.
#include "model/yaml_parser.hpp"

#include "model/yaml_key_check.hpp"
#include "model/yaml_syntax_error.hpp"

#include <fmt/format.h>

#include <yaml.h>

#include <string>
#include <unordered_map>
#include <utility>

namespace headway {
namespace {

Position place(const yaml_mark_t& mark) {
  return {static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1};
}

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// Builds the document event by event. Every take returns false where reading must stop.
class DocumentBuilder {
 public:
  explicit DocumentBuilder(ProblemList& problems) : problems_(problems), key_check_(problems) {}

  bool take(const yaml_event_t& event);
  bool has_document() const noexcept { return !document_.nodes.empty() && !stopped_; }
  YamlDocument finish() { return std::move(document_); }

 private:
  bool start_document(const yaml_event_t& event);
  bool take_scalar(const yaml_event_t& event);
  bool take_alias(const yaml_event_t& event);
  bool open(YamlKind kind, const yaml_event_t& event, const yaml_char_t* anchor);
  bool close();
  bool add(YamlNode node, const yaml_char_t* anchor);
  bool copy_subtree(std::size_t target, Position at);
  void check_tag(const yaml_char_t* tag, Position at);
  bool stop(Position at, std::string message);

  ProblemList& problems_;
  YamlDocument document_;
  std::vector<std::size_t> open_;                         // containers around the next node
  std::unordered_map<std::string, std::size_t> anchors_;  // name, node
  YamlKeyCheck key_check_;
  bool seen_document_ = false;
  bool stopped_ = false;
};

bool DocumentBuilder::take(const yaml_event_t& event) {
  switch (event.type) {
    case YAML_DOCUMENT_START_EVENT:
      return start_document(event);
    case YAML_SCALAR_EVENT:
      return take_scalar(event);
    case YAML_ALIAS_EVENT:
      return take_alias(event);
    case YAML_SEQUENCE_START_EVENT:
      check_tag(event.data.sequence_start.tag, place(event.start_mark));
      return open(YamlKind::sequence, event, event.data.sequence_start.anchor);
    case YAML_MAPPING_START_EVENT:
      check_tag(event.data.mapping_start.tag, place(event.start_mark));
      return open(YamlKind::mapping, event, event.data.mapping_start.anchor);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      return close();
    default:
      return true;
  }
}

bool DocumentBuilder::start_document(const yaml_event_t& event) {
  if (seen_document_) {
    // The first one is whole: its own mistakes are told too.
    problems_.add(place(event.start_mark),
                  "a second document begins here: one file is one workflow");
    return false;
  }
  seen_document_ = true;
  return true;
}

bool DocumentBuilder::take_scalar(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  const Position at = place(event.start_mark);
  check_tag(scalar.tag, at);
  YamlNode node;
  node.text = document_.arena.store({reinterpret_cast<const char*>(scalar.value), scalar.length});
  node.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nullptr;
  node.line = static_cast<std::uint32_t>(at.line);
  node.column = static_cast<std::uint32_t>(at.column);
  return add(node, scalar.anchor);
}

bool DocumentBuilder::open(YamlKind kind, const yaml_event_t& event, const yaml_char_t* anchor) {
  const Position at = place(event.start_mark);
  YamlNode node;
  node.kind = kind;
  node.size = 0;  // open; set by close()
  node.line = static_cast<std::uint32_t>(at.line);
  node.column = static_cast<std::uint32_t>(at.column);
  if (!add(node, anchor)) {
    return false;
  }
  open_.push_back(document_.nodes.size() - 1);
  return true;
}

bool DocumentBuilder::close() {
  const std::size_t index = open_.back();
  open_.pop_back();
  YamlNode& node = document_.nodes[index];
  node.size = static_cast<std::uint32_t>(document_.nodes.size() - index);
  if (node.is_mapping()) {
    key_check_.check(node);
  }
  return true;
}

bool DocumentBuilder::add(YamlNode node, const yaml_char_t* anchor) {
  if (document_.nodes.size() >= kMaxYamlNodes) {
    return stop(node.at(), fmt::format("more than {} values in one file", kMaxYamlNodes));
  }
  if (open_.size() >= kMaxYamlDepth) {
    return stop(node.at(), fmt::format("nested deeper than {} levels", kMaxYamlDepth));
  }
  node.depth = static_cast<std::uint8_t>(open_.size());
  if (anchor != nullptr) {
    anchors_[std::string(view(anchor))] = document_.nodes.size();
  }
  document_.nodes.push_back(node);
  return true;
}

bool DocumentBuilder::take_alias(const yaml_event_t& event) {
  const std::string name(view(event.data.alias.anchor));
  const Position at = place(event.start_mark);
  const auto found = anchors_.find(name);
  if (found == anchors_.end()) {
    return stop(at, fmt::format("alias '*{}' has no anchor '&{}' above it", name, name));
  }
  if (document_.nodes[found->second].size == 0) {
    return stop(at, fmt::format("alias '*{}' stands inside its own anchor", name));
  }
  return copy_subtree(found->second, at);
}

bool DocumentBuilder::copy_subtree(std::size_t target, Position at) {
  std::vector<YamlNode>& nodes = document_.nodes;
  const std::size_t count = nodes[target].size;
  if (nodes.size() + count > kMaxYamlNodes) {
    return stop(at, fmt::format("more than {} values in one file, aliases counted", kMaxYamlNodes));
  }
  const std::size_t shallow = nodes[target].depth;
  for (std::size_t i = 0; i < count; ++i) {
    YamlNode node = nodes[target + i];
    const std::size_t depth = node.depth - shallow + open_.size();
    if (depth >= kMaxYamlDepth) {
      return stop(at, fmt::format("nested deeper than {} levels by an alias", kMaxYamlDepth));
    }
    node.depth = static_cast<std::uint8_t>(depth);
    nodes.push_back(node);
  }
  return true;
}

void DocumentBuilder::check_tag(const yaml_char_t* tag, Position at) {
  const std::string_view name = view(tag);
  if (name.empty() || name == YAML_STR_TAG || name == YAML_MAP_TAG || name == YAML_SEQ_TAG) {
    return;
  }
  problems_.add(at,
                fmt::format("tag '{}' is not supported: write the value without it", shown(name)));
}

bool DocumentBuilder::stop(Position at, std::string message) {
  problems_.add(at, std::move(message));
  stopped_ = true;
  return false;
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
  bool run(DocumentBuilder& builder) {
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
    problems.add({}, fmt::format("the file is larger than {} MiB", kMaxYamlBytes / (1024 * 1024)));
    return std::nullopt;
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  DocumentBuilder builder(problems);
  Parser parser(text);
  if (!parser.run(builder)) {
    const SyntaxError error = describe_syntax_error(parser.state(), text);
    problems.add(error.at, error.message);
    return std::nullopt;
  }
  if (!builder.has_document()) {
    if (problems.empty()) {
      problems.add({1, 1}, "the file is empty: start with 'version: 1', or run 'headway init'");
    }
    return std::nullopt;
  }
  return builder.finish();
}

}  // namespace headway
