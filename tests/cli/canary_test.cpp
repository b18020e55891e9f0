// A secret that a stage prints in every encoding is in no byte of anything that a run leaves, shows
// or gives away. The encodings are Python's, so that ours are not their own judge.
#include "support/headway_program.hpp"

#include <gtest/gtest.h>

#include <set>

namespace headway {
namespace {

// Quotes, slashes, blanks, percent, backslash, a character of two bytes.
constexpr const char* kCanary = "c4n4ry/Qx+7z W=9k\"v'q%Z\\m8\xC3\xA9T-end";
// Long enough that base64 goes over more than one line.
constexpr const char* kLongCanary =
    "l0ngC4n4ryAbCdEfGhIjKlMnOpQrStUvWxYz0123456789aBcDeFgHiJkLmNoPqRsTuVwXyZ9876543210zYxWvUtS";

constexpr const char* kLeak = R"(import base64, json, os, re, shlex, sys, time, urllib.parse as url
secret = os.environb[b"DEPLOY_TOKEN"]
text = secret.decode()
forms = [secret, secret.hex().encode(), secret.hex().upper().encode()]
for encode in (base64.b64encode, base64.urlsafe_b64encode):
    for before in (b"", b"x", b"xy"):
        forms += [encode(before + secret), encode(before + secret + b"tail")]
forms += [form.encode() for form in (
    url.quote(text), url.quote(text, safe=""), url.quote_plus(text), re.sub("%..", lambda m: m.group().lower(), url.quote(text)),
    json.dumps(text), json.dumps(text, ensure_ascii=False), json.dumps(text).replace("/", "\\/"),
    shlex.quote(text), "'" + text.replace("'", "'\\''") + "'",
    "".join("\\" + c if c in " \"'\\" else c for c in text))]
long = os.environb[b"LONG_PASSWORD"]
forms += [long, long.hex().encode()] + base64.encodebytes(long).splitlines()
with open(os.environ["FORMS"], "wb") as file:
    file.write(b"\n".join(forms))
for form in forms:
    sys.stdout.buffer.write(b"printed " + form + b" there\n")
    for cut in (1, len(form) // 2, len(form) - 1):
        sys.stdout.buffer.write(form[:cut])
        sys.stdout.buffer.flush()
        time.sleep(0.003)
        sys.stdout.buffer.write(form[cut:] + b"\n")
        sys.stdout.buffer.flush()
os.makedirs("build", exist_ok=True)
with open("build/junit.xml", "w") as file:
    file.write("<testsuite name='" + long.decode() + "'><testcase name='" + long.decode() +
               "'><failure message='" + long.decode() + "'/></testcase></testsuite>")
print("short and common stay: abc main 8080")
sys.exit(int(sys.argv[1]))
)";

constexpr const char* kWorkflow = R"(version: 1
name: canary
secrets: [PLAIN_NAME]
env: {PLAIN_NAME: second-canary-value}
gates:
  tests: {report: build/junit.xml, format: junit}
lanes: {standard: {default: true, gates: {tests.pass_rate: ">= 80"}}}
stages:
  measured: {run: [python3, leak.py, "0"], gates: [tests]}
  typed:
    name: second-canary-value
    run: 'echo second-canary-value; echo "$PLAIN_NAME" >&2; exit 4'
  leak: {run: [python3, leak.py, "3"], retries: 1}
  after: {needs: [leak], run: [echo, second-canary-value]}
)";

// All pieces of that length of every form: also what is left of a form that was masked in part.
std::set<std::string> pieces_of(const std::string& forms) {
  constexpr std::size_t kPiece = 11;
  std::set<std::string> pieces;
  std::size_t begin = 0;
  while (begin < forms.size()) {
    const std::size_t end = std::min(forms.find('\n', begin), forms.size());
    for (std::size_t at = begin; at + kPiece <= end; ++at) {
      pieces.insert(forms.substr(at, kPiece));
    }
    begin = end + 1;
  }
  return pieces;
}

class CanaryTest : public testing::Test {
 protected:
  CanaryTest() {
    program.set("DEPLOY_TOKEN", kCanary);
    program.set("LONG_PASSWORD", kLongCanary);
    program.set("SHORT_TOKEN", "abc");
    program.set("COMMON_SECRET", "main");
    program.set("SMALL_PASSWORD", "8080");
    program.set("FORMS", program.path("../forms"));
    program.write("leak.py", kLeak);
    program.write("headway.yaml", kWorkflow);
  }

  void say(const std::vector<std::string>& words) {
    const ProgramResult result = program.run(words);
    std::string all;
    for (const std::string& word : words) {
      all += word + " ";
    }
    artefacts.emplace_back("headway " + all, result.out + result.err);
    EXPECT_NE(result.exit_code, 70) << all << result.err;
    EXPECT_NE(result.exit_code, 2) << all << result.err;
  }

  void take_files_of(const std::string& folder) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      artefacts.emplace_back("a name", entry.path().string());
      if (entry.is_regular_file()) {
        artefacts.emplace_back(entry.path().string(), slurp(entry.path().string()));
      }
    }
  }

  Program program;
  std::vector<std::pair<std::string, std::string>> artefacts;  // what, bytes
};

TEST_F(CanaryTest, is_in_no_artefact_of_a_failed_run) {
  say({"run", "-k", "--output", "plain", "--title", kCanary, "--owner", kLongCanary});
  say({"run", "-k", "--output", "stream", "--change-id", "second-canary-value"});
  say({"run", "-k", "--output", "events"});
  say({"run", "-k", "--json", "--title", kCanary});
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"show"},
                                             {"show", "--json"},
                                             {"status"},
                                             {"status", "--json"},
                                             {"runs", "--json"},
                                             {"logs"},
                                             {"logs", "--json"},
                                             {"logs", "--stage", "leak", "--raw"},
                                             {"plan"},
                                             {"plan", "--json"},
                                             {"stats", "--json"},
                                             {"why", "after"},
                                             {"doctor", "--json"},
                                             {"diagnose"},
                                             {"diagnose", "--json"},
                                             {"history", "export", "out/history.json"},
                                             {"report", "--html", "out/r.html"},
                                             {"report", "--junit", "out/r.xml"},
                                             {"report", "--markdown", "out/r.md"},
                                             {"report", "--trace", "out/t.json"},
                                             {"report", "--otlp", "out/o.json"},
                                             {"report", "--wfformat", "out/w.json"},
                                             {"diagnose", "--bundle", "out/b.tar.gz"}}) {
    std::filesystem::create_directories(program.path("out"));
    say(words);
  }
  ASSERT_EQ(::system(("cd " + program.path("out") + " && tar -xzf b.tar.gz").c_str()), 0);
  take_files_of(program.path("out"));
  take_files_of(program.path(".headway"));

  std::set<std::string> pieces = pieces_of(slurp(program.path("../forms")));
  pieces.insert("second-canary");
  ASSERT_GT(pieces.size(), 500U);
  std::string all;
  for (const auto& [what, bytes] : artefacts) {
    all += bytes;
    for (const std::string& piece : pieces) {
      const std::size_t at = bytes.find(piece);
      EXPECT_EQ(at, std::string::npos)
          << what << ": " << bytes.substr(at > 60 ? at - 60 : 0, 140) << "\n";
      if (at != std::string::npos) {
        break;
      }
    }
  }
  EXPECT_NE(all.find("printed *** there"), std::string::npos);
  EXPECT_NE(all.find("short and common stay: abc main 8080"), std::string::npos);
}

}  // namespace
}  // namespace headway
