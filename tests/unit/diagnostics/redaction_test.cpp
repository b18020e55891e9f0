// What is taken out of a text before it leaves the machine, and what is left alone. Every secret
// here is made up.
#include "diagnostics/redaction.hpp"

#include "diagnostics/secret_patterns.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int time = 0; time < times; ++time) {
    out += text;
  }
  return out;
}

// (put together here, so that no scanner of repositories takes this file for a leak)
std::vector<std::pair<std::string, std::string>> samples() {
  const std::string a20 = repeated("aB3dE", 4);
  const std::string a40 = repeated("aB3dE", 8);
  const std::string hex = repeated("0123456789abcdef", 4);
  return {{"github-token", "ghp" + std::string("_") + repeated("aB3dE6", 6)},
          {"github-token", "github" + std::string("_pat_") + a40},
          {"aws-key-id", "AKIA" + repeated("ABCD2345", 2)},
          {"gitlab-token", "glpat" + std::string("-") + a20},
          {"slack-token", "xoxb" + std::string("-123456789012-") + a20},
          {"google-key", "AIza" + repeated("aB3dE", 7)},
          {"npm-token", "npm" + std::string("_") + repeated("aB3dE6", 6)},
          {"pypi-token", "pypi" + std::string("-") + a40 + a20},
          {"stripe-key", "sk" + std::string("_live_") + a20},
          {"model-key", "sk" + std::string("-ant-") + a40},
          {"sendgrid-key", "SG." + a20 + "." + a40},
          {"vault-token", "hvs." + a40},
          {"docker-token", "dckr" + std::string("_pat_") + a40},
          {"digitalocean-token", "dop" + std::string("_v1_") + hex},
          {"jwt", "eyJ" + a20 + ".eyJ" + a40 + "." + a40}};
}

TEST(SecretPatterns, tokens_of_services_are_found_whole) {
  for (const auto& [kind, token] : samples()) {
    const std::string text = "got " + token + ", and went on";
    const auto found = find_secret_patterns(text);
    ASSERT_EQ(found.size(), 1U) << kind;
    EXPECT_EQ(found[0].kind, kind);
    EXPECT_EQ(text.substr(found[0].begin, found[0].end - found[0].begin), token) << kind;
  }
}

TEST(SecretPatterns, tokens_are_found_behind_escapes_and_colours) {
  for (const auto& [kind, token] : samples()) {
    for (const char* before : {"=", "\\n", "\\t", "%3D", "\x1b[31m", "\x1b[1;32m", "/", "\""}) {
      for (const char* after : {"", "\\n", "\x1b[0m", "/", "\"", "'"}) {
        const auto found = find_secret_patterns(before + token + after);
        ASSERT_EQ(found.size(), 1U) << before << token << after;
        EXPECT_EQ((before + token).size() - found[0].end, 0U) << before << token << after;
        EXPECT_EQ(found[0].begin, std::string_view(before).size()) << before << token << after;
      }
    }
  }
}

TEST(SecretPatterns, passwords_in_urls_headers_and_assignments) {
  const std::pair<const char*, const char*> cases[] = {
      {"git clone https://ana:s3cretpw@host.example/x", "ana:s3cretpw"},
      {"https://x-access-token:abc123def456@github.com/a/b", "x-access-token:abc123def456"},
      {"Authorization: Basic YW5hOnMzY3JldHB3", "YW5hOnMzY3JldHB3"},
      {"authorization: Bearer abc.def-123456", "abc.def-123456"},
      {"PRIVATE-TOKEN: abcdef123456xyz", "abcdef123456xyz"},
      {"DB_PASSWORD=hunter2hunter2", "hunter2hunter2"},
      {"{\"client_secret\":\"abc123def456ghi\"}", "abc123def456ghi"},
      {"\\\"api_key\\\": \\\"abc123def456ghi\\\"", "abc123def456ghi"},
      {"tool --auth-token abc123def456", "abc123def456"},
      {"Set-Cookie: a=1; session=abcdef123", "a=1; session=abcdef123"},
      {"//registry.example/:_authToken=deadbeef-1", "deadbeef-1"}};
  for (const auto& [text, secret] : cases) {
    const auto found = find_secret_patterns(text);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_EQ(std::string_view(text).substr(found[0].begin, found[0].end - found[0].begin), secret);
  }
}

TEST(SecretPatterns, private_keys_whole_escaped_and_cut) {
  const std::string begin = "-----BEGIN RSA " + std::string("PRIVATE KEY-----");
  const std::string end = "-----END RSA " + std::string("PRIVATE KEY-----");
  const std::string body = repeated("MIIEpAIBAAKCAQEA0123456789abcdef0123456789abcdef\n", 20);
  for (const std::string& key : {begin + "\n" + body + end,
                                 begin + "\\nMIIEpAIBAAKCAQEA\\n" + end,
                                 begin + "\n" + body,
                                 body + end}) {
    Redactor redactor{SecretSet{}};
    const std::string out = redactor.redact("x\n" + key);
    EXPECT_EQ(out.find("MIIEp"), std::string::npos) << out;
    EXPECT_NE(out.find("<private-key-1>"), std::string::npos) << out;
  }
  Redactor redactor{SecretSet{}};
  EXPECT_EQ(redactor.redact(begin + "\nProc-Type: 4,ENCRYPTED\n\n" + body + "the end was cut\n"),
            "<private-key-1>" + std::string(23, '\n') + "the end was cut\n");
}

