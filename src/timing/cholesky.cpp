// By rows, in place. See cholesky.hpp.
#include "timing/cholesky.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headway {

Cholesky::Cholesky(std::vector<double> a, std::size_t size) : size_(size), l_(std::move(a)) {
  constexpr double kTinyPivot = 1e-12;
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = l_[i * size_ + j];
      for (std::size_t k = 0; k < j; ++k) {
        sum -= l_[i * size_ + k] * l_[j * size_ + k];
      }
      l_[i * size_ + j] = i == j ? std::sqrt(std::max(sum, kTinyPivot)) : sum / l_[j * size_ + j];
    }
  }
}

void Cholesky::solve_lower(std::vector<double>& x) const {
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      x[i] -= l_[i * size_ + k] * x[k];
    }
    x[i] /= l_[i * size_ + i];
  }
}

void Cholesky::solve_upper(std::vector<double>& x) const {
  for (std::size_t i = size_; i-- > 0;) {
    for (std::size_t k = i + 1; k < size_; ++k) {
      x[i] -= l_[k * size_ + i] * x[k];
    }
    x[i] /= l_[i * size_ + i];
  }
}

}  // namespace headway
