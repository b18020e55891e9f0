// Cholesky: a small symmetric positive matrix taken apart, to solve with it. Pure; knows nothing of
// what the numbers mean.
#pragma once

#include <cstddef>
#include <vector>

namespace headway {

// L of A = L L^T (Golub and Van Loan, Matrix Computations, 4.2). `a` is by rows, size x size; only
// its lower half is read. A pivot that is not positive is taken for a tiny one: never fails.
class Cholesky {
 public:
  Cholesky() = default;
  Cholesky(std::vector<double> a, std::size_t size);

  // x of L x = b, in place; `x` has the matrix's size.
  void solve_lower(std::vector<double>& x) const;
  // x of L^T x = b, in place.
  void solve_upper(std::vector<double>& x) const;

 private:
  std::size_t size_ = 0;
  std::vector<double> l_;
};

}  // namespace headway
