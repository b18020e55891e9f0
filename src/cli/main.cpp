// The program's entry. Knows only that a fault of ours ends with exit code 70.
#include "cli/program.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  try {
    return headway::cli::run_program({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "headway: internal fault: %s\n", fault.what());
    return 70;
  }
}
