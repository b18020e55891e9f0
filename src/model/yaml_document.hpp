// YamlDocument: one YAML document as a flat list of nodes with their places.
// Knows nothing of workflows, and nothing of how the text was parsed (see yaml_parser.hpp).
#pragma once

#include "model/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace headway {

// What a node is. Aliases are already replaced by what they stand for.
enum class YamlKind : std::uint8_t { scalar, sequence, mapping };

class YamlItems;
class YamlEntries;

// One node. It lives only in a YamlDocument, directly followed by the nodes below it, so that a
// walk is a step over memory and a copy of a subtree is a copy of a range.
struct YamlNode {
  std::string_view text{};   // of a scalar, unescaped; lives as long as the document
  std::uint32_t line = 0;    // from 1; of an alias: where the anchor stands
  std::uint32_t column = 0;  // from 1, in characters
  std::uint32_t size = 1;    // nodes of this subtree, itself included
  YamlKind kind = YamlKind::scalar;
  bool plain = false;       // a scalar without quotes: the core schema decides what it is
  std::uint8_t depth = 0;   // levels above it
  std::uint8_t source = 0;  // of files that are read as one: which

  Position at() const noexcept {
    return {static_cast<int>(line), static_cast<int>(column), source};
  }

  bool is_scalar() const noexcept { return kind == YamlKind::scalar; }
  bool is_sequence() const noexcept { return kind == YamlKind::sequence; }
  bool is_mapping() const noexcept { return kind == YamlKind::mapping; }

  // YAML 1.2 core schema: nothing, `~`, `null`, `Null`, `NULL`, without quotes.
  bool is_null() const noexcept;
  // `true`, `True`, `TRUE` and their opposites, without quotes.
  std::optional<bool> as_boolean() const noexcept;
  // Decimal, 0o and 0x, without quotes; nothing where it does not fit.
  std::optional<std::int64_t> as_integer() const noexcept;
  // Every finite number of the core schema, without quotes.
  std::optional<double> as_number() const noexcept;

  // The nodes directly below; none for a scalar.
  YamlItems items() const noexcept;
  // The pairs of a mapping; none for anything else.
  YamlEntries entries() const noexcept;
};

// The nodes directly below a node, for a range-based for.
class YamlItems {
 public:
  // Steps from sibling to sibling.
  class Iterator {
   public:
    explicit Iterator(const YamlNode* node) : node_(node) {}
    const YamlNode& operator*() const noexcept { return *node_; }
    Iterator& operator++() noexcept {
      node_ += node_->size;
      return *this;
    }
    bool operator==(const Iterator&) const noexcept = default;

   private:
    const YamlNode* node_;
  };

  YamlItems(const YamlNode* first, const YamlNode* last) : first_(first), last_(last) {}
  Iterator begin() const noexcept { return Iterator(first_); }
  Iterator end() const noexcept { return Iterator(last_); }
  bool empty() const noexcept { return first_ == last_; }

 private:
  const YamlNode* first_;
  const YamlNode* last_;
};

// One pair of a mapping.
struct YamlEntry {
  const YamlNode& key;
  const YamlNode& value;
};

// The pairs of a mapping, in the order of the file, for a range-based for.
class YamlEntries {
 public:
  // Steps from pair to pair.
  class Iterator {
   public:
    explicit Iterator(const YamlNode* key) : key_(key) {}
    YamlEntry operator*() const noexcept { return {*key_, *(key_ + key_->size)}; }
    Iterator& operator++() noexcept {
      key_ += key_->size;
      key_ += key_->size;
      return *this;
    }
    bool operator==(const Iterator&) const noexcept = default;

   private:
    const YamlNode* key_;
  };

  YamlEntries(const YamlNode* first, const YamlNode* last) : first_(first), last_(last) {}
  Iterator begin() const noexcept { return Iterator(first_); }
  Iterator end() const noexcept { return Iterator(last_); }
  bool empty() const noexcept { return first_ == last_; }

 private:
  const YamlNode* first_;
  const YamlNode* last_;
};

// Owns the text of scalars: blocks that never move.
class ScalarArena {
 public:
  // A copy of `text` that lives as long as the arena.
  std::string_view store(std::string_view text);

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  std::size_t free_bytes_ = 0;
};

// The nodes of one document, the root first. Moving it keeps nodes and texts where they are.
struct YamlDocument {
  std::vector<YamlNode> nodes;
  ScalarArena arena;

  const YamlNode& root() const noexcept { return nodes.front(); }
};

inline YamlItems YamlNode::items() const noexcept {
  return {this + 1, kind == YamlKind::scalar ? this + 1 : this + size};
}

inline YamlEntries YamlNode::entries() const noexcept {
  return {this + 1, kind == YamlKind::mapping ? this + size : this + 1};
}

}  // namespace headway
