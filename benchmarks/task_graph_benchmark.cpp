// What TaskGraph costs a task, beside its peers of Debian in the same run: oneTBB's flow graph, and
// oneTBB's task_group over counters written by hand (which keeps no times, exceptions or stops).
// Rounds alternate; medians and their ratios count. usage: task_graph_benchmark [--quick]
#include "headway/task_graph.hpp"

#include <fmt/format.h>

#include <malloc.h>
#include <tbb/flow_graph.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace headway {
namespace {

using Watch = std::chrono::steady_clock;

double nanoseconds_since(Watch::time_point start) {
  return std::chrono::duration<double, std::nano>(Watch::now() - start).count();
}

// ---- what is run -------------------------------------------------------------------------------

// Tasks 0.. in an order that keeps every need; needs[t] comes before t.
struct Shape {
  std::string name;
  std::vector<std::vector<TaskId>> needs;
};

TaskId id(std::size_t task) {
  return {static_cast<std::uint32_t>(task)};
}

Shape chain(std::size_t tasks) {
  Shape shape{"chain", std::vector<std::vector<TaskId>>(tasks)};
  for (std::size_t task = 1; task < tasks; ++task) {
    shape.needs[task] = {id(task - 1)};
  }
  return shape;
}

Shape fan_out(std::size_t tasks) {
  Shape shape{"fan-out", std::vector<std::vector<TaskId>>(tasks)};
  for (std::size_t task = 1; task < tasks; ++task) {
    shape.needs[task] = {id(0)};
  }
  return shape;
}

Shape binary_tree(std::size_t tasks) {
  Shape shape{"binary tree", std::vector<std::vector<TaskId>>(tasks)};
  for (std::size_t task = 1; task < tasks; ++task) {
    shape.needs[task] = {id((task - 1) / 2)};
  }
  return shape;
}

// Each task of a layer needs four of the layer before.
Shape layered(std::size_t tasks, std::size_t width) {
  Shape shape{"random layered", std::vector<std::vector<TaskId>>(tasks)};
  std::mt19937 random(7);
  for (std::size_t task = width; task < tasks; ++task) {
    const std::size_t layer = task / width * width - width;
    for (int i = 0; i < 4; ++i) {
      shape.needs[task].push_back(id(layer + random() % width));
    }
  }
  return shape;
}

Shape wavefront(std::size_t side) {
  Shape shape{"wavefront", std::vector<std::vector<TaskId>>(side * side)};
  for (std::size_t task = 0; task < side * side; ++task) {
    if (task >= side) {
      shape.needs[task].push_back(id(task - side));
    }
    if (task % side != 0) {
      shape.needs[task].push_back(id(task - 1));
    }
  }
  return shape;
}

struct EmptyBody {
  void operator()() const noexcept {}
};

// Computes for some time. Each goes on from the last one of its thread, or a processor would run
// several at once.
struct BusyBody {
  static inline int steps = 0;
  static inline thread_local unsigned state = 1;
  void operator()() const noexcept {
    unsigned value = state;
    for (int i = steps; i > 0; --i) {
      value = value * 1664525U + 1013904223U;
      asm volatile("" : "+r"(value));
    }
    state = value;
  }
};

void calibrate_busy_body(double nanoseconds) {
  constexpr int kSteps = 1'000'000;
  double best = 1e18;
  for (int i = 0; i < 20; ++i) {
    BusyBody::steps = kSteps;
    const auto start = Watch::now();
    BusyBody{}();
    best = std::min(best, nanoseconds_since(start));
  }
  BusyBody::steps = static_cast<int>(nanoseconds / best * kSteps);
}

// ---- who runs it -------------------------------------------------------------------------------

// A graph of one library, made of a shape.
struct Graph {
  virtual ~Graph() = default;
  virtual void run() = 0;
};

// What a side is there for.
enum class Kind {
  floor,     // the bodies alone
  ours,      //
  library,   // a graph of a library
  handmade,  // what a careful user would write
};

// Who runs it, with a number of workers.
struct Side {
  std::string name;
  Kind kind;
  std::function<std::unique_ptr<Graph>(const Shape&, bool is_busy)> build;
};

// The bodies in a loop: what nothing that runs them on one worker can go below.
template <typename Body>
struct PlainLoop : Graph {
  PlainLoop(const Shape& shape, int /*setting*/) : tasks(shape.needs.size()) {}
  void run() override {
    for (std::size_t task = 0; task < tasks; ++task) {
      Body{}();
      asm volatile("" ::: "memory");
    }
  }
  std::size_t tasks;
};

template <typename Body>
struct HeadwayGraph : Graph {
  HeadwayGraph(const Shape& shape, GraphRunOptions run_options)
      : frozen(make(shape)), options(run_options) {}
  static FrozenTaskGraph make(const Shape& shape) {
    TaskGraph graph;
    for (const std::vector<TaskId>& needs : shape.needs) {
      graph.add(Body{}, needs);
    }
    return *graph.freeze();
  }
  void run() override {
    if (!frozen.run(options)->succeeded()) {
      std::abort();
    }
  }
  FrozenTaskGraph frozen;
  GraphRunOptions options;
};

template <typename Body>
struct FlowGraph : Graph {
  using Node = tbb::flow::continue_node<tbb::flow::continue_msg>;

