// See yaml_overlay.hpp. Depth is bounded by the parser's (kMaxYamlDepth).
#include "model/yaml_overlay.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace headway {
namespace {

// Writes the nodes of the whole one after the other.
class Overlay {
 public:
  Overlay(ScalarArena& arena, std::uint8_t source) : arena_(arena), source_(source) {}

  void put(const YamlNode& base, const YamlNode& over) {
    if (!base.is_mapping() || !over.is_mapping()) {
      copy(over, true);
      return;
    }
    const std::size_t at = nodes_.size();
    nodes_.push_back(base);
    for (const auto& [key, value] : base.entries()) {
      copy(key, false);
      if (const YamlNode* own = find(over, key.text)) {
        put(value, *own);
      } else {
        copy(value, false);
      }
    }
    for (const auto& [key, value] : over.entries()) {
      if (find(base, key.text) == nullptr) {
        copy(key, true);
        copy(value, true);
      }
    }
    nodes_[at].size = static_cast<std::uint32_t>(nodes_.size() - at);
  }

  std::vector<YamlNode> take() { return std::move(nodes_); }

 private:
  static const YamlNode* find(const YamlNode& mapping, std::string_view wanted) {
    for (const auto& [key, value] : mapping.entries()) {
      if (key.is_scalar() && key.text == wanted) {
        return &value;
      }
    }
    return nullptr;
  }

  // The whole subtree; that of the overlay with texts that live as long as the whole.
  void copy(const YamlNode& node, bool is_over) {
    const YamlNode* first = &node;
    for (const YamlNode* each = first; each != first + first->size; ++each) {
      nodes_.push_back(*each);
      if (is_over) {
        nodes_.back().text = each->is_scalar() ? arena_.store(each->text) : std::string_view();
        nodes_.back().source = source_;
      }
    }
  }

  ScalarArena& arena_;
  std::uint8_t source_;
  std::vector<YamlNode> nodes_;
};

}  // namespace

YamlDocument overlay_yaml(YamlDocument base, const YamlDocument& over, std::uint8_t source) {
  if (over.root().is_null()) {
    return base;
  }
  YamlDocument whole;
  Overlay overlay(base.arena, source);
  overlay.put(base.root(), over.root());
  whole.nodes = overlay.take();
  whole.arena = std::move(base.arena);
  return whole;
}

}  // namespace headway
