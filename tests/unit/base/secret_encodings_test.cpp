// The forms of a secret.
#include "base/secret_encodings.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway {
namespace {

std::vector<std::string> forms_of(std::string_view value) {
  std::vector<std::string> forms;
  append_secret_forms(value, forms);
  return forms;
}

bool has_form(std::string_view value, std::string_view form) {
  const auto forms = forms_of(value);
  return std::find(forms.begin(), forms.end(), form) != forms.end();
}

TEST(SecretForms, plain_value) {
  EXPECT_TRUE(has_form("s3cr3t/x", "s3cr3t/x"));
}

TEST(SecretForms, json_escapes_of_common_writers) {
  EXPECT_TRUE(has_form("a\"b\\c/d", R"(a\"b\\c/d)"));
  EXPECT_TRUE(has_form("a\"b\\c/d", R"(a\"b\\c\/d)"));
  EXPECT_TRUE(has_form("p\xC3\xA4ss<w", "p\xC3\xA4ss\\u003cw"));
  EXPECT_TRUE(has_form("p\xC3\xA4ss<w", "p\\u00e4ss<w"));
  EXPECT_TRUE(has_form("ab\xF0\x9F\x9A\x80", "ab\\ud83d\\ude80"));
  EXPECT_TRUE(has_form("ab\xF0\x9F\x9A\x80", "ab\\uD83D\\uDE80"));
}

TEST(SecretForms, url_encodings) {
  EXPECT_TRUE(has_form("a/b c+d", "a%2Fb%20c%2Bd"));
  EXPECT_TRUE(has_form("a/b c+d", "a%2fb%20c%2bd"));
  EXPECT_TRUE(has_form("a/b c+d", "a/b%20c%2Bd"));
  EXPECT_TRUE(has_form("a/b c+d", "a%2Fb+c%2Bd"));
}

TEST(SecretForms, base64_at_each_alignment) {
  // printf 'hunter22' | base64; with one and two bytes before: 'x', 'xy'.
  EXPECT_TRUE(has_form("hunter22", "aHVudGVyMjI="));
  EXPECT_TRUE(has_form("hunter22", "aHVudGVyMjI"));
  EXPECT_TRUE(has_form("hunter22", "h1bnRlcjIy"));  // eGh1bnRlcjIy
  EXPECT_TRUE(has_form("hunter22", "odW50ZXIyM"));  // eHlodW50ZXIyMg==
  EXPECT_TRUE(has_form("hunter22", "odW50ZXIyMg=="));
}

TEST(SecretForms, lines_of_base64_of_a_long_value) {
  // yes 0123456789 | tr -d '\n' | head -c 80 | base64; the same through openssl base64
  std::string value;
  while (value.size() < 80) {
    value += "0123456789";
  }
  EXPECT_TRUE(has_form(
      value, "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2"));
  EXPECT_TRUE(has_form(value, "Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODk="));
  EXPECT_TRUE(has_form(value, "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3"));
}

TEST(SecretForms, url_safe_base64) {
  EXPECT_TRUE(has_form("\xFB\xFF\xBF\xFF\xFE\xFF", "+/+///7/"));
  EXPECT_TRUE(has_form("\xFB\xFF\xBF\xFF\xFE\xFF", "-_-___7_"));
}

TEST(SecretForms, hex_in_both_cases) {
  EXPECT_TRUE(has_form("key-\xAB", "6b65792dab"));
  EXPECT_TRUE(has_form("key-\xAB", "6B65792DAB"));
}

TEST(SecretForms, inside_shell_quotes) {
  EXPECT_TRUE(has_form("it's $5", "it'\\''s $5"));
  EXPECT_TRUE(has_form("it's $5", "it's \\$5"));
  EXPECT_TRUE(has_form("it's $5", "it'\"'\"'s $5"));
  EXPECT_TRUE(has_form("it's $5", "it\\'s\\ \\$5"));
}

TEST(SecretForms, each_line_of_a_value_of_many_lines) {
  const std::string pem = "-----BEGIN KEY-----\nMIIEabcd\r\n\nab\nZZtop123\n-----END KEY-----\n";
  EXPECT_TRUE(has_form(pem, "MIIEabcd"));
  EXPECT_TRUE(has_form(pem, "ZZtop123"));
  EXPECT_TRUE(has_form(pem, pem));
  EXPECT_FALSE(has_form(pem, "-----BEGIN KEY-----"));
  EXPECT_FALSE(has_form(pem, "ab"));
}

TEST(SecretForms, white_space_around_a_value_may_be_missing) {
  EXPECT_TRUE(has_form(" s3cret9 \n", "s3cret9"));
}

TEST(SecretForms, an_endless_value_is_cut_into_pieces) {
  std::string value;
  for (int i = 0; value.size() < 20'000; ++i) {
    value += std::to_string(i * 7919) + '.';
  }
  std::size_t covered = 0;
  for (const std::string& form : forms_of(value)) {
    EXPECT_LE(form.size(), 3U * 4096U);
    covered += value.compare(covered, form.size(), form) == 0 ? form.size() : 0;
  }
  EXPECT_EQ(covered, value.size());
}

TEST(SecretForms, none_is_shorter_than_the_minimum) {
  for (const std::string& form : forms_of("abcd\nefgh\nxyz")) {
    EXPECT_GE(form.size(), kMinSecretBytes);
  }
}

TEST(IsWorthMasking, common_and_short_values_are_not) {
  for (const char* value : {"",
                            "abc",
                            "   a   ",
                            "true",
                            "FALSE",
                            "null",
                            "root",
                            "localhost",
                            "8080",
                            "65535",
                            "****",
                            "-----BEGIN RSA PRIVATE KEY-----"}) {
    EXPECT_FALSE(is_worth_masking(value)) << value;
    EXPECT_TRUE(forms_of(value).empty()) << value;
  }
}

TEST(IsWorthMasking, long_numbers_and_short_words_are) {
  for (const char* value : {"123456", "abcd", "aaaa", "roots"}) {
    EXPECT_TRUE(is_worth_masking(value)) << value;
  }
}

}  // namespace
}  // namespace headway
