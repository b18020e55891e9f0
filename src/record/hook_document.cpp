// See hook_document.hpp.
#include "record/hook_document.hpp"

namespace headway {

void write_hook(JsonWriter& json, std::string_view stage, const HookChecked& hook) {
  json.begin_object().field_token("stage", stage).field("number", hook.number);
  json.field("hook", hook.hook).field_token("severity", hook.severity);
  json.field("passed", hook.passed).field("forced", hook.forced);
  json.field("found", hook.found).field("expected", hook.expected).key("hint");
  hook.hint.empty() ? json.null() : json.string(hook.hint);
  json.end_object();
}

}  // namespace headway
