// Durations, sizes and times, read and written. Pure: no locale, no time zone database.
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace headway {
namespace {

constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

struct Unit {
  std::string_view name;
  std::int64_t size;
};

// Largest first.
constexpr std::array<Unit, 5> kTimeUnits{{{"d", kSecondsPerDay* kNanosPerSecond},
                                          {"h", 3600 * kNanosPerSecond},
                                          {"m", 60 * kNanosPerSecond},
                                          {"s", kNanosPerSecond},
                                          {"ms", 1'000'000}}};

constexpr std::array<Unit, 10> kSizeUnits{{{"B", 1},
                                           {"kB", 1'000},
                                           {"KB", 1'000},
                                           {"MB", 1'000'000},
                                           {"GB", 1'000'000'000},
                                           {"TB", 1'000'000'000'000},
                                           {"KiB", std::int64_t{1} << 10},
                                           {"MiB", std::int64_t{1} << 20},
                                           {"GiB", std::int64_t{1} << 30},
                                           {"TiB", std::int64_t{1} << 40}}};

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

// Takes the leading digits off `text`: their value, or nothing where there is none or too many.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || text.empty() || !is_digit(text.front())) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// Takes a number of exactly `digits` digits.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits ||
      !std::all_of(text.begin(), text.begin() + static_cast<int>(digits), is_digit)) {
    return std::nullopt;
  }
  int value = 0;
  std::from_chars(text.data(), text.data() + digits, value);
  text.remove_prefix(digits);
  return value;
}

bool take_char(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

Error bad_text(std::string_view what, std::string_view text, std::string_view example) {
  return {ErrorCode::parse,
          fmt::format("read '{}' as {} (write for example {})", text, what, example)};
}

struct CivilDate {
  std::int64_t year;
  int month;
  int day;
};

// Days since 1970-01-01 and back in the proleptic Gregorian calendar.
// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
std::int64_t days_from_civil(CivilDate date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t shifted_month = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * shifted_month + 2) / 5 + date.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

CivilDate civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0),
          month,
          static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

int days_in_month(std::int64_t year, int month) {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

// "2026-11-22" as days since 1970.
std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || *year < 1678 || *year > 2261 || !take_char(text, "-")) {
    return std::nullopt;  // int64 nanoseconds do not reach further
  }
  const auto month = take_digits(text, 2);
  if (!month || *month < 1 || *month > 12 || !take_char(text, "-")) {
    return std::nullopt;
  }
  const auto day = take_digits(text, 2);
  if (!day || *day < 1 || *day > days_in_month(*year, *month)) {
    return std::nullopt;
  }
  return days_from_civil({*year, *month, *day});
}

// "11:00:00.25" as nanoseconds of the day.
std::optional<std::int64_t> take_time_of_day(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take_char(text, ":")) {
    return std::nullopt;
  }
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take_char(text, ":")) {
    return std::nullopt;
  }
  const auto second = take_digits(text, 2);
  if (!second || *second > 60) {
    return std::nullopt;
  }
  std::int64_t fraction = 0;
  if (take_char(text, ".")) {
    std::int64_t weight = kNanosPerSecond / 10;
    if (text.empty() || !is_digit(text.front())) {
      return std::nullopt;
    }
    for (; !text.empty() && is_digit(text.front()) && weight > 0; weight /= 10) {
      fraction += (text.front() - '0') * weight;
      text.remove_prefix(1);
    }
  }
  return ((*hour * 60 + *minute) * std::int64_t{60} + *second) * kNanosPerSecond + fraction;
}

// "Z" or "+01:30" as seconds east of UTC.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take_char(text, "Zz")) {
    return 0;
  }
  const bool west = !text.empty() && text.front() == '-';
  if (!take_char(text, "+-")) {
    return std::nullopt;
  }
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 23 || !take_char(text, ":")) {
    return std::nullopt;
  }
  const auto minutes = take_digits(text, 2);
  if (!minutes || *minutes > 59) {
    return std::nullopt;
  }
  const std::int64_t seconds = (*hours * 60 + *minutes) * std::int64_t{60};
  return west ? -seconds : seconds;
}

}  // namespace

Result<Nanos> parse_duration(std::string_view text) {
  const auto bad = [&] { return bad_text("a duration", text, "90s, 10m, 1h30m or 250ms"); };
  std::string_view rest = text;
  std::int64_t total = 0;
  std::int64_t last_size = kMaxInt64;
  do {
    const auto count = take_number(rest);
    const std::size_t length = std::min(rest.find_first_of("0123456789"), rest.size());
    const auto* unit = std::find_if(kTimeUnits.begin(), kTimeUnits.end(), [&](const Unit& each) {
      return each.name == rest.substr(0, length);
    });
    if (!count || unit == kTimeUnits.end() || unit->size >= last_size ||
        *count > (kMaxInt64 - total) / unit->size) {
      return bad();
    }
    rest.remove_prefix(length);
    total += *count * unit->size;
    last_size = unit->size;
  } while (!rest.empty());
  return Nanos(total);
}

