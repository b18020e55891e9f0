// See matrix_reader.hpp.
#include "model/matrix_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace headway {
namespace {

constexpr std::string_view kAxisRule = "a letter or '_', then letters, digits and '_'";
constexpr std::string_view kValueRule = "printable ASCII without , = [ ] \" ' \\ and not empty";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Values become parts of keys, of file names and of JSON that is written as it is.
bool is_good_value(std::string_view text) {
  constexpr std::string_view kRefused = ",=[]\"'\\";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return c >= ' ' && c <= '~' && kRefused.find(c) == std::string_view::npos;
  });
}

bool accept_axis_name(ValueReader& reader,
                      const FileField& field,
                      const YamlNode& key,
                      const std::vector<MatrixAxis>& before) {
  const bool is_name = !key.text.empty() && is_letter(key.text.front()) &&
                       std::all_of(key.text.begin(), key.text.end(), [](char c) {
                         return is_letter(c) || (c >= '0' && c <= '9');
                       });
  if (!is_name) {
    reader.problems().add(
        key.at(),
        fmt::format(
            "{} has an axis '{}': a name is {}", describe(field), shown(key.text), kAxisRule));
    return false;
  }
  const auto same = std::find_if(before.begin(), before.end(), [&key](const MatrixAxis& axis) {
    return matrix_variable(axis.name) == matrix_variable(key.text);
  });
  if (same != before.end()) {
    reader.problems().add(key.at(),
                          fmt::format("{} has the axes '{}' and '{}', which are both {}",
                                      describe(field),
                                      same->name,
                                      key.text,
                                      matrix_variable(key.text)));
  }
  return same == before.end();
}

bool read_axis(ValueReader& reader, const FileField& field, MatrixAxis& axis) {
  if (!reader.read_names(field, "value", axis.values)) {
    return false;
  }
  if (axis.values.empty()) {
    reader.problems().add(field.value.at(), fmt::format("{} is empty", describe(field)));
    return false;
  }
  for (const YamlNode& item : field.value.items()) {
    if (!is_good_value(item.text)) {
      reader.problems().add(
          item.at(),
          fmt::format(
              "{} has a value '{}': a value is {}", describe(field), shown(item.text), kValueRule));
      return false;
    }
  }
  return true;
}

// "[os=a,n=1]"
std::string suffix_of(const EnvironmentList& values) {
  std::string suffix;
  for (const auto& [axis, value] : values) {
    suffix += fmt::format("{}{}={}", suffix.empty() ? "[" : ",", axis, value);
  }
  return suffix + "]";
}

}  // namespace

std::string matrix_variable(std::string_view axis) {
  std::string name = "HEADWAY_MATRIX_";
  for (const char c : axis) {
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

std::vector<MatrixAxis> read_matrix(ValueReader& reader, const FileField& field) {
  std::vector<MatrixAxis> axes;
  if (!reader.accept_mapping(field, "a mapping of axes to lists of values")) {
    return axes;
  }
  bool good = true;
  std::size_t combinations = 1;
  const Owner owner{field.owner.kind, field.owner.key, field.key};
  for (const auto& [key, value] : field.value.entries()) {
    MatrixAxis axis{std::string(key.text), {}};
    if (is_refused_key(key) || !accept_axis_name(reader, field, key, axes) ||
        !read_axis(reader, {owner, key.text, value}, axis)) {
      good = false;
      continue;
    }
    combinations = std::min(combinations * axis.values.size(), kMaxCombinations + 1);
    axes.push_back(std::move(axis));
  }
  if (good && axes.empty()) {
    reader.problems().add(field.value.at(), fmt::format("{} is empty", describe(field)));
  }
  if (combinations > kMaxCombinations) {
    reader.problems().add(
        field.value.at(),
        fmt::format("{} makes more than {} stages", describe(field), kMaxCombinations));
    good = false;
  }
  return good ? axes : std::vector<MatrixAxis>{};
}

std::vector<Stage> expand_matrix(ValueReader& reader,
                                 const Stage& stage,
                                 const std::vector<MatrixAxis>& axes) {
  std::size_t count = 1;
  for (const MatrixAxis& axis : axes) {
    count *= axis.values.size();
  }
  std::vector<Stage> stages;
  for (std::size_t number = 0; number < count; ++number) {
    Stage& one = stages.emplace_back(stage);
    std::size_t rest = number;
    for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
      one.matrix.emplace(one.matrix.begin(), axis->name, axis->values[rest % axis->values.size()]);
      rest /= axis->values.size();
    }
    const std::string suffix = suffix_of(one.matrix);
    one.base = stage.key;
    one.key += suffix;
    one.name += suffix;
    if (one.key.size() > kMaxNameBytes) {
      reader.problems().add(
          stage.at,
          fmt::format(
              "stage '{}' of the matrix has a name of more than {} bytes", one.key, kMaxNameBytes));
      break;
    }
  }
  return stages;
}

}  // namespace headway
