// See kernel_text.hpp. Formats: proc(5), cgroups(7), the kernel's admin-guide/cgroup-v1 and -v2.
#include "host/kernel_text.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace headway {
namespace {

constexpr std::int64_t kMostNumber = 65535;  // (Linux itself ends at 8192 CPUs)

// The number after "name=" in a line; 0 where there is none.
double number_after(std::string_view line, std::string_view name) {
  const std::size_t found = line.find(name);
  if (found == std::string_view::npos) {
    return 0;
  }
  const std::string_view text = line.substr(found + name.size());
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::optional<std::int64_t> leading_integer(std::string_view text) {
  text = trim(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> integer_field(std::string_view text, std::string_view name) {
  for (std::size_t line = 0; line < text.size();) {
    const std::string_view rest = text.substr(line);
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (rest.starts_with(name) && end > name.size() &&
        (rest[name.size()] == ' ' || rest[name.size()] == ':')) {
      return leading_integer(rest.substr(name.size() + 1, end - name.size() - 1));
    }
    line += end + 1;
  }
  return std::nullopt;
}

std::vector<int> numbers_of_list(std::string_view list) {
  std::vector<int> numbers;
  for (const std::string_view item : split(trim(list), ',')) {
    const auto first = leading_integer(item);
    if (!first || *first < 0) {
      continue;
    }
    const std::size_t dash = item.find('-');
    const auto last =
        dash == std::string_view::npos ? first : leading_integer(item.substr(dash + 1));
    const std::int64_t end = std::min(last.value_or(*first), kMostNumber);
    for (std::int64_t number = *first; number <= end; ++number) {
      numbers.push_back(static_cast<int>(number));
    }
  }
  return numbers;
}

std::optional<double> quota_of_cpu_max(std::string_view text) {
  text = trim(text);
  const std::size_t space = text.find(' ');
  return quota_of_cfs(text, space == std::string_view::npos ? "100000" : text.substr(space + 1));
}

std::optional<double> quota_of_cfs(std::string_view quota, std::string_view period) {
  const auto granted = leading_integer(quota);
  const auto of = leading_integer(period);
  if (!granted || !of || *granted <= 0 || *of <= 0) {
    return std::nullopt;
  }
  return static_cast<double>(*granted) / static_cast<double>(*of);
}

std::optional<Pressure> parse_pressure(std::string_view text) {
  std::optional<Pressure> pressure;
  for (const std::string_view line : split(text, '\n')) {
    const double average = number_after(line, "avg10=");
    const auto total = Nanos(static_cast<Nanos::rep>(number_after(line, "total=") * 1000));
    if (line.starts_with("some ")) {
      pressure = Pressure{average, 0, total, Nanos{0}};
    } else if (line.starts_with("full ") && pressure) {
      pressure->full_avg10 = average;
      pressure->full_total = total;
    }
  }
  return pressure;
}

}  // namespace headway
