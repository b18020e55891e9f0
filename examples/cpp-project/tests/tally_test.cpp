// Tests of tally(), without a framework: the first broken expectation ends them with exit code 1.
#include "tally.hpp"

#include <cstdio>
#include <cstdlib>
#include <sstream>

static void expect(bool good, const char* what) {
  std::printf("%s: %s\n", good ? "ok" : "FAILED", what);
  if (!good) {
    std::exit(1);
  }
}

static std::map<std::string, int> tally_of(const std::string& text) {
  std::istringstream in(text);
  return tally(in);
}

int main() {
  expect(tally_of("").empty(), "an empty text has no words");
  expect(tally_of("one two\n two")["two"] == 2, "words are counted across lines");
  expect(tally_of("a  b").size() == 2, "runs of spaces part words once");
}
