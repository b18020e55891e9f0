// Rows of cells in aligned columns; see text_table.hpp. Knows no run.
#include "cli/terminal/text_table.hpp"

#include "cli/terminal/text_layout.hpp"

#include <algorithm>
#include <numeric>

namespace headway::cli {
namespace {

constexpr int kGap = 2;
constexpr int kSmallest = 8;  // columns that a cut cell keeps

void give_way(int& column, int& excess) {
  const int give = std::clamp(column - kSmallest, 0, excess);
  column -= give;
  excess -= give;
}

}  // namespace

TextTable::TextTable(const std::vector<std::string>& columns) {
  for (const std::string& name : columns) {
    Column column;
    std::size_t at = 0;
    for (; at < name.size() && (name[at] == '>' || name[at] == '*'); ++at) {
      (name[at] == '>' ? column.right : column.flexible) = true;
    }
    column.name = name.substr(at);
    columns_.push_back(std::move(column));
  }
}

void TextTable::add(std::vector<Cell> row) {
  for (Cell& cell : row) {
    cell.text = printable(cell.text);
  }
  row.resize(columns_.size());
  rows_.push_back(std::move(row));
}

std::vector<int> TextTable::widths(int room) const {
  std::vector<int> widths;
  for (std::size_t at = 0; at < columns_.size(); ++at) {
    int width = display_width(columns_[at].name);
    for (const auto& row : rows_) {
      width = std::max(width, display_width(row[at].text));
    }
    widths.push_back(width);
  }
  int excess = std::accumulate(widths.begin(), widths.end(), 0) +
               kGap * (static_cast<int>(widths.size()) - 1) - room;
  for (std::size_t at = 0; at < columns_.size() && excess > 0 && room > 0; ++at) {
    if (columns_[at].flexible) {
      give_way(widths[at], excess);
    }
  }
  if (excess > 0 && room > 0) {
    give_way(widths.back(), excess);
  }
  return widths;
}

std::string TextTable::render(const Paint& paint, int width, int indent) const {
  const std::vector<int> widths = this->widths(width == 0 ? 0 : width - indent);
  std::string out;
  const auto add_row = [&](const std::vector<Cell>& row) {
    std::string line(static_cast<std::size_t>(indent), ' ');
    std::size_t end = line.size();  // behind the last text: no blanks at the end of a line
    for (std::size_t at = 0; at < row.size(); ++at) {
      const std::string text = cut_to_width(row[at].text, widths[at]);
      const int missing = widths[at] - display_width(text);
      const std::string blanks(static_cast<std::size_t>(std::max(missing, 0)), ' ');
      line += columns_[at].right ? blanks : "";
      line += paint(row[at].tone, text);
      end = text.empty() ? end : line.size();
      line += columns_[at].right ? "" : blanks;
      line.append(kGap, ' ');
    }
    line.resize(end);
    out += line + '\n';
  };
  std::vector<Cell> heading;
  for (const Column& column : columns_) {
    heading.push_back({column.name, Tone::dim});
  }
  if (std::any_of(heading.begin(), heading.end(), [](const Cell& c) { return !c.text.empty(); })) {
    add_row(heading);
  }
  for (const auto& row : rows_) {
    add_row(row);
  }
  return out;
}

}  // namespace headway::cli
