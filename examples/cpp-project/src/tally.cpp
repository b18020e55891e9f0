// Counts words; see tally.hpp.
#include "tally.hpp"

std::map<std::string, int> tally(std::istream& in) {
  std::map<std::string, int> counts;
  for (std::string word; in >> word;) {
    ++counts[word];
  }
  return counts;
}
