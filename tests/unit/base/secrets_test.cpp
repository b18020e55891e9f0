// Masking, at once and over a stream cut anywhere.
#include "base/secrets.hpp"

#include "base/secret_encodings.hpp"

#include <gtest/gtest.h>

#include <random>

namespace headway {
namespace {

std::string fed_in_pieces(const SecretSet& secrets, const std::vector<std::string>& pieces) {
  SecretMasker masker(secrets);
  std::string out;
  for (const std::string& piece : pieces) {
    out += masker.feed(piece);
  }
  out += masker.finish();
  return out;
}

TEST(SecretSet, empty_set_changes_nothing) {
  EXPECT_TRUE(SecretSet().empty());
  EXPECT_TRUE(SecretSet({"abc", "true"}).empty());
  EXPECT_EQ(SecretSet().mask("hunter2x"), "hunter2x");
}

TEST(SecretSet, masks_every_occurrence) {
  const SecretSet secrets({"hunter2x", "0ther-one"});
  EXPECT_EQ(secrets.mask("a hunter2x b 0ther-one hunter2xhunter2x"), "a *** b *** ******");
  EXPECT_EQ(secrets.mask("nothing here"), "nothing here");
  EXPECT_EQ(secrets.mask("hunter2"), "hunter2");
}

TEST(SecretSet, masks_in_place) {
  std::string text = "x=hunter2x";
  SecretSet({"hunter2x"}).mask_in_place(text);
  EXPECT_EQ(text, "x=***");
}

TEST(SecretSet, the_longer_secret_hides_its_prefix) {
  const SecretSet secrets({"abcd1", "abcd1234"});
  EXPECT_EQ(secrets.mask("<abcd1234>"), "<***>");
  EXPECT_EQ(secrets.mask("<abcd12>"), "<***2>");
}

TEST(SecretSet, secrets_that_overlap_leave_no_end_readable) {
  EXPECT_EQ(SecretSet({"abcdef", "defghi"}).mask("<abcdefghi>"), "<***>");
  EXPECT_EQ(SecretSet({"aaaa"}).mask("aaaaaa"), "***");
}

TEST(SecretSet, a_secret_inside_a_longer_one_that_does_not_match_is_masked) {
  EXPECT_EQ(SecretSet({"wxyz", "0wxyz0abcd0end"}).mask("0wxyz0abcd0END"), "0***0abcd0END");
  EXPECT_EQ(SecretSet({"wxyz", "abcd", "0wxyz0abcd0end"}).mask("0wxyz0abcd0EN"), "0***0***0EN");
}

TEST(SecretSet, encoded_secrets_are_masked) {
  const SecretSet secrets({"hunter22"});
  EXPECT_EQ(secrets.mask("Authorization: Basic dXNlcjpodW50ZXIyMg=="),
            "Authorization: Basic dXNlcjp***");
  EXPECT_EQ(secrets.mask("68756e7465723232"), "***");
}

TEST(SecretSet, tells_whether_a_secret_occurs) {
  const SecretSet secrets({"hunter2x"});
  EXPECT_TRUE(secrets.occurs_in("hunter2x"));
  EXPECT_TRUE(secrets.occurs_in("hunthunter2x"));
  EXPECT_FALSE(secrets.occurs_in("hunter2"));
  EXPECT_FALSE(secrets.occurs_in(""));
  EXPECT_FALSE(SecretSet().occurs_in("hunter2x"));
}

TEST(SecretMasker, secret_cut_at_any_byte_is_masked) {
  const SecretSet secrets({"hunter2x"});
  const std::string text = "<hunter2x>";
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); ++second) {
      EXPECT_EQ(
          fed_in_pieces(
              secrets,
              {text.substr(0, first), text.substr(first, second - first), text.substr(second)}),
          "<***>");
    }
  }
}

TEST(SecretMasker, without_secrets_gives_back_the_same_view) {
  SecretMasker masker{SecretSet()};
  const std::string text = "some text";
  EXPECT_EQ(masker.feed(text).data(), text.data());
  EXPECT_EQ(masker.finish(), "");
}

TEST(SecretMasker, copies_nothing_where_nothing_matches) {
  SecretMasker masker(SecretSet({"hunter2x"}));
  const std::string text = "some text hun";
  const std::string_view out = masker.feed(text);
  EXPECT_EQ(out.data(), text.data());
  EXPECT_EQ(out, "some text ");
  EXPECT_EQ(masker.held_bytes(), 3U);
  EXPECT_EQ(masker.feed("dred"), "hundred");
  EXPECT_EQ(masker.held_bytes(), 0U);
}

TEST(SecretMasker, a_complete_secret_is_not_held_back) {
  SecretMasker masker(SecretSet({"zq8#zq9#"}));
  EXPECT_EQ(masker.feed("token zq8#zq9#"), "token ***");
  EXPECT_EQ(masker.held_bytes(), 0U);
  EXPECT_EQ(masker.feed("\n"), "\n");
}

TEST(SecretMasker, a_mask_that_has_left_grows_silently) {
  SecretMasker masker(SecretSet({"abcd1", "abcd1234"}));
  std::string out(masker.feed("abcd1"));
  EXPECT_EQ(out, "***");
  out += masker.feed("23");
  out += masker.feed("4!");
  EXPECT_EQ(out, "***!");
}

TEST(SecretMasker, can_be_used_again_after_the_end) {
  SecretMasker masker(SecretSet({"hunter2x"}));
  EXPECT_EQ(masker.feed("hunt"), "");
  EXPECT_EQ(masker.finish(), "hunt");
  EXPECT_EQ(masker.feed("er2x hunter2x"), "er2x ***");
}

// Random texts over a small alphabet, with the forms of the secrets strewn in.
class MaskerProperty : public ::testing::TestWithParam<unsigned> {
 protected:
  std::string random_word(std::size_t min, std::size_t max) {
    std::string word(min + random_() % (max - min + 1), ' ');
    for (char& byte : word) {
      byte = kAlphabet[random_() % kAlphabet.size()];
    }
    return word;
  }

  std::string random_text(const std::vector<std::string>& forms) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      text += random_word(0, 6);
      const std::string& form = forms[random_() % forms.size()];
      text += form.substr(0, random_() % 3 == 0 ? random_() % form.size() : form.size());
    }
    return text;
  }

  std::vector<std::string> cut(const std::string& text) {
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = random_() % 9;
      pieces.push_back(text.substr(at, length));
      at += length;
    }
    return pieces;
  }

  std::mt19937 random_{GetParam()};

 private:
  static constexpr std::string_view kAlphabet = "aab\"/\n'";
};

TEST_P(MaskerProperty, cuts_do_not_matter_and_no_form_survives) {
  std::vector<std::string> values;
  for (int i = 0; i < 3; ++i) {
    values.push_back(random_word(4, 12));
  }
  values.push_back(values[0] + random_word(1, 5));  // one is the start of another
  std::vector<std::string> forms;
  for (const std::string& value : values) {
    append_secret_forms(value, forms);
  }
  if (forms.empty()) {
    return;  // all values were too plain to be secrets
  }
  const SecretSet secrets(values);
  for (int round = 0; round < 20; ++round) {
    const std::string text = random_text(forms);
    const std::string masked = secrets.mask(text);
    ASSERT_EQ(fed_in_pieces(secrets, cut(text)), masked) << text;
    for (const std::string& form : forms) {
      ASSERT_EQ(masked.find(form), std::string::npos) << form << " in " << masked;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, MaskerProperty, ::testing::Range(1U, 101U));

}  // namespace
}  // namespace headway
