// `matrix` of a stage: its axes as they are read, and the stages that they make. Knows nothing of
// needs.
#pragma once

#include "model/value_reader.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Stages that one matrix may make.
inline constexpr std::size_t kMaxCombinations = 256;

// One axis with its values, as the file has them.
struct MatrixAxis {
  std::string name;
  std::vector<std::string> values;
};

// The axes of `field`; a problem and none of them where any is wrong.
std::vector<MatrixAxis> read_matrix(ValueReader& reader, const FileField& field);

// One stage a combination, the last axis turning fastest: `key[os=a,n=1]`, with Stage::base and
// Stage::matrix. Adds a problem at `field` where a key becomes too long.
std::vector<Stage> expand_matrix(ValueReader& reader,
                                 const Stage& stage,
                                 const std::vector<MatrixAxis>& axes);

// "HEADWAY_MATRIX_OS" of "os".
std::string matrix_variable(std::string_view axis);

}  // namespace headway
