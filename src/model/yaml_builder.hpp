// YamlBuilder: from libyaml's events to the nodes of a document. Knows nothing of texts and files.
#pragma once

#include "model/problem_list.hpp"
#include "model/yaml_document.hpp"
#include "model/yaml_key_check.hpp"

#include <yaml.h>

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace headway {

// Builds one document, event by event. What is refused (see parse_yaml) becomes a problem.
class YamlBuilder {
 public:
  explicit YamlBuilder(ProblemList& problems) : problems_(problems), key_check_(problems) {}

  // Takes the next event; false where reading must stop.
  bool take(const yaml_event_t& event);
  // Whether there is a whole document.
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

}  // namespace headway
