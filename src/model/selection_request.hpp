// SelectionRequest: which stages a person asked for. Plain value; knows no workflow.
#pragma once

#include <string>
#include <vector>

namespace headway {

// What the user asked for. Stages are by key.
struct SelectionRequest {
  std::string lane{};  // empty: the default lane
  std::vector<std::string>
      stages{};  // named on the command line: with what they need; empty: all of the lane
  // Of those only: these and what comes after them; these and what they need. `always` stages of
  // the lane stay.
  std::vector<std::string> from{}, until{};
  std::vector<std::string> only{};  // exactly these, without what they need; nothing of the above
  std::vector<std::string> skip{};  // not these; what needs them goes on without

  friend bool operator==(const SelectionRequest&, const SelectionRequest&) = default;
};

}  // namespace headway
