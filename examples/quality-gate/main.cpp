// Judges a test report (the file named by the first argument) by itself, without a workflow.
#include <cstdio>
#include <headway/quality.hpp>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: quality-gate JUNIT.xml\n", stderr);
    return 2;
  }
  const auto gate =
      headway::QualityGate::create({.name = "tests",
                                    .format = "junit",
                                    .report = argv[1],
                                    .thresholds = {{"pass_rate", ">= 80"}, {"errors", "== 0"}}});
  if (!gate) {
    std::fprintf(stderr, "%s\n", gate.error().message.c_str());
    return 2;
  }
  const auto results = gate->evaluate();
  for (const headway::GateResult& result : results) {
    if (result.value && !result.threshold.empty()) {
      std::printf("%s %s.%s is %g, asked for %s\n",
                  result.passed ? "pass" : "FAIL",
                  result.gate.c_str(),
                  result.metric.c_str(),
                  *result.value,
                  result.threshold.c_str());
    } else if (!result.passed) {
      std::printf("FAIL %s: %s\n", result.gate.c_str(), result.reason.c_str());
    }
  }
  return headway::all_passed(results) ? 0 : 3;
}
