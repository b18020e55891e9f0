// Names of ranks: see the header.
#include "diagnostics/rule.hpp"

namespace headway {

std::string_view to_string(RuleRank rank) noexcept {
  switch (rank) {
    case RuleRank::consequence:
      return "consequence";
    case RuleRank::failure:
      return "failure";
    case RuleRank::cause:
      return "cause";
  }
  return "failure";
}

}  // namespace headway
