// Hostile XML: what it may cost its reader is bounded.
#include "quality/xml_walk.hpp"

#include "support/report_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::HasSubstr;

// A document that is never held as a whole: a beginning, a piece many times, an end.
class LongDocument final : public ByteSource {
 public:
  LongDocument(std::string begin, std::string piece, std::int64_t times, std::string end)
      : begin_(std::move(begin)), piece_(std::move(piece)), left_(times), end_(std::move(end)) {}

  Result<std::size_t> read(char* to, std::size_t room) override {
    if (rest_.empty() && !begin_.empty()) {
      now_.swap(begin_);
      begin_.clear();
      rest_ = now_;
    } else if (rest_.empty() && left_ > 0) {
      --left_;
      rest_ = piece_;
    } else if (rest_.empty()) {
      now_.swap(end_);
      end_.clear();
      rest_ = now_;
    }
    const std::size_t taken = rest_.copy(to, room);
    rest_.remove_prefix(taken);
    bytes += static_cast<std::int64_t>(taken);
    return taken;
  }

  std::int64_t bytes = 0;

 private:
  std::string begin_, piece_;
  std::int64_t left_;
  std::string end_, now_;
  std::string_view rest_;
};

std::string error_of(ByteSource& source) {
  TestCounts counts;
  const auto read = read_junit(source, counts);
  return read ? "" : read.error().message;
}

TEST(XmlWalk, bomb_of_entities_is_refused_at_its_first_declaration) {
  TextSource source(
      "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 "
      "'&lol;&lol;&lol;&lol;'>]><testsuite><testcase name='&lol2;'/></testsuite>");
  EXPECT_THAT(error_of(source), HasSubstr("it declares the entity 'lol'"));
}

TEST(XmlWalk, entity_that_names_a_file_is_refused) {
  TextSource source(
      "<!DOCTYPE t [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><testsuite>&x;</testsuite>");
  EXPECT_THAT(error_of(source), HasSubstr("it declares the entity 'x'"));
}

TEST(XmlWalk, document_type_without_entities_is_read_and_not_fetched) {
  TextSource source(
      "<!DOCTYPE testsuite SYSTEM 'http://127.0.0.1:1/x.dtd'><testsuite><testcase/></testsuite>");
  EXPECT_EQ(error_of(source), "");
}

TEST(XmlWalk, elements_nested_without_end_are_refused) {
  LongDocument source("<testsuite>", "<a>", 1 << 20, "");
  EXPECT_THAT(error_of(source), HasSubstr("nested deeper than 256"));
  EXPECT_LT(source.bytes, 1 << 20);
}

TEST(XmlWalk, tag_without_end_is_refused_before_it_fills_memory) {
  LongDocument source("<testsuite name='", std::string(1 << 16, 'x'), 1 << 14, "'/>");
  EXPECT_THAT(error_of(source), HasSubstr("a tag of more than 4 MiB"));
  EXPECT_LT(source.bytes, std::int64_t{16} << 20);
}

TEST(XmlWalk, a_hundred_megabytes_of_text_pass_in_pieces) {
  LongDocument source("<testsuite><testcase><system-out>",
                      std::string(1 << 20, 'x'),
                      100,
                      "</system-out></testcase></testsuite>");
  EXPECT_EQ(error_of(source), "");
  EXPECT_GT(source.bytes, std::int64_t{100} << 20);
}

}  // namespace
}  // namespace headway
