// `stages` of a lane: see the header.
#include "model/lane_stages_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace headway {
namespace {

// Reads one lane's list of stages into marks, one a stage.
class StageListReader {
 public:
  StageListReader(ValueReader& reader, const Owner& owner, const LaneContext& context)
      : reader_(reader), owner_(owner), context_(context), marked_(context.stages.size(), false) {}

  // The stages that `value` selects, ascending; problems were added where it is empty.
  std::vector<int> read(const YamlNode& value) {
    bool wanted = true;
    bool good = true;
    if (value.is_mapping()) {
      wanted = false;
      good = read_except(value);
    } else {
      good = read_list({owner_, "stages", value});
    }
    std::vector<int> selected;
    for (std::size_t i = 0; good && i < marked_.size(); ++i) {
      if (marked_[i] == wanted) {
        selected.push_back(static_cast<int>(i));
      }
    }
    if (good && selected.empty()) {
      add(value, fmt::format("{} takes no stage at all", describe(owner_)));
    }
    return selected;
  }

 private:
  bool read_except(const YamlNode& value) {
    const Owner owner{owner_.kind, owner_.key, "stages"};
    bool good = true;
    bool has_list = false;
    for (const auto& [key, list] : value.entries()) {
      if (!reader_.accept_key(KeyScope::lane_stages, owner, key)) {
        good = false;
        continue;
      }
      has_list = true;
      good = read_list({owner, key.text, list}) && good;
    }
    if (good && !has_list) {
      add(value, fmt::format("{} has no 'except'", describe(owner)));
    }
    return good && has_list;
  }

  bool read_list(const FileField& field) {
    if (!field.value.is_sequence()) {
      reader_.refuse(field, "a list of stages, numbers and ranges, or {except: [...]}");
      return false;
    }
    bool good = true;
    for (const YamlNode& item : field.value.items()) {
      good = read_item(field, item) && good;
    }
    return good;
  }

  bool read_item(const FileField& list, const YamlNode& item) {
    if (!item.is_scalar() || item.text.empty()) {
      reader_.refuse({list.owner, list.key, item}, "a list of stages, numbers and ranges");
      return false;
    }
    if (item.text.front() >= '0' && item.text.front() <= '9') {
      return read_range(list, item);
    }
    const auto found = context_.index.find(item.text);
    if (found == context_.index.end()) {
      auto& problems = reader_.problems();
      problems.add(item.at(),
                   fmt::format("{} has unknown stage '{}'", describe(owner_), shown(item.text)),
                   problems.suggest(item.text, names()));
      return false;
    }
    const auto first = marked_.begin() + found->second.first;
    std::fill(first, first + found->second.count, true);
    return true;
  }

  // "3" or "2-4".
  bool read_range(const FileField& list, const YamlNode& item) {
    const std::string_view text = item.text;
    const std::size_t dash = text.find('-');
    const auto first = stage_number(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : stage_number(text.substr(dash + 1));
    if (!first || !last || *first > *last) {
      reader_.refuse({list.owner, list.key, item}, "a list of stages, numbers and ranges as 2-4");
      return false;
    }
    if (*last >= marked_.size()) {
      add(item,
          fmt::format("{} has stage number {}, but stages are 0 to {}",
                      describe(owner_),
                      *last,
                      marked_.size() - 1));
      return false;
    }
    for (std::size_t i = *first; i <= *last; ++i) {
      marked_[i] = true;
    }
    return true;
  }

  static std::optional<std::size_t> stage_number(std::string_view text) {
    std::size_t number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && rest == end && !text.empty() ? std::optional(number)
                                                                : std::nullopt;
  }

  const std::vector<std::string_view>& names() {
    if (names_.empty()) {
      names_ = stage_names(context_.stages);
    }
    return names_;
  }

  void add(const YamlNode& node, std::string message) {
    reader_.problems().add(node.at(), std::move(message));
  }

  ValueReader& reader_;
  const Owner& owner_;
  const LaneContext& context_;
  std::vector<bool> marked_;
  std::vector<std::string_view> names_;  // of all stages, once a suggestion was needed
};

}  // namespace

std::vector<int> read_lane_stages(ValueReader& reader,
                                  const FileField& field,
                                  const LaneContext& context) {
  return StageListReader(reader, field.owner, context).read(field.value);
}

}  // namespace headway
