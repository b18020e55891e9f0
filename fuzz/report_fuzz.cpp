// Feeds report readers: the first byte chooses the format, the rest is the report.
#include "base/byte_source.hpp"
#include "model/gate.hpp"
#include "quality/report_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headway;
  if (size == 0) {
    return 0;
  }
  Gate gate;
  gate.format = static_cast<ReportFormat>(1 + data[0] % 7);
  if (gate.format == ReportFormat::json) {
    gate.metrics = {{"root", ""}, {"deep", "/a/0/b"}};
  } else if (gate.format == ReportFormat::regex) {
    gate.metrics = {{"number", "^(\\S+)"}};
  }
  ReportReader reader(gate);
  TextSource source(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  const auto added = reader.add(source);
  if (added) {
    (void)reader.metrics();
  }
  return 0;
}
