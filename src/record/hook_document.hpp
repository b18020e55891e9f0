// Hooks as JSON: the array "hooks" of `run --json`, `show --json` and `hooks --json`. Writes no
// file.
#pragma once

#include "base/json_writer.hpp"
#include "model/run_event.hpp"

#include <string_view>

namespace headway {

// One element; `stage` is a key.
void write_hook(JsonWriter& json, std::string_view stage, const HookChecked& hook);

}  // namespace headway
