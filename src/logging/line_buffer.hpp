// LineBuffer: room for lines that are rendered by pointer. Knows nothing of formats.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace headway {

// Bytes at the end of which a renderer writes without a check for each. Not synchronised.
class LineBuffer {
 public:
  // Where to write up to `bytes` more. Throws std::bad_alloc.
  char* room(std::size_t bytes) {
    if (capacity_ - size_ < bytes) {
      grow(bytes);
    }
    return bytes_.get() + size_;
  }
  // What was written ends here.
  void end_at(const char* end) { size_ = static_cast<std::size_t>(end - bytes_.get()); }

  std::string_view view() const { return {bytes_.get(), size_}; }
  void clear() { size_ = 0; }
  // Gives the memory back.
  void release() { *this = LineBuffer(); }

 private:
  void grow(std::size_t bytes) {
    const std::size_t capacity = size_ + bytes + (size_ + bytes) / 2;
    std::unique_ptr<char[]> bigger(new char[capacity]);  // NOLINT(modernize-avoid-c-arrays)
    if (size_ > 0) {
      std::memcpy(bigger.get(), bytes_.get(), size_);
    }
    bytes_ = std::move(bigger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;  // NOLINT(modernize-avoid-c-arrays): not to be zeroed
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace headway
