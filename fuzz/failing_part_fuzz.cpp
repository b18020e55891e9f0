// Fuzz target: any bytes as a log: cutting and cleaning of lines, signals, features, choice.
#include "diagnostics/excerpt_choice.hpp"
#include "diagnostics/excerpt_model.hpp"
#include "diagnostics/line_features.hpp"
#include "diagnostics/log_digest.hpp"
#include "diagnostics/log_scanner.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headway;
  const std::string_view log(reinterpret_cast<const char*>(data), size);
  LogDigest digest;
  LogScanner scanner;
  const auto take = [&](const LogLine& line, const RawRange& raw) {
    if (line.text.size() > kMaxLineBytes || raw.length > LogScanner::kMaxRawLine ||
        raw.offset + static_cast<std::int64_t>(raw.length) > static_cast<std::int64_t>(size)) {
      std::abort();
    }
    digest.add(line, raw);
  };
  const std::size_t half = size / 2;
  scanner.feed(log.substr(0, half), take);
  scanner.feed(log.substr(half), take);
  scanner.finish(take);
  const std::vector<LineRecord> records = digest.take_records();
  const LineFeatures features(records, digest.kinds(), digest.lines());
  std::vector<LineGain> gains;
  for (std::size_t at = 0; at < records.size(); ++at) {
    gains.push_back({.number = records[at].number,
                     .gain = excerpt_model().probability(features.of(at), features.prior(at))});
  }
  std::size_t shown = 0;
  for (const LineBlock& block : choose_blocks(gains, 30)) {
    shown += block.last - block.first + 1;
  }
  if (shown > 30) {
    std::abort();
  }
  return 0;
}
