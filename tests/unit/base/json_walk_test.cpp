// Scalars with their places, out of JSON in pieces.
#include "base/json_walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway {
namespace {

// One byte at a time.
class Drip final : public ByteSource {
 public:
  explicit Drip(std::string_view text) : rest_(text) {}
  Result<std::size_t> read(char* to, std::size_t room) override {
    const std::size_t taken = rest_.copy(to, std::min<std::size_t>(room, 1));
    rest_.remove_prefix(taken);
    return taken;
  }

 private:
  std::string_view rest_;
};

// "/a/0=1 /b=text /c={}", as the walk tells it.
class Teller final : public JsonVisitor {
 public:
  void on_scalar(const JsonPath& path, const JsonScalar& value) override {
    tell(path);
    if (const double* number = std::get_if<double>(&value)) {
      told += "=" + std::to_string(static_cast<int>(*number));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      told += "=" + *text;
    } else if (const bool* truth = std::get_if<bool>(&value)) {
      told += *truth ? "=true" : "=false";
    } else {
      told += "=null";
    }
  }
  void on_end(const JsonPath& path, bool is_empty) override {
    tell(path);
    told += is_empty ? " empty" : " end";
  }

  std::string told;

 private:
  void tell(const JsonPath& path) {
    told += told.empty() ? "" : ", ";
    for (const JsonStep& step : path) {
      told += "/" + (step.is_item ? std::to_string(step.index) : step.name);
    }
  }
};

std::string walk(std::string_view text) {
  Drip source(text);
  Teller teller;
  const auto walked = walk_json(source, teller);
  return walked ? teller.told : "error: " + walked.error().message;
}

TEST(WalkJson, every_scalar_has_its_place) {
  EXPECT_EQ(walk(R"({"a": [1, {"b": "x"}, []], "c": {}, "d": null, "e": true})"),
            "/a/0=1, /a/1/b=x, /a/1 end, /a/2 empty, /a end, /c empty, /d=null, /e=true,  end");
  EXPECT_EQ(walk("7"), "=7");
}

TEST(WalkJson, what_is_no_whole_value_is_an_error) {
  for (const char* text : {"", "{", "[1,]", "{\"a\": 1} x", "nul", "{\"a\" 1}", "\"\x80\""}) {
    EXPECT_TRUE(walk(text).starts_with("error: no JSON: byte")) << text << ": " << walk(text);
  }
}

TEST(WalkJson, nesting_without_end_is_refused) {
  EXPECT_EQ(walk(std::string(100'000, '[')), "error: JSON nested deeper than 256 levels");
}

TEST(WalkJson, source_that_fails_is_the_error) {
  // Fails at its second piece.
  class Broken final : public ByteSource {
   public:
    Result<std::size_t> read(char* to, std::size_t /*room*/) override {
      if (count_++ > 0) {
        return Error{ErrorCode::io, "disk on fire"};
      }
      *to = '[';
      return std::size_t{1};
    }

   private:
    int count_ = 0;
  } source;
  Teller teller;
  const auto walked = walk_json(source, teller);
  ASSERT_FALSE(walked);
  EXPECT_EQ(walked.error().message, "disk on fire");
}

}  // namespace
}  // namespace headway
