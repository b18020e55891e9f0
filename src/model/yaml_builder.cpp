// YamlBuilder: see the header.
#include "model/yaml_builder.hpp"

#include "model/yaml_parser.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

Position place(const yaml_mark_t& mark) {
  return {static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1};
}

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

}  // namespace

bool YamlBuilder::take(const yaml_event_t& event) {
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

bool YamlBuilder::start_document(const yaml_event_t& event) {
  if (seen_document_) {
    // The first one is whole: its own mistakes are told too.
    problems_.add(place(event.start_mark),
                  "a second document begins here: one file is one workflow");
    return false;
  }
  seen_document_ = true;
  return true;
}

bool YamlBuilder::take_scalar(const yaml_event_t& event) {
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

bool YamlBuilder::open(YamlKind kind, const yaml_event_t& event, const yaml_char_t* anchor) {
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

bool YamlBuilder::close() {
  const std::size_t index = open_.back();
  open_.pop_back();
  YamlNode& node = document_.nodes[index];
  node.size = static_cast<std::uint32_t>(document_.nodes.size() - index);
  if (node.is_mapping()) {
    key_check_.check(node);
  }
  return true;
}

bool YamlBuilder::add(YamlNode node, const yaml_char_t* anchor) {
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

bool YamlBuilder::take_alias(const yaml_event_t& event) {
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

bool YamlBuilder::copy_subtree(std::size_t target, Position at) {
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

void YamlBuilder::check_tag(const yaml_char_t* tag, Position at) {
  const std::string_view name = view(tag);
  if (name.empty() || name == YAML_STR_TAG || name == YAML_MAP_TAG || name == YAML_SEQ_TAG) {
    return;
  }
  problems_.add(at,
                fmt::format("tag '{}' is not supported: write the value without it", shown(name)));
}

bool YamlBuilder::stop(Position at, std::string message) {
  problems_.add(at, std::move(message));
  stopped_ = true;
  return false;
}

}  // namespace headway
