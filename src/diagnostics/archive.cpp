// See archive.hpp.
#include "diagnostics/archive.hpp"

#include "base/content_digest.hpp"

#include <fmt/format.h>

#include <zlib.h>

#include <algorithm>
#include <numeric>

namespace headway {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMostName = 100;
constexpr std::size_t kMostPrefix = 155;
constexpr int kGzipWindow = 15 + 16;  // zlib: the largest window, with a gzip header
constexpr int kMemoryLevel = 8;

// Where a name is parted so that both parts fit; 0: it fits whole; npos: it cannot be.
std::size_t parting(const std::string& name) {
  if (name.size() <= kMostName) {
    return 0;
  }
  for (std::size_t slash = name.find('/'); slash != std::string::npos;
       slash = name.find('/', slash + 1)) {
    if (slash <= kMostPrefix && name.size() - slash - 1 <= kMostName) {
      return slash;
    }
  }
  return std::string::npos;
}

std::string fitting(const std::string& name) {
  if (parting(name) != std::string::npos) {
    return name;
  }
  return fmt::format("{}-{:016x}", name.substr(0, kMostName - 20), short_digest_of(name));
}

void put(std::string& header, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), header.begin() + static_cast<std::ptrdiff_t>(at));
}

std::string header_of(const ArchivedFile& file, std::int64_t seconds) {
  const std::string name = fitting(file.name);
  const std::size_t parted = parting(name);
  std::string header(kBlock, '\0');
  put(header, 0, parted == 0 ? name : name.substr(parted + 1));
  put(header, 100, "0000644");
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  put(header, 124, fmt::format("{:011o}", file.content.size()));
  put(header, 136, fmt::format("{:011o}", std::max<std::int64_t>(0, seconds)));
  put(header, 148, "        ");  // the checksum counts itself as blanks
  put(header, 156, "0");
  put(header, 257, std::string_view("ustar\00000", 8));
  put(header, 345, parted == 0 ? "" : name.substr(0, parted));
  const unsigned sum = std::accumulate(header.begin(), header.end(), 0U, [](unsigned all, char c) {
    return all + static_cast<unsigned char>(c);
  });
  put(header, 148, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  return header;
}

}  // namespace

std::string make_tar(const std::vector<ArchivedFile>& files, WallTime modified) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(modified.time_since_epoch()).count();
  std::string tar;
  for (const ArchivedFile& file : files) {
    tar += header_of(file, seconds);
    tar += file.content;
    tar.resize((tar.size() + kBlock - 1) / kBlock * kBlock, '\0');
  }
  tar.resize(tar.size() + 2 * kBlock, '\0');
  return tar;
}

Result<std::string> compress_gzip(std::string_view bytes) {
  const Error trouble{ErrorCode::internal, "compress the bundle"};
  z_stream stream{};
  if (::deflateInit2(&stream,
                     Z_DEFAULT_COMPRESSION,
                     Z_DEFLATED,
                     kGzipWindow,
                     kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
    return trouble;
  }
  std::string out(::deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int end = ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return end == Z_STREAM_END ? Result<std::string>(std::move(out)) : Result<std::string>(trouble);
}

}  // namespace headway
