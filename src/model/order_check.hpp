// What a workflow says that is no mistake and yet can hardly be meant: a stage that reads what
// another one writes, and nothing puts them in order. Pure; looks at no disk.
#pragma once

#include "model/problem.hpp"
#include "model/workflow.hpp"

#include <vector>

namespace headway {

// By stage and in the order of the file: "stage 'test' reads 'app', which 'build' writes, and
// neither needs the other". Of a checked workflow. Only what is certain is told: outputs without a
// wildcard, and globs that stand in both. Nothing where more than kMostComparedPairs would be
// compared.
std::vector<Problem> unordered_reads(const Workflow& workflow);

inline constexpr std::size_t kMostComparedPairs = 1'000'000;

}  // namespace headway
