// The stop token of a stage as the standard library has it: for std::stop_callback and
// std::condition_variable_any. A header of its own, because <stop_token> is heavy.
// layer: orchestration
#pragma once

#include <stop_token>

namespace headway {

class StageContext;

// Requested when the stage should return soon. Outlives the context. Callbacks of it must not
// block.
std::stop_token stop_token(const StageContext& context) noexcept;

}  // namespace headway
