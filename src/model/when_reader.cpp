// See when_reader.hpp.
#include "model/when_reader.hpp"

#include "model/files_reader.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

void refuse_empty(ValueReader& reader, const FileField& field) {
  reader.problems().add(field.value.at(), fmt::format("{} is empty", describe(field)));
}

// A mapping of names to values, or a list of names.
void read_variables(ValueReader& reader, const FileField& field, StageCondition& out) {
  const bool is_list = field.value.is_sequence();
  const bool good = is_list ? reader.read_names(field, "name of a variable", out.env_set)
                            : reader.read_environment(field, out.env);
  if (good && out.env.empty() && out.env_set.empty()) {
    refuse_empty(reader, field);
  }
}

void read_list(ValueReader& reader, const FileField& field, std::vector<std::string>& out) {
  if (reader.read_names(field, "name of a lane", out) && out.empty()) {
    refuse_empty(reader, field);
  }
}

}  // namespace

void read_when(ValueReader& reader, const FileField& field, StageCondition& out) {
  if (!reader.accept_mapping(field, "a mapping of changed, env and lanes")) {
    return;
  }
  const Owner owner{field.owner.kind, field.owner.key, field.key};
  bool has_key = false;
  for (const auto& [key, value] : field.value.entries()) {
    has_key = true;
    if (!reader.accept_key(KeyScope::when, owner, key)) {
      continue;
    }
    const FileField part{owner, key.text, value};
    if (key.text == "changed") {
      if (read_globs(reader, part, out.changed) && out.changed.empty()) {
        refuse_empty(reader, part);
      }
    } else if (key.text == "env") {
      read_variables(reader, part, out);
    } else {
      read_list(reader, part, out.lanes);
    }
  }
  if (!has_key) {
    refuse_empty(reader, field);
  }
}

}  // namespace headway
