// Tests of Cholesky.
#include "timing/cholesky.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(Cholesky, both_solves_together_solve_with_the_matrix) {
  const std::vector<double> matrix{4, 2, 0.6, 2, 5, 1, 0.6, 1, 3};
  const Cholesky root(matrix, 3);
  std::vector<double> x{1, 2, 3};
  root.solve_lower(x);
  root.solve_upper(x);
  for (std::size_t row = 0; row < 3; ++row) {
    double sum = 0;
    for (std::size_t column = 0; column < 3; ++column) {
      sum += matrix[row * 3 + column] * x[column];
    }
    EXPECT_NEAR(sum, static_cast<double>(row + 1), 1e-12);
  }
}

TEST(Cholesky, matrix_that_is_not_positive_gives_finite_numbers) {
  const Cholesky root({0, 0, 0, -1}, 2);
  std::vector<double> x{1, 1};
  root.solve_lower(x);
  EXPECT_LT(x[0], 1e7);
  EXPECT_LT(x[1], 1e7);
}

}  // namespace
}  // namespace headway
