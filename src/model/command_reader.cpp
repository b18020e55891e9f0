// A command of the file: see the header.
#include "model/command_reader.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {
namespace {

void read_script(ValueReader& reader, const FileField& field, StageCommand& out) {
  std::string script;
  if (!reader.read_text(field, script)) {
    return;
  }
  if (trim(script).empty()) {
    reader.problems().add(field.value.at(), fmt::format("{} is empty", describe(field)));
  } else if (reader.accept_argument(field, script.size())) {
    out.script = std::move(script);
  }
}

void read_argv(ValueReader& reader, const FileField& field, StageCommand& out) {
  std::vector<std::string> argv;
  bool good = true;
  for (const YamlNode& item : field.value.items()) {
    const FileField argument{field.owner, field.key, item};
    std::string text;
    good =
        reader.read_text(argument, text) && reader.accept_argument(argument, text.size()) && good;
    argv.push_back(std::move(text));
  }
  if (!good) {
    return;
  }
  if (argv.empty() || trim(argv.front()).empty()) {
    reader.problems().add(field.value.at(), fmt::format("{} names no program", describe(field)));
    return;
  }
  out.argv = std::move(argv);
}

}  // namespace

void read_command(ValueReader& reader, const FileField& field, StageCommand& out) {
  if (field.value.is_sequence()) {
    read_argv(reader, field, out);
  } else if (field.value.is_mapping()) {
    reader.refuse(field, "a command or a list of program and arguments");
  } else {
    read_script(reader, field, out);
  }
}

}  // namespace headway