  FlowGraph(const Shape& shape, int workers) : arena(workers) {
    arena.execute([&] {
      graph = std::make_unique<tbb::flow::graph>();
      for (const std::vector<TaskId>& needs : shape.needs) {
        Node& node = nodes.emplace_back(*graph, [](const tbb::flow::continue_msg&) { Body{}(); });
        for (const TaskId need : needs) {
          tbb::flow::make_edge(nodes[need.index], node);
        }
        if (needs.empty()) {
          roots.push_back(&node);
        }
      }
    });
  }
  void run() override {
    arena.execute([&] {
      for (Node* const root : roots) {
        root->try_put(tbb::flow::continue_msg());
      }
      graph->wait_for_all();
    });
  }
  ~FlowGraph() override {
    arena.execute([&] {
      nodes.clear();
      graph.reset();
    });
  }
  tbb::task_arena arena;
  std::unique_ptr<tbb::flow::graph> graph;
  std::deque<Node> nodes;
  std::vector<Node*> roots;
};

// As a careful user writes it: flat successors, one counter a task, and a task that makes others
// ready goes on with one of them itself.
template <typename Body>
struct CounterGraph : Graph {
  CounterGraph(const Shape& shape, int workers)
      : arena(workers), missing(shape.needs.size()), first_of(shape.needs.size() + 1) {
    for (const auto& needs : shape.needs) {
      counts.push_back(static_cast<int>(needs.size()));
      for (const TaskId need : needs) {
        ++first_of[need.index + 1];
      }
    }
    for (std::size_t i = 1; i < first_of.size(); ++i) {
      first_of[i] += first_of[i - 1];
    }
    targets.resize(first_of.back());
    std::vector<std::size_t> next(first_of.begin(), first_of.end() - 1);
    for (std::size_t task = 0; task < shape.needs.size(); ++task) {
      for (const TaskId need : shape.needs[task]) {
        targets[next[need.index]++] = task;
      }
    }
  }
  void run() override {
    arena.execute([&] {
      tbb::task_group here;
      group = &here;
      for (std::size_t task = 0; task < counts.size(); ++task) {
        missing[task].store(counts[task], std::memory_order_relaxed);
      }
      for (std::size_t task = 0; task < counts.size(); ++task) {
        if (counts[task] == 0) {
          group->run([this, task] { follow(task); });
        }
      }
      group->wait();
    });
  }
  void follow(std::size_t task) {
    constexpr auto kNone = static_cast<std::size_t>(-1);
    while (task != kNone) {
      Body{}();
      std::size_t kept = kNone;
      for (std::size_t i = first_of[task]; i < first_of[task + 1]; ++i) {
        const std::size_t next = targets[i];
        if (counts[next] > 1 && missing[next].fetch_sub(1, std::memory_order_acq_rel) > 1) {
          continue;
        }
        if (kept != kNone) {
          group->run([this, kept] { follow(kept); });
        }
        kept = next;
      }
      task = kept;
    }
  }
  tbb::task_arena arena;
  tbb::task_group* group = nullptr;
  std::vector<std::atomic<int>> missing;
  std::vector<int> counts;
  std::vector<std::size_t> first_of;
  std::vector<std::size_t> targets;
};

template <template <typename> class Made, typename Setting>
std::function<std::unique_ptr<Graph>(const Shape&, bool)> builder(Setting setting) {
  return [setting](const Shape& shape, bool is_busy) -> std::unique_ptr<Graph> {
    if (is_busy) {
      return std::make_unique<Made<BusyBody>>(shape, setting);
    }
    return std::make_unique<Made<EmptyBody>>(shape, setting);
  };
}

std::vector<Side> sides() {
  constexpr GraphRunOptions kOne{.workers = 1};
  constexpr GraphRunOptions kTwo{.workers = 2, .use = WorkerUse::all};
  return {
      {"bodies alone", Kind::floor, builder<PlainLoop>(0)},
      {"ours 1", Kind::ours, builder<HeadwayGraph>(kOne)},
      {"ours 2", Kind::ours, builder<HeadwayGraph>(kTwo)},
      {"ours auto", Kind::ours, builder<HeadwayGraph>(GraphRunOptions{})},
      {"flow 1", Kind::library, builder<FlowGraph>(1)},
      {"flow 2", Kind::library, builder<FlowGraph>(2)},
      {"counters 1", Kind::handmade, builder<CounterGraph>(1)},
      {"counters 2", Kind::handmade, builder<CounterGraph>(2)},
  };
}

// ---- how it is measured ------------------------------------------------------------------------

// Nanoseconds a task, one a round.
using Rounds = std::vector<double>;

double median(Rounds rounds) {
  std::sort(rounds.begin(), rounds.end());
  return rounds.empty() ? 0 : rounds[rounds.size() / 2];
}

struct Measured {
  Rounds build;
  Rounds run;
};

// Builds and runs in turns, each side's graph alone in memory order of its own making.
std::vector<Measured> measure(const std::vector<Side>& all,
                              const Shape& shape,
                              bool is_busy,
                              int rounds) {
  std::vector<Measured> results(all.size());
  const auto tasks = static_cast<double>(shape.needs.size());
  std::vector<std::unique_ptr<Graph>> graphs(all.size());
  const int builds = is_busy ? 1 : 3;  // the body makes no difference
  for (int round = 0; round < builds; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      graphs[i].reset();
      malloc_trim(0);  // a graph is built once: in memory that is new to the process
      const auto start = Watch::now();
      graphs[i] = all[i].build(shape, is_busy);
      results[i].build.push_back(nanoseconds_since(start) / tasks);
    }
  }
  for (int round = -1; round < rounds; ++round) {  // the first is not counted
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto start = Watch::now();
      graphs[i]->run();
      if (round >= 0) {
        results[i].run.push_back(nanoseconds_since(start) / tasks);
      }
    }
  }
  return results;
}

