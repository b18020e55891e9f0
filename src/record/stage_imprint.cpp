// See stage_imprint.hpp.
#include "record/stage_imprint.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace headway {
namespace {

constexpr std::string_view kMagic = "HWINPUT1";
constexpr unsigned kExecutable = 4;  // beside the two bits of the kind
constexpr unsigned kKindMask = 3;

// Numbers as LEB128 (DWARF 5, section 7.6), digests as 16 bytes, low half first.
class Writer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) {
      out_ += static_cast<char>((value & 0x7fU) | 0x80U);
    }
    out_ += static_cast<char>(value);
  }
  void text(std::string_view value) {
    number(value.size());
    out_ += value;
  }
  void digest(const ContentDigest& value) {
    for (const std::uint64_t half : {value.low, value.high}) {
      for (unsigned shift = 0; shift < 64; shift += 8) {
        out_ += static_cast<char>(half >> shift & 0xffU);
      }
    }
  }
  // Each path without what it shares with the one before.
  void files(const std::vector<FileFact>& files) {
    number(files.size());
    std::string_view before;
    for (const FileFact& file : files) {
      const auto [end, ignored] =
          std::mismatch(before.begin(), before.end(), file.path.begin(), file.path.end());
      const auto shared = static_cast<std::size_t>(end - before.begin());
      number(shared);
      text(std::string_view(file.path).substr(shared));
      number(static_cast<unsigned>(file.kind) | (file.is_executable ? kExecutable : 0U));
      digest(file.digest);
      before = file.path;
    }
  }
  std::string take() {
    const std::uint64_t sum = short_digest_of(out_);
    for (unsigned shift = 0; shift < 64; shift += 8) {
      out_ += static_cast<char>(sum >> shift & 0xffU);
    }
    return std::move(out_);
  }

 private:
  std::string out_{kMagic};
};

// Every read checks bounds; after the first that fails all others give nothing.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool good() const noexcept { return good_; }
  bool at_end() const noexcept { return rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    fail();
    return 0;
  }
  std::uint64_t fixed() {
    std::uint64_t value = 0;
    const std::string_view bytes = take(8);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at])) << (8 * at);
    }
    return value;
  }
  std::string_view text() { return take(number()); }
  ContentDigest digest() {
    const std::uint64_t low = fixed();
    return {low, fixed()};
  }
  std::vector<FileFact> files() {
    std::vector<FileFact> files;
    std::string path;
    for (std::uint64_t left = number(); left > 0 && good_; --left) {
      const std::uint64_t shared = number();
      if (shared > path.size()) {
        fail();
        break;
      }
      path.resize(shared);
      path += text();
      const auto flags = static_cast<unsigned>(number());
      if ((flags & kKindMask) > static_cast<unsigned>(FileKind::other)) {
        fail();
        break;
      }
      files.push_back({path, FileKind(flags & kKindMask), (flags & kExecutable) != 0, digest()});
    }
    return files;
  }
  // One count that is at most the bytes that are left.
  std::uint64_t count() {
    const std::uint64_t value = number();
    if (value > rest_.size()) {
      fail();
    }
    return good_ ? value : 0;
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  void fail() {
    good_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string encode_imprint(const StageImprint& imprint) {
  Writer out;
  out.text(imprint.run_id);
  out.number(static_cast<std::uint64_t>(std::max<std::int64_t>(0, imprint.took.count())));
  out.number(imprint.definition.size());
  for (const DefinitionPart& part : imprint.definition) {
    out.text(part.name);
    out.number(part.is_variable ? 1 : 0);
    out.digest(part.digest);
  }
  out.files(imprint.inputs);
  out.files(imprint.outputs);
  return out.take();
}

std::optional<StageImprint> decode_imprint(std::string_view bytes) {
  constexpr std::size_t kSum = sizeof(std::uint64_t);
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + kSum) {
    return std::nullopt;
  }
  Reader sum(bytes.substr(bytes.size() - kSum));
  bytes.remove_suffix(kSum);
  if (sum.fixed() != short_digest_of(bytes)) {
    return std::nullopt;
  }
  Reader in(bytes.substr(kMagic.size()));
  StageImprint imprint;
  imprint.run_id = in.text();
  const std::uint64_t took = in.number();
  if (took > static_cast<std::uint64_t>(Nanos::max().count())) {
    return std::nullopt;
  }
  imprint.took = Nanos(static_cast<std::int64_t>(took));
  for (std::uint64_t left = in.count(); left > 0 && in.good(); --left) {
    DefinitionPart part;
    part.name = in.text();
    part.is_variable = in.number() != 0;
    part.digest = in.digest();
    imprint.definition.push_back(std::move(part));
  }
  imprint.inputs = in.files();
  imprint.outputs = in.files();
  return in.good() && in.at_end() ? std::optional(std::move(imprint)) : std::nullopt;
}

std::string imprint_path(const StateFolder& state,
                         std::string_view workflow,
                         std::string_view key) {
  return fmt::format("{}/inputs/{}/{}", state.path, percent_encode(workflow), percent_encode(key));
}

std::string content_cache_path(const StateFolder& state) {
  return state.path + "/digests";
}

std::optional<StageImprint> read_imprint(const std::string& path) {
  const auto bytes = read_file(path);
  return bytes ? decode_imprint(*bytes) : std::nullopt;
}

Result<void> write_imprint(const std::string& path, const StageImprint& imprint) {
  if (auto made = make_directories(path.substr(0, path.rfind('/'))); !made) {
    return made;
  }
  return write_file_atomically(path, encode_imprint(imprint), Durability::process);
}

}  // namespace headway