TEST(SecretPatterns, words_of_every_day_are_left_alone) {
  for (const char* text : {"error: expected token: identifier before '}'",
                           "unexpected token ';' at line 12",
                           "password=true passwd: null secret=secret token=$TOKEN",
                           "password: ${{ secrets.DB }} api_key = <your key>",
                           "git@github.com:a/b.git https://host/a@b ssh://git@host/x",
                           "commit 0123456789abcdef0123456789abcdef01234567",
                           "sk-learn xoxo ghp_short AKIA eyJ.eyJ.x https://user@host",
                           "tokens: 12345678 passwords=4 secrets: 3 found",
                           "secret_key_base is not set; token_count=17",
                           "headway::SecretPatterns::find_all_secret_patterns_2()",
                           "token_url=https://id.example/v2/auth secret: /run/secrets/db1",
                           "task-0123456789012345678901234567890123",
                           "public key -----BEGIN PUBLIC KEY-----",
                           ""}) {
    EXPECT_TRUE(find_secret_patterns(text).empty()) << text;
  }
}

TEST(SecretPatterns, bytes_that_are_no_text_do_no_harm) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes += static_cast<char>(byte);
  }
  EXPECT_TRUE(find_secret_patterns(bytes).empty());
}

TEST(Redactor, one_secret_has_one_placeholder_in_all_texts) {
  Redactor redactor{SecretSet{}};
  const std::string first = samples()[0].second;
  const std::string second = "ghp" + std::string("_") + repeated("Zz9Yy8", 6);
  EXPECT_EQ(redactor.redact(first + " " + second), "<github-token-1> <github-token-2>");
  EXPECT_EQ(redactor.redact(second), "<github-token-2>");
  EXPECT_EQ(redactor.counts().at("github-token"), 3);
}

TEST(Redactor, registered_secrets_go_in_every_encoding) {
  Redactor redactor{SecretSet({"correct horse"})};
  EXPECT_EQ(redactor.redact("a correct horse"), "a ***");
  EXPECT_EQ(redactor.redact("correct%20horse"), "***");
  EXPECT_EQ(redactor.redact("636f727265637420686f727365"), "***");
  EXPECT_EQ(redactor.counts().at("registered"), 3);
}

TEST(Redactor, who_and_where_one_is_becomes_a_placeholder) {
  Redactor redactor(SecretSet{}, {"/users/ana", "ana", "anabox"});
  EXPECT_EQ(redactor.redact("/users/ana/x, /users/anabel, ana@anabox, banana ana_b"),
            "~/x, /users/anabel, <user>@<host>, banana ana_b");
}

TEST(Redactor, names_that_say_nothing_stay) {
  Redactor redactor(SecretSet{}, {"/var/root", "root", "localhost"});
  EXPECT_EQ(redactor.redact("root@localhost"), "root@localhost");
  Redactor common(SecretSet({"true", "main", "80", "abc"}), {"/", "test", "ab"});
  EXPECT_EQ(common.redact("the main test is true: ab abc 80"), "the main test is true: ab abc 80");
  EXPECT_TRUE(common.counts().empty());
}

TEST(Redactor, places_are_counted_not_texts) {
  Redactor redactor(SecretSet({"hunter2hunter2"}));
  (void)redactor.redact("hunter2hunter2 and hunter2hunter2, *** was there");
  EXPECT_EQ(redactor.counts().at("registered"), 2);
}

TEST(Redactor, homes_are_found_behind_a_flag_but_not_inside_a_path) {
  Redactor deep(SecretSet{}, {"/users/ana", "", ""});
  EXPECT_EQ(deep.redact("-I/users/ana/include"), "-I~/include");
  Redactor shallow(SecretSet{}, {"/ana", "", ""});
  EXPECT_EQ(shallow.redact("/ana/x /var/ana/x"), "~/x /var/ana/x");
}

TEST(Redactor, json_stays_json) {
  Redactor redactor(SecretSet({"s3cr\"et", "123456789"}), {"", "ana", ""});
  EXPECT_EQ(redactor.redact_json(R"({"a":"s3cr\"et","user":"ana","bytes":123456789})"),
            R"({"a":"***","user":"<user>","bytes":123456789})");
}

TEST(Redactor, strings_of_json_are_read_as_what_they_say) {
  Redactor redactor{SecretSet{}, {"", "ana", ""}};
  const std::string token = samples()[0].second;
  EXPECT_EQ(redactor.redact_json("{\"text\":\"one\\n" + token + "\\nby\\nana\\u0021\"}"),
            "{\"text\":\"one\\n<github-token-1>\\nby\\n<user>!\"}");
  const std::string cut = "-----BEGIN " + std::string("PRIVATE KEY-----");
  EXPECT_EQ(redactor.redact_json("[\"{\\\"k\\\":\\\"" + cut + "\\\\nMIIEabcd\\\"}\"]"),
            "[\"{\\\"k\\\":\\\"<private-key-1>\\\"}\"]");
}

TEST(Redactor, a_name_in_json_makes_a_secret_of_its_value) {
  Redactor redactor{SecretSet{}};
  EXPECT_EQ(redactor.redact_json(R"({"password" : "abc123def456", "n": ["abc123def456"]})"),
            R"({"password" : "<assigned-secret-1>", "n": ["abc123def456"]})");
  EXPECT_EQ(redactor.redact_json(R"({"tokens":["abc123def456","fine"]})"),
            R"({"tokens":["<assigned-secret-1>","fine"]})");
}

TEST(Redactor, lines_of_json_and_lines_that_are_none) {
  Redactor redactor(SecretSet({"hunter2hunter2"}));
  EXPECT_EQ(redactor.redact_json("{\"a\":\"hunter2hunter2\"}\n{\"a\":\"hunter2hunter2\n[1]\n"),
            "{\"a\":\"***\"}\n{\"a\":\"***\n[1]\n");
  EXPECT_EQ(redactor.redact_json(""), "");
}

}  // namespace
}  // namespace headway
