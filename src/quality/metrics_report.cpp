// Numbers at JSON pointers (RFC 6901) and numbers that expressions capture. See report_reader.hpp.
#include "base/capture_pattern.hpp"
#include "base/json_walk.hpp"
#include "base/text.hpp"
#include "quality/number_text.hpp"
#include "quality/report_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace headway {
namespace {

// "/a~1b/0" as {"a/b", "0"}.
std::vector<std::string> pointer_parts(std::string_view pointer) {
  std::vector<std::string> parts;
  if (pointer.empty()) {
    return parts;
  }
  for (const std::string_view raw : split(pointer.substr(1), '/')) {
    std::string part;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const char next = i + 1 < raw.size() ? raw[i + 1] : '\0';
      if (raw[i] == '~' && (next == '0' || next == '1')) {
        part += next == '0' ? '~' : '/';
        ++i;
      } else {
        part += raw[i];
      }
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

bool is_step(const JsonStep& step, const std::string& part) {
  return step.is_item ? fmt::to_string(step.index) == part : step.name == part;
}

// Keeps what stands at the pointers; of keys that come twice the last.
class PointerVisitor final : public JsonVisitor {
 public:
  explicit PointerVisitor(const std::vector<GateMetric>& metrics) {
    for (const GateMetric& metric : metrics) {
      pointers_.push_back(pointer_parts(metric.where));
      found_.push_back({metric.name, std::nullopt, fmt::format("nothing at '{}'", metric.where)});
    }
  }

  void on_scalar(const JsonPath& path, const JsonScalar& value) override {
    each_at(path, [&](MetricValue& metric, const std::string& where) {
      metric.value = number_of(value);
      metric.reason = metric.value ? "" : fmt::format("'{}' is no number", where);
    });
  }

  void on_end(const JsonPath& path, bool /*is_empty*/) override {
    each_at(path, [](MetricValue& metric, const std::string& where) {
      metric.value.reset();
      metric.reason = fmt::format("'{}' is no number", where);
    });
  }

  std::vector<MetricValue> take() { return std::move(found_); }

 private:
  template <typename Do>
  void each_at(const JsonPath& path, Do action) {
    for (std::size_t i = 0; i < pointers_.size(); ++i) {
      const auto& parts = pointers_[i];
      if (parts.size() == path.size() &&
          std::equal(path.begin(), path.end(), parts.begin(), is_step)) {
        action(found_[i], "/" + join(parts, "/"));
      }
    }
  }

  static std::optional<double> number_of(const JsonScalar& value) {
    if (const double* number = std::get_if<double>(&value)) {
      return *number;
    }
    if (const bool* truth = std::get_if<bool>(&value)) {
      return *truth ? 1 : 0;
    }
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? std::nullopt : number_in(*text);
  }

  std::vector<std::vector<std::string>> pointers_;
  std::vector<MetricValue> found_;
};

MetricValue captured(const GateMetric& metric, std::string_view text) {
  const auto pattern = CapturePattern::parse(metric.where);
  if (!pattern) {
    return {metric.name, std::nullopt, pattern.error().message};
  }
  const auto capture = pattern->first_capture(text);
  if (!capture) {
    return {metric.name, std::nullopt, fmt::format("nothing matches '{}'", metric.where)};
  }
  const auto value = number_in(*capture);
  if (!value) {
    return {metric.name,
            std::nullopt,
            fmt::format("'{}' captures '{}', which is no number",
                        metric.where,
                        to_valid_utf8(capture->substr(0, 40)))};
  }
  return {metric.name, value};
}

}  // namespace

Result<std::vector<MetricValue>> read_json_metrics(ByteSource& source,
                                                   const std::vector<GateMetric>& metrics) {
  PointerVisitor visitor(metrics);
  if (auto walked = walk_json(source, visitor); !walked) {
    return std::move(walked).error();
  }
  return visitor.take();
}

Result<std::vector<MetricValue>> read_regex_metrics(ByteSource& source,
                                                    const std::vector<GateMetric>& metrics) {
  const auto text = read_all(source, kMaxTextBytes);
  if (!text) {
    return text.error();
  }
  std::vector<MetricValue> found;
  found.reserve(metrics.size());
  for (const GateMetric& metric : metrics) {
    found.push_back(captured(metric, *text));
  }
  return found;
}

}  // namespace headway
