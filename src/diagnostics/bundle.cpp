// See bundle.hpp.
#include "diagnostics/bundle.hpp"

#include "base/content_digest.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

namespace headway {
namespace {

constexpr std::string_view kTop = "headway-diagnosis/";
constexpr TextBounds kOfRecords{1 << 20, 3 << 20};
constexpr TextBounds kOfLog{64 << 10, 192 << 10};

void add(std::vector<ArchivedFile>& files,
         const std::string& name,
         const std::string& content,
         Redactor& redactor) {
  if (!content.empty()) {
    const bool is_json = name.ends_with(".json") || name.ends_with(".jsonl");
    files.push_back({redactor.redact(name),
                     is_json ? redactor.redact_json(content) : redactor.redact(content)});
  }
}

void add_run(std::vector<ArchivedFile>& files,
             const Diagnosis& diagnosis,
             const RunFolder& run,
             Redactor& redactor) {
  add(files, "run/status.json", diagnosis.workflow_state, redactor);
  add(files, "run/events.jsonl", read_bounded(run.events(), kOfRecords), redactor);
  add(files, "run/log.jsonl", read_bounded(run.log(), kOfRecords), redactor);
  add(files, "run/machine.json", read_bounded(run.machine(), kOfLog), redactor);
  add(files, "run/quality_metrics.json", read_bounded(run.quality_metrics(), kOfRecords), redactor);
  for (const FailingLog& log : diagnosis.failing) {
    add(files, "run/" + log.name, read_bounded(run.path + "/" + log.name, kOfLog), redactor);
  }
}

std::string manifest(const std::vector<ArchivedFile>& files,
                     const Diagnosis& diagnosis,
                     const Redactor& redactor,
                     WallTime now) {
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .field("format", 1)
      .key("created_at")
      .time(now)
      .field("headway", HEADWAY_VERSION);
  json.key("run_id");
  diagnosis.run_id.empty() ? json.null() : json.token(diagnosis.run_id);
  json.field("digest", "XXH3, 128 bits").key("files").begin_array();
  for (const ArchivedFile& file : files) {
    json.begin_object()
        .field("name", file.name)
        .field("bytes", static_cast<std::int64_t>(file.content.size()))
        .field("digest", to_hex(digest_of(file.content)))
        .end_object();
  }
  json.end_array().key("redacted").begin_object();
  for (const auto& [kind, count] : redactor.counts()) {
    json.field(kind, count);
  }
  json.end_object().end_object();
  return text + "\n";
}

}  // namespace

std::vector<ArchivedFile> bundle_files(const Diagnosis& diagnosis,
                                       const std::optional<RunFolder>& run,
                                       Redactor& redactor,
                                       WallTime now) {
  std::vector<ArchivedFile> files;
  add(files, "report.json", diagnosis_document(diagnosis) + "\n", redactor);
  add(files, "report.txt", diagnosis_text(diagnosis), redactor);
  if (run) {
    add_run(files, diagnosis, *run, redactor);
  }
  files.insert(files.begin(), {"manifest.json", manifest(files, diagnosis, redactor, now)});
  for (ArchivedFile& file : files) {
    file.name.insert(0, kTop);
  }
  return files;
}

Result<void> write_bundle(const std::string& path,
                          const std::vector<ArchivedFile>& files,
                          WallTime now) {
  const auto packed = compress_gzip(make_tar(files, now));
  if (!packed) {
    return packed.error();
  }
  // (nobody else may open it even for a moment)
  return write_file_atomically(path, *packed, Durability::process, S_IRUSR | S_IWUSR);
}

}  // namespace headway