std::string format_duration(Nanos span) {
  if (span < Nanos(0)) {
    return "-" + format_duration(span == Nanos::min() ? Nanos::max() : -span);
  }
  const std::int64_t nanos = span.count();
  if (nanos < 999'500'000) {
    return fmt::format("{} ms", (nanos + 500'000) / 1'000'000);
  }
  if (nanos < 9'950'000'000) {
    const std::int64_t tenths = (nanos + 50'000'000) / 100'000'000;
    return fmt::format("{}.{} s", tenths / 10, tenths % 10);
  }
  const std::int64_t seconds =
      nanos / kNanosPerSecond + (nanos % kNanosPerSecond >= kNanosPerSecond / 2 ? 1 : 0);
  if (seconds < 60) {
    return fmt::format("{} s", seconds);
  }
  if (seconds < 3600) {
    return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  }
  const std::int64_t minutes = (seconds + 30) / 60;
  if (minutes < std::int64_t{24} * 60) {
    return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  }
  const std::int64_t hours = (minutes + 30) / 60;
  return fmt::format("{} d {:02} h", hours / 24, hours % 24);
}

Result<std::int64_t> parse_size(std::string_view text) {
  const auto bad = [&] { return bad_text("a size", text, "512MiB, 2GB or 4096B"); };
  std::string_view rest = text;
  const auto whole = take_number(rest);
  std::string_view fraction;
  if (whole && take_char(rest, ".")) {
    fraction = rest.substr(0, std::min(rest.find_first_not_of("0123456789"), rest.size()));
    rest.remove_prefix(fraction.size());
    if (fraction.empty()) {
      return bad();
    }
  }
  const auto* unit = std::find_if(
      kSizeUnits.begin(), kSizeUnits.end(), [&](const Unit& each) { return each.name == rest; });
  if (!whole || unit == kSizeUnits.end() || *whole >= kMaxInt64 / unit->size) {
    return bad();
  }
  double part = 0;
  if (!fraction.empty()) {
    const std::string decimal = "0." + std::string(fraction);
    std::from_chars(decimal.data(), decimal.data() + decimal.size(), part);
  }
  const std::int64_t bytes =
      *whole * unit->size + static_cast<std::int64_t>(part * static_cast<double>(unit->size));
  if (bytes < 1) {
    return bad();
  }
  return bytes;
}

std::string format_size(std::int64_t bytes) {
  constexpr std::array<std::string_view, 6> kNames{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes > -1024 && bytes < 1024) {
    return fmt::format("{} B", bytes);
  }
  double value = static_cast<double>(bytes) / 1024;
  std::size_t name = 0;
  while ((value >= 1023.95 || value <= -1023.95) && name + 1 < kNames.size()) {
    value /= 1024;
    ++name;
  }
  return fmt::format("{:.1f} {}", value, kNames[name]);
}

void append_rfc3339(std::string& out, WallTime time) {
  const std::int64_t millis =
      floor_divide(std::chrono::duration_cast<Nanos>(time.time_since_epoch()).count(), 1'000'000);
  const std::int64_t days = floor_divide(millis, kSecondsPerDay * 1000);
  const CivilDate date = civil_from_days(days);
  std::int64_t rest = millis - days * kSecondsPerDay * 1000;
  std::array<char, 24> buffer{};
  const auto put = [&](std::size_t at, std::size_t digits, std::int64_t value) {
    for (; digits > 0; --digits, value /= 10) {
      buffer[at + digits - 1] = static_cast<char>('0' + value % 10);
    }
  };
  put(0, 4, date.year);
  put(5, 2, date.month);
  put(8, 2, date.day);
  put(20, 3, rest % 1000);
  put(17, 2, (rest /= 1000) % 60);
  put(14, 2, (rest /= 60) % 60);
  put(11, 2, rest / 60);
  buffer[4] = buffer[7] = '-';
  buffer[10] = 'T';
  buffer[13] = buffer[16] = ':';
  buffer[19] = '.';
  buffer[23] = 'Z';
  out.append(buffer.data(), buffer.size());
}

std::string to_rfc3339(WallTime time) {
  std::string text;
  append_rfc3339(text, time);
  return text;
}

Result<WallTime> parse_rfc3339(std::string_view text) {
  std::string_view rest = text;
  const auto days = take_date(rest);
  const bool separated = days && take_char(rest, "Tt ");
  const auto nanos = separated ? take_time_of_day(rest) : std::nullopt;
  const auto offset = nanos ? take_offset(rest) : std::nullopt;
  if (!offset || !rest.empty()) {
    return bad_text("a time", text, "2026-11-22T11:00:00Z");
  }
  const Nanos since_epoch((*days * kSecondsPerDay - *offset) * kNanosPerSecond + *nanos);
  return WallTime(std::chrono::duration_cast<WallTime::duration>(since_epoch));
}

}  // namespace headway
