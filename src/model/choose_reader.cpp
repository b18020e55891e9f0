// `choose`: see the header.
#include "model/choose_reader.hpp"

#include "model/files_reader.hpp"

#include <fmt/format.h>

#include <optional>

namespace headway {
namespace {

bool read_limit(ValueReader& reader, const FileField& field, std::optional<Threshold>& out) {
  std::string text;
  if (!reader.read_text(field, text)) {
    return false;
  }
  const auto limit = parse_threshold(text);
  if (!limit || limit->limit < 0) {
    reader.refuse(field, "a condition for a number such as '> 5'");
    return false;
  }
  out = *limit;
  return true;
}

bool read_condition_globs(ValueReader& reader,
                          const FileField& field,
                          std::vector<std::string>& out) {
  if (!read_globs(reader, field, out)) {
    return false;
  }
  if (out.empty()) {
    reader.problems().add(field.value.at(),
                          fmt::format("{} is empty: leave it out", describe(field)));
  }
  return !out.empty();
}

}  // namespace

void read_choose(ValueReader& reader, const FileField& field, Lane& lane) {
  if (!reader.accept_mapping(field, "a mapping of conditions")) {
    return;
  }
  LaneChoice choice;
  bool good = true;
  const Owner owner{field.owner.kind, field.owner.key, field.key};
  for (const auto& [key, value] : field.value.entries()) {
    const FileField condition{owner, key.text, value};
    if (!reader.accept_key(KeyScope::choose, owner, key)) {
      good = false;
    } else if (key.text == "files") {
      good = read_limit(reader, condition, choice.files) && good;
    } else if (key.text == "lines") {
      good = read_limit(reader, condition, choice.lines) && good;
    } else {
      auto& globs = key.text == "only"  ? choice.only
                    : key.text == "any" ? choice.any
                                        : choice.except;
      good = read_condition_globs(reader, condition, globs) && good;
    }
  }
  if (good && choice.empty()) {
    reader.problems().add(
        field.value.at(),
        fmt::format("{} has no condition: one of only, files, lines, any", describe(field)));
    return;
  }
  if (good) {
    lane.choose = std::move(choice);
  }
}

}  // namespace headway
