// How a callable of any type lies in a TaskGraph's memory: its bytes, and the operations on them.
// Knows nothing of graphs. Programs do not need it; task_graph.hpp does.
// layer: execution
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace headway {

// What can be done with the bytes of one type of callable. All but `invoke` never throw.
struct TaskBodyOps {
  void (*invoke)(void* body);
  void (*relocate)(void* from, void* to) noexcept;  // null: copying the bytes does it
  void (*destroy)(void* body) noexcept;             // null: nothing to do
  std::uint32_t bytes;                              // taken in the graph, a multiple of 8
};

// Callables of at most this size and of the alignment of a pointer lie in the graph itself, larger
// ones (and those whose move may throw) on the heap.
inline constexpr std::size_t kInlineTaskBytes = 48;

// Whether a callable of this type lies in the graph itself.
template <typename Body>
inline constexpr bool kIsInlineTask =
    sizeof(Body) <= kInlineTaskBytes &&
    alignof(Body) <= alignof(void*) && std::is_nothrow_move_constructible_v<Body>;

// A callable on the heap, in the shape of one that is not: movable, one pointer.
template <typename Body>
class HeapTaskBody {
 public:
  template <typename Source>
  explicit HeapTaskBody(std::in_place_t, Source&& source)
      : body_(new Body(std::forward<Source>(source))) {}
  HeapTaskBody(HeapTaskBody&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  HeapTaskBody& operator=(HeapTaskBody&&) = delete;
  ~HeapTaskBody() { delete body_; }

  void operator()() { (*body_)(); }

 private:
  Body* body_;
};

// The operations of `Body`, which must be an inline one.
template <typename Body>
constexpr TaskBodyOps task_body_ops() {
  TaskBodyOps ops{};
  ops.invoke = [](void* body) { (*static_cast<Body*>(body))(); };
  if constexpr (!std::is_trivially_copyable_v<Body>) {
    ops.relocate = [](void* from, void* to) noexcept {
      auto* const source = static_cast<Body*>(from);
      ::new (to) Body(std::move(*source));
      source->~Body();
    };
  }
  if constexpr (!std::is_trivially_destructible_v<Body>) {
    ops.destroy = [](void* body) noexcept { static_cast<Body*>(body)->~Body(); };
  }
  constexpr std::size_t kGrain = sizeof(void*) < 8 ? 8 : sizeof(void*);
  ops.bytes = static_cast<std::uint32_t>((sizeof(Body) + kGrain - 1) / kGrain * kGrain);
  return ops;
}

// One object a type: its address tells types apart.
template <typename Body>
inline constexpr TaskBodyOps kTaskBodyOps = task_body_ops<Body>();

}  // namespace headway
