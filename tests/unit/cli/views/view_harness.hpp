// A view under test: events and output go in, text comes out; stage logs lie in a folder of its
// own. Knows no terminal.
#pragma once

#include "cli/views/run_view.hpp"
#include "support/fake_clock.hpp"
#include "support/run_script.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace headway::cli {

// Three stages "a", "b", "c" of a run with four jobs.
class ViewHarness {
 public:
  explicit ViewHarness(OutputKind kind) {
    std::filesystem::create_directories(folder_ / "stages");
    ViewOptions options;
    options.write = [this](std::string_view bytes) { text_ += bytes; };
    options.idle = [this] { return reader_reads; };
    options.size = [] { return TerminalSize{.columns = 60, .rows = 12}; };
    options.clock = &clock;
    options.run_folder = folder_.path();
    options.expected = {Nanos(std::chrono::seconds(10)), std::nullopt, std::nullopt};
    view = make_view(kind, std::move(options));
    script.start_run({planned("a", 0), planned("b", 1), planned("c", 2)});
    pass();
    take();
  }

  // Gives the view what was added to the script since the last time.
  void pass() {
    for (; passed_ < script.events().size(); ++passed_) {
      view->on_event(script.events()[passed_]);
    }
  }
  // Moves time, of the clock and of the script.
  ViewHarness& at(Nanos elapsed) {
    clock.advance(elapsed - clock.monotonic());
    script.at(elapsed);
    return *this;
  }
  // A stage prints: on disk and to the view.
  void print(int stage, std::string_view bytes, int attempt = 1) {
    std::ofstream(folder_ / script.log_of(stage, attempt), std::ios::binary | std::ios::app)
        << bytes;
    view->on_output(stage, bytes);
  }
  // What was written since the last call.
  std::string take() {
    pass();
    return std::exchange(text_, {});
  }

  FakeClock clock;
  RunScript script;
  bool reader_reads = true;  // false: what was written last waits still
  std::unique_ptr<RunView> view;

 private:
  TempFolder folder_;
  std::string text_;
  std::size_t passed_ = 0;
};

}  // namespace headway::cli
