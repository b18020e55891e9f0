// FakeProbe: a machine whose facts a test sets by hand.
#pragma once

#include "host/resource_probe.hpp"

#include <utility>

namespace headway {

// Answers every question with `facts` as they stand then, and counts the questions.
class FakeProbe final : public ResourceProbe {
 public:
  explicit FakeProbe(ResourceSample start = {}) : facts(std::move(start)) {}

  ResourceSample sample() override {
    ++samples;
    return facts;
  }

  ResourceSample facts;
  int samples = 0;
};

}  // namespace headway
