// Looking up stages, lanes and gates of a Workflow. Knows nothing of YAML or of running.
#include "model/workflow.hpp"

#include <algorithm>

namespace headway {
namespace {

template <typename T>
const T* find_key(const std::vector<T>& things, std::string_view key) noexcept {
  const auto found =
      std::find_if(things.begin(), things.end(), [&](const T& thing) { return thing.key == key; });
  return found == things.end() ? nullptr : &*found;
}

}  // namespace

const Stage* Workflow::find_stage(std::string_view key) const noexcept {
  return find_key(stages, key);
}

const Lane* Workflow::find_lane(std::string_view key) const noexcept {
  return find_key(lanes, key);
}

const Gate* Workflow::find_gate(std::string_view key) const noexcept {
  return find_key(gates, key);
}

const Lane& Workflow::default_lane() const noexcept {
  const auto marked =
      std::find_if(lanes.begin(), lanes.end(), [](const Lane& lane) { return lane.is_default; });
  if (marked != lanes.end()) {
    return *marked;
  }
  const Lane* standard = find_lane("standard");
  return standard != nullptr ? *standard : lanes.front();
}

}  // namespace headway
