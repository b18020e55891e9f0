// See secret_patterns.hpp. Formats: the services' own documents on their tokens; RFC 7519 (JWT),
// RFC 7468 (keys), RFC 3986 (URLs), RFC 7617 and 6750 (headers).
#include "diagnostics/secret_patterns.hpp"

#include "base/secret_encodings.hpp"
#include "base/text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

namespace headway {
namespace {

bool any_value(std::string_view) {
  return true;
}

// What stands behind "password =": not a word, a number, a type or a place holder.
bool is_like_a_secret(std::string_view value) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool has_digit = std::any_of(value.begin(), value.end(), is_digit);
  const bool has_letter = std::any_of(value.begin(), value.end(), is_letter);
  constexpr std::string_view kPlaceholder = "$<{[(*%/~:";  // (a path, "Token::name")
  return has_digit && has_letter && kPlaceholder.find(value.front()) == std::string_view::npos &&
         value.find("://") == std::string_view::npos && is_worth_masking(value);
}

// A form that secrets have. The first group, where there is one, is the secret itself. A prefix
// that nothing else has may stand behind a letter: "\n" in JSON, "%3D" and "\x1b[31m" end in one.
struct Pattern {
  std::string_view kind;
  const char* form;
  bool (*accepts)(std::string_view) = any_value;
};

// <name> and <begin> in a form: a name that tells of a secret; where a word begins, also behind the
// letters that an escape or a colour ends with.
constexpr std::string_view kName =
    "(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|"
    "credential)";
constexpr std::string_view kBegin = R"((?:\b|\\[bfnrt]|%[0-9A-Fa-f]{2}|\x1b\[[0-9;]*m))";

constexpr auto kPatterns = std::to_array<Pattern>(
    {{"private-key",
      R"(-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,|>.-]*?-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)"},
     {"private-key",
      R"(-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:(?:\s|\\[nr])*[A-Z][A-Za-z-]+: [^\n\\]*)*(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{40,})*(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{8,})?)"},
     {"private-key",
      R"((?:[A-Za-z0-9+/=]{16,}\s+)+[A-Za-z0-9+/=]*\s*-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)"},
     {"github-token", R"(gh[pousr]_[A-Za-z0-9]{20,255})"},
     {"github-token", R"(github_pat_[A-Za-z0-9_]{20,255})"},
     {"aws-key-id", R"((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b)"},
     {"aws-secret-key",
      R"((?i)aws[\w.-]{0,30}(?:secret|key)[\w.-]{0,30}["'\\]*\s*[=:]\s*["'\\]*([A-Za-z0-9/+]{40})\b)"},
     {"gitlab-token", R"(gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas|ffct)-[A-Za-z0-9_-]{20,})"},
     {"gitlab-token", R"(GR1348941[A-Za-z0-9_-]{20,})"},
     {"slack-token", R"((?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,})"},
     {"slack-webhook",
      R"(hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_+-]{20,}))"},
     {"google-key", R"(AIza[A-Za-z0-9_-]{35})"},
     {"google-token", R"((?:ya29\.|GOCSPX-)[A-Za-z0-9_-]{20,})"},
     {"npm-token", R"(npm_[A-Za-z0-9]{36}\b)"},
     {"npm-token", R"(:_authToken\s*=\s*["'\\]*([^\s"'$\\]{8,}))"},
     {"pypi-token", R"(pypi-[A-Za-z0-9_-]{50,})"},
     {"rubygems-token", R"(rubygems_[a-f0-9]{48}\b)"},
     {"docker-token", R"(dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,})"},
     {"stripe-key", R"((?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,})"},
     {"stripe-key", R"(whsec_[A-Za-z0-9+/=]{24,})"},
     {"model-key", R"(sk-(?:ant|proj|or|svcacct)-[A-Za-z0-9_-]{24,})"},
     {"model-key", R"(<begin>(sk-[A-Za-z0-9]{32,}))"},
     {"model-key", R"(<begin>((?:hf_|gsk_|xai-|pplx-|r8_)[A-Za-z0-9]{30,}))"},
     {"sendgrid-key", R"(<begin>(SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}))"},
     {"vault-token", R"(<begin>(hv[sbr]\.[A-Za-z0-9_-]{20,}))"},
     {"digitalocean-token", R"(do[oprt]_v1_[a-f0-9]{64})"},
     {"databricks-token", R"(<begin>(dapi[a-f0-9]{32}))"},
     {"atlassian-token", R"(ATATT3[A-Za-z0-9_=-]{50,})"},
     {"shopify-token", R"(shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32})"},
     {"telegram-token", R"(<begin>([0-9]{8,10}:AA[A-Za-z0-9_-]{33}))"},
     {"age-key", R"(AGE-SECRET-KEY-1[A-Z0-9]{58})"},
     {"azure-key", R"((?i)(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{40,}={0,2}))"},
     {"azure-signature", R"([?&]sig=([A-Za-z0-9%+/=]{30,}))"},
     {"jwt", R"(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)"},
     {"url-credentials",
      R"([A-Za-z][A-Za-z0-9+.-]{1,20}://([^\s/@:"'\\<>*]*:[^\s/@"'\\<>*]{3,})@)"},
     {"url-credentials", R"(https?://([A-Za-z0-9_.-]{20,})@)"},
     {"header",
      R"((?i)\bauthorization["'\\]*\s*[:=]\s*["'\\]*(?:[a-z]+\s+)?([A-Za-z0-9+/=._~:-]{12,}))"},
     {"header",
      R"((?i)\b(?:private-token|x-api-key|x-auth-token|x-vault-token|bearer)["'\\]*\s*[: ]\s*["'\\]*([^\s"'\\]{12,}))",
      is_like_a_secret},
     {"header", R"((?i)\bcookie["'\\]*\s*:\s*["'\\]*([^\r\n"'\\]{8,}))", is_like_a_secret},
     {"assigned-secret",
      R"((?i)<name>s?[\w-]{0,20}["'\\]{0,3}\s{0,2}=\s{0,2}["'\\]{0,3}([^\s"'\\,;&<>*(){}]{8,}))",
      is_like_a_secret},
     {"assigned-secret",
      R"((?i)<name>s?[\w-]{0,20}["'\\]{0,3}\s{0,2}:\s{0,2}["'\\]{0,3}([^\s"'\\,;&<>*(){}]{12,}))",
      is_like_a_secret},
     {"assigned-secret",
      R"((?i)--[\w-]{0,20}<name>s?[\w-]{0,20}\s+["'\\]{0,3}([^\s"'\\,;&<>*(){}]{8,}))",
      is_like_a_secret}});

