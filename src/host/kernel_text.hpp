// What the kernel's small text files mean: numbers, fields, CPU lists, quotas, pressure. Pure;
// knows no path.
#pragma once

#include "host/resource_sample.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace headway {

// The integer at the start of a text; nothing for "max" and other words.
std::optional<std::int64_t> leading_integer(std::string_view text);
// The integer after `name` at the start of a line, as in /proc/meminfo, memory.stat and cpu.stat.
std::optional<std::int64_t> integer_field(std::string_view text, std::string_view name);
// The numbers that a list such as "0-3,8,10-11" names, as it names them. Nonsense is left out, and
// so is what is above 65535.
std::vector<int> numbers_of_list(std::string_view list);

// CPUs that a quota is worth; nothing where none is set. v2: the text of cpu.max.
std::optional<double> quota_of_cpu_max(std::string_view text);
// v1: the texts of cpu.cfs_quota_us and cpu.cfs_period_us.
std::optional<double> quota_of_cfs(std::string_view quota, std::string_view period);

// The text of a pressure file (the kernel's accounting/psi.rst); nothing where it has no "some"
// line. Without a "full" line (cpu, before Linux 5.13) those numbers are 0.
std::optional<Pressure> parse_pressure(std::string_view text);

}  // namespace headway
