// Every key of the workflow file, by the kind of mapping it stands in, and whether it is built.
// The loader refuses by this table, the JSON Schema is held to it by a test. Knows no values.
#pragma once

#include <span>
#include <string_view>

namespace headway {

// One known key. Not built: accepted by nobody, refused by name.
struct KnownKey {
  std::string_view name;
  bool built = true;
};

// The mappings of the file.
enum class KeyScope {
  root,
  defaults,
  stage,
  retries,
  resources,
  lane,
  when,
  gate,
  hook,
  commits,
  lane_stages,
  choose,
  settings,       // of the user's configuration, which is no workflow file
  model_settings  // `model` in there
};

std::span<const KnownKey> known_keys(KeyScope scope) noexcept;

}  // namespace headway