std::string expanded(std::string form) {
  for (const auto& [mark, meaning] : {std::pair(std::string_view("<name>"), kName),
                                      std::pair(std::string_view("<begin>"), kBegin)}) {
    if (const std::size_t at = form.find(mark); at != std::string::npos) {
      form.replace(at, mark.size(), meaning);
    }
  }
  return form;
}

// All patterns, ready to match.
class PatternPack {
 public:
  PatternPack() {
    std::string any;
    for (const Pattern& pattern : kPatterns) {
      const std::string form = expanded(pattern.form);
      singles_.push_back(std::make_unique<RE2>(form, options()));
      any += (any.empty() ? "(?:" : "|(?:") + form + ")";
    }
    any_ = std::make_unique<RE2>(any, options());
  }

  std::vector<PatternMatch> find(std::string_view text) const {
    std::vector<PatternMatch> found;
    const re2::StringPiece piece(text.data(), text.size());
    re2::StringPiece where;
    std::size_t at = 0;
    while (at < text.size() && any_->Match(piece, at, text.size(), RE2::UNANCHORED, &where, 1)) {
      const auto begin = static_cast<std::size_t>(where.data() - text.data());
      at = add(piece, begin, found);
    }
    return found;
  }

 private:
  static RE2::Options options() {
    RE2::Options options(RE2::Latin1);  // bytes: logs need not be UTF-8
    options.set_max_mem(std::int64_t{64} << 20);
    options.set_log_errors(false);
    return options;
  }

  // The first pattern that matches right there and takes it for a secret; where to go on.
  std::size_t add(const re2::StringPiece& text,
                  std::size_t begin,
                  std::vector<PatternMatch>& found) const {
    std::array<re2::StringPiece, 2> groups;
    for (std::size_t number = 0; number < singles_.size(); ++number) {
      const RE2& single = *singles_[number];
      const int count = 1 + single.NumberOfCapturingGroups();
      if (!single.Match(text, begin, text.size(), RE2::ANCHOR_START, groups.data(), count)) {
        continue;
      }
      const re2::StringPiece& secret = groups[static_cast<std::size_t>(count) - 1];
      if (secret.empty() || !kPatterns[number].accepts({secret.data(), secret.size()})) {
        continue;
      }
      const auto first = static_cast<std::size_t>(secret.data() - text.data());
      found.push_back({first, first + secret.size(), kPatterns[number].kind});
      return std::max(first + secret.size(), begin + 1);
    }
    return begin + 1;
  }

  std::vector<std::unique_ptr<RE2>> singles_;
  std::unique_ptr<RE2> any_;
};

}  // namespace

std::vector<PatternMatch> find_secret_patterns(std::string_view text) {
  static const PatternPack pack;
  return pack.find(text);
}

}  // namespace headway
