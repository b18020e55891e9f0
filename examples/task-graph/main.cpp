// Counts the words of three texts at once with a TaskGraph, twice, and tells when each task ran.
#include <array>
#include <cstdio>
#include <headway/task_graph.hpp>
#include <sstream>
#include <string>

namespace {

int count_words(const std::string& text) {
  std::istringstream words(text);
  std::string word;
  int count = 0;
  while (words >> word) {
    ++count;
  }
  return count;
}

}  // namespace

int main() {
  const std::array<std::string, 3> texts{"to be or not to be", "that is the question", "whether"};
  std::array<int, 3> counts{};
  int total = 0;

  headway::TaskGraph graph;
  const headway::TaskId sum = graph.add([&] { total = counts[0] + counts[1] + counts[2]; });
  graph.set_name(sum, "sum");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const headway::TaskId count = graph.add([&, i] { counts[i] = count_words(texts[i]); });
    graph.set_name(count, "text " + std::to_string(i));
    graph.precede(count, sum);
  }
  auto frozen = graph.freeze();
  if (!frozen) {
    std::fprintf(stderr, "failed to %s\n", frozen.error().message.c_str());
    return 1;
  }

  for (int round = 0; round < 2; ++round) {
    const auto run = frozen->run();
    if (!run || !run->succeeded()) {
      std::fprintf(stderr, "the run failed\n");
      return 1;
    }
    std::printf("%d words\n", total);
  }
  const auto times = frozen->times();
  for (std::uint32_t i = 0; i < times.size(); ++i) {
    std::printf("%-7s %6lld ns to %6lld ns\n",
                frozen->name({i}).c_str(),
                static_cast<long long>(times[i].start.count()),
                static_cast<long long>(times[i].end.count()));
  }
}
