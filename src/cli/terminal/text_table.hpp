// TextTable: rows of cells in aligned columns, within a width. Pure; knows no run.
#pragma once

#include "cli/terminal/paint.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// One cell. The text is made printable by the table.
struct Cell {
  std::string text;
  Tone tone = Tone::normal;
};

// Columns two spaces apart, each as wide as its widest cell; where a line would be wider than
// `width`, the flexible column gives way (its cells are cut), then the last one.
class TextTable {
 public:
  // Columns whose name starts with '>' are aligned right; the name of the flexible one starts with
  // '*'. A table whose names are all empty has no heading.
  explicit TextTable(const std::vector<std::string>& columns);

  void add(std::vector<Cell> row);
  bool empty() const noexcept { return rows_.empty(); }
  // All lines, each ended by a newline. `width` 0: no limit.
  std::string render(const Paint& paint, int width = 0, int indent = 0) const;

 private:
  struct Column {
    std::string name;
    bool right = false;
    bool flexible = false;
  };
  std::vector<int> widths(int room) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace headway::cli