double best_of(Kind kind, const std::vector<Side>& all, const std::vector<double>& values) {
  double best = 1e18;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind == kind) {
      best = std::min(best, values[i]);
    }
  }
  return best;
}

void print_row(const std::string& label,
               const std::vector<Side>& all,
               const std::vector<double>& values) {
  fmt::print("{:<24}", label);
  for (const double value : values) {
    fmt::print(" {:>12.1f}", value);
  }
  const double ours = best_of(Kind::ours, all, values);
  fmt::print(" {:>8.2f} {:>8.2f}\n",
             best_of(Kind::library, all, values) / ours,
             best_of(Kind::handmade, all, values) / ours);
  std::fflush(stdout);
}

// A line a shape and body: each side, then how many times as long the best library and the best
// handmade graph take as our best.
void report(const std::vector<Side>& all, const std::vector<Shape>& shapes, int rounds) {
  fmt::print("{:<24}", "ns a task");
  for (const Side& side : all) {
    fmt::print(" {:>12}", side.name);
  }
  fmt::print(" {:>8} {:>8}\n", "library", "handmade");
  for (const Shape& shape : shapes) {
    for (const bool is_busy : {false, true}) {
      const std::vector<Measured> results = measure(all, shape, is_busy, rounds);
      std::vector<double> run;
      std::vector<double> build;
      for (const Measured& result : results) {
        run.push_back(median(result.run));
        build.push_back(median(result.build));
      }
      if (!is_busy) {
        print_row(shape.name + ", build", all, build);
      }
      print_row(shape.name + (is_busy ? ", 60 ns" : ", empty"), all, run);
    }
  }
}

int run_benchmark(const std::vector<Side>& all, bool is_quick) {
  const std::size_t scale = is_quick ? 10 : 1;
  calibrate_busy_body(60);
  report(all,
         {chain(100'000 / scale),
          fan_out(1'000'000 / scale),
          binary_tree((std::size_t{1} << 18) / scale),
          layered(1'000'000 / scale, 1000),
          wavefront(is_quick ? 160 : 512)},
         is_quick ? 3 : 5);
  return 0;
}

}  // namespace
}  // namespace headway

#ifndef HEADWAY_BENCHMARK_WITHOUT_MAIN
int main(int argc, char** argv) {
  return headway::run_benchmark(headway::sides(), argc > 1 && std::strcmp(argv[1], "--quick") == 0);
}
#endif
