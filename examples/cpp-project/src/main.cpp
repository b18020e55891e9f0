// tally: counts the words of its standard input.
#include "tally.hpp"

#include <iostream>

int main() {
  for (const auto& [word, count] : tally(std::cin)) {
    std::cout << count << ' ' << word << '\n';
  }
}
