// `needs` of all stages: see the header.
#include "model/needs_reader.hpp"

#include "model/graph_check.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace headway {
namespace {

// A cycle longer than this is told by its two ends.
constexpr std::size_t kMaxCycleShown = 12;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// Resolves the needs of one stage after the other.
class NeedsReader {
 public:
  NeedsReader(ValueReader& reader, const StageIndex& index, std::vector<Stage>& stages)
      : reader_(reader), index_(index), stages_(stages), listed_by_(stages.size(), -1) {}

  void read(int stage, const YamlNode& list) {
    for (const YamlNode& item : list.items()) {
      if (!item.is_scalar() || item.is_null()) {
        const FileField field{{"stage", stages_[at(stage)].key}, "needs", item};
        reader_.refuse(field, "a list of stages such as [setup]");
        continue;
      }
      read_one(stage, item);
    }
  }

 private:
  void read_one(int stage, const YamlNode& item) {
    Stage& needing = stages_[at(stage)];
    const auto found = index_.find(item.text);
    if (found == index_.end()) {
      report_unknown(needing, item);
      return;
    }
    for (int need = found->second.first; need < found->second.first + found->second.count; ++need) {
      add_need(stage, need, item);
    }
  }

  void add_need(int stage, int need, const YamlNode& item) {
    Stage& needing = stages_[at(stage)];
    if (need == stage || (!needing.base.empty() && needing.base == item.text)) {
      add(item, fmt::format("stage '{}' needs itself", needing.key_in_file()));
    } else if (listed_by_[at(need)] == stage) {
      add(item, fmt::format("stage '{}' needs stage '{}' twice", needing.key_in_file(), item.text));
    } else {
      listed_by_[at(need)] = stage;
      needing.needs.push_back(need);
      if (stages_[at(need)].always && !needing.always) {
        add(item,
            fmt::format("stage '{}' needs stage '{}', which is an 'always' stage and runs after "
                        "all else",
                        needing.key_in_file(),
                        item.text));
      }
    }
  }

  void report_unknown(const Stage& needing, const YamlNode& item) {
    if (names_.empty()) {
      names_ = stage_names(stages_);
    }
    reader_.problems().add(
        item.at(),
        fmt::format("stage '{}' needs unknown stage '{}'", needing.key_in_file(), shown(item.text)),
        reader_.problems().suggest(item.text, names_));
  }

  void add(const YamlNode& item, std::string message) {
    reader_.problems().add(item.at(), std::move(message));
  }

  ValueReader& reader_;
  const StageIndex& index_;
  std::vector<Stage>& stages_;
  std::vector<int> listed_by_;  // by stage: the last one that listed it
  std::vector<std::string_view> names_;
};

std::string cycle_words(const std::vector<int>& cycle, const std::vector<Stage>& stages) {
  std::string words;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const std::size_t left = cycle.size() - i;
    if (cycle.size() > kMaxCycleShown && i == kMaxCycleShown / 2) {
      const std::size_t hidden = left - kMaxCycleShown / 2;
      words += fmt::format("({} more) -> ", hidden);
      i += hidden;
    }
    words += stages[at(cycle[i])].key + " -> ";
  }
  return words + stages[at(cycle.front())].key;
}

// Where the first stage of the cycle names the second.
Position cycle_place(const YamlNode& needs, const Stage& next) {
  for (const YamlNode& item : needs.items()) {
    if (item.is_scalar() && (item.text == next.key || item.text == next.base)) {
      return item.at();
    }
  }
  return needs.at();
}

}  // namespace

void read_needs(ValueReader& reader,
                const StageIndex& index,
                const std::vector<StageDraft>& drafts,
                std::vector<Stage>& stages) {
  NeedsReader needs(reader, index, stages);
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (drafts[i].needs != nullptr) {
      needs.read(static_cast<int>(i), *drafts[i].needs);
    }
  }
  for (const std::vector<int>& cycle : find_cycles(stages)) {
    const Stage& next = stages[at(cycle[1 % cycle.size()])];
    reader.problems().add(cycle_place(*drafts[at(cycle.front())].needs, next),
                          fmt::format("stages need each other: {}", cycle_words(cycle, stages)));
  }
}

std::vector<std::string_view> stage_names(const std::vector<Stage>& stages) {
  std::vector<std::string_view> names;
  names.reserve(stages.size());
  std::string_view base;
  for (const Stage& stage : stages) {
    if (!stage.base.empty() && stage.base != base) {
      names.push_back(stage.base);
    }
    base = stage.base;
    names.push_back(stage.key);
  }
  return names;
}

}  // namespace headway
