// See json_walk.hpp. nlohmann's SAX parser (not recursive) over an iterator that reads ahead.
#include "base/json_walk.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <exception>
#include <iterator>
#include <optional>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kMaxDepth = 256;
constexpr std::size_t kReadBytes = std::size_t{64} << 10;

// The bytes of a source, one at a time.
class Feed {
 public:
  explicit Feed(ByteSource& source) : source_(source) { fill(); }

  bool is_over() const noexcept { return at_ == size_; }
  char front() const noexcept { return buffer_[at_]; }
  void pop() {
    ++at_;
    if (at_ == size_) {
      fill();
    }
  }
  const std::optional<Error>& error() const noexcept { return error_; }

 private:
  void fill() {
    const auto got = source_.read(buffer_.data(), buffer_.size());
    at_ = 0;
    size_ = got ? *got : 0;
    if (!got) {
      error_ = got.error();
    }
  }

  ByteSource& source_;
  std::array<char, kReadBytes> buffer_{};
  std::size_t at_ = 0, size_ = 0;
  std::optional<Error> error_;
};

// As nlohmann takes its input. A null feed is the end.
class FeedIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  explicit FeedIterator(Feed* feed) : feed_(feed) {}
  char operator*() const { return feed_->front(); }
  FeedIterator& operator++() {
    feed_->pop();
    return *this;
  }
  FeedIterator operator++(int) {
    const FeedIterator before = *this;
    feed_->pop();
    return before;
  }
  bool operator==(const FeedIterator& other) const { return is_over() == other.is_over(); }

 private:
  bool is_over() const { return feed_ == nullptr || feed_->is_over(); }
  Feed* feed_;
};

// Keeps the path and hands on; returning false stops the parser.
class Walker {
 public:
  explicit Walker(JsonVisitor& visitor) : visitor_(visitor) {}

  bool null() { return tell(std::monostate()); }
  bool boolean(bool value) { return tell(value); }
  bool number_integer(std::int64_t value) { return tell(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return tell(static_cast<double>(value)); }
  bool number_float(double value, const std::string& /*text*/) { return tell(value); }
  bool string(std::string& value) { return tell(std::move(value)); }
  bool binary(std::vector<std::uint8_t>& /*value*/) { return false; }  // not in JSON text
  bool start_object(std::size_t /*size*/) { return open(false); }
  bool start_array(std::size_t /*size*/) { return open(true); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    path_.back().name = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position,
                   const std::string& /*last_token*/,
                   const nlohmann::json::exception& /*error*/) {
    failure_ = fmt::format("no JSON: byte {} is not what may stand there", position);
    return false;
  }

  const std::string& failure() const { return failure_; }

 private:
  // The value that comes now is the next item, where it is one; a member has its key by now.
  void arrive() {
    if (!path_.empty()) {
      JsonStep& step = path_.back();
      step.index += step.is_item ? 1 : 0;
      is_empty_.back() = false;
    }
  }

  bool tell(JsonScalar value) {
    arrive();
    visitor_.on_scalar(path_, value);
    return true;
  }

  bool open(bool is_array) {
    arrive();
    if (path_.size() == kMaxDepth) {
      failure_ = fmt::format("JSON nested deeper than {} levels", kMaxDepth);
      return false;
    }
    path_.push_back({{}, -1, is_array});
    is_empty_.push_back(true);
    return true;
  }

  bool close() {
    const bool was_empty = is_empty_.back();
    path_.pop_back();
    is_empty_.pop_back();
    visitor_.on_end(path_, was_empty);
    return true;
  }

  JsonVisitor& visitor_;
  JsonPath path_;               // its last step leads to the value that comes next or came last
  std::vector<bool> is_empty_;  // by open container
  std::string failure_;
};

}  // namespace

Result<void> walk_json(ByteSource& source, JsonVisitor& visitor) {
  try {
    const auto feed = std::make_unique<Feed>(source);
    Walker walker(visitor);
    const bool is_good =
        nlohmann::json::sax_parse(FeedIterator(feed.get()), FeedIterator(nullptr), &walker);
    if (feed->error()) {
      return *feed->error();
    }
    return is_good ? Result<void>() : Error{ErrorCode::parse, walker.failure()};
  } catch (const std::exception& error) {
    return Error{ErrorCode::internal, fmt::format("read JSON: {}", error.what())};
  }
}

}  // namespace headway
