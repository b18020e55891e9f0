// Reports of real folders: the library's face, bounded logs, bundles without a secret in any byte.
#include "diagnostics/diagnosis.hpp"

#include "base/json.hpp"
#include "base/secret_encodings.hpp"
#include "diagnostics/bundle.hpp"
#include "headway/diagnostics.hpp"
#include "headway/logging.hpp"
#include "record/event_log.hpp"
#include "support/run_script.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

namespace headway {
namespace {

constexpr const char* kCanary = "cAn4ry \"quoted\"/+value?&";

TEST(LogSummary, levels_errors_and_slow_operations_are_told) {
  const TempFolder folder;
  {
    LoggerOptions options;
    options.structured_path = folder / "a-structured.jsonl";
    StructuredLogger logger("a", options);
    logger.info("fine");
    for (int number = 0; number < 30; ++number) {
      logger.error("broken " + std::to_string(number));
    }
    logger.log_performance("slow", Seconds(9));
    logger.log_performance("fast", Seconds(1));
  }
  spill(folder / "events.jsonl", "{\"lvl\":\"error\"}\n");
  spill(folder / "x.log", "text\n");
  std::filesystem::create_symlink("/etc/passwd", folder / "link.log");
  const LogSummary summary = summarize_logs(folder.path());
  ASSERT_EQ(summary.files.size(), 2U);
  EXPECT_EQ(summary.levels.at("error"), 30);
  ASSERT_EQ(summary.errors.size(), LogSummary::kMostErrors);
  EXPECT_EQ(summary.errors.back().message, "broken 29");
  ASSERT_EQ(summary.slowest.size(), 2U);
  EXPECT_EQ(summary.slowest[0].first, "slow");
}

TEST(LogSummary, long_logs_keep_head_and_tail_by_whole_lines) {
  const TempFolder folder;
  std::string text;
  for (int line = 0; line < 1000; ++line) {
    text += "line " + std::to_string(line) + "\n";
  }
  spill(folder / "x.log", text);
  const std::string bounded = read_bounded(folder / "x.log", {20, 20});
  EXPECT_EQ(bounded.find("line 0\nline 1\n[... "), 0U) << bounded;
  EXPECT_TRUE(bounded.ends_with("...]\nline 998\nline 999\n")) << bounded;
  EXPECT_EQ(read_bounded(folder / "x.log", {}), text);
  EXPECT_EQ(read_bounded(folder / "none.log", {}), "");
  std::filesystem::create_symlink(folder / "x.log", folder / "link.log");
  EXPECT_EQ(read_bounded(folder / "link.log", {}), "");
}

TEST(DiagnosticCollector, report_has_all_parts_and_no_secret) {
  const TempFolder folder;
  ::setenv("CANARY_TOKEN", kCanary, 1);
  spill(
      folder / "w-structured.jsonl",
      "{\"ts\":\"t\",\"lvl\":\"error\",\"msg\":\"failed with cAn4ry \\\"quoted\\\"/+value?&\"}\n");
  spill(folder / "status.json", "{\"status\":\"FAILED\",\"stage\":3}");
  const DiagnosticReport report =
      DiagnosticCollector::generate_diagnostic_report(folder.path(), folder / "status.json");
  ::unsetenv("CANARY_TOKEN");
  const auto json = Json::parse(report.to_json());
  ASSERT_TRUE(json) << report.to_json();
  for (const char* part : {"environment",
                           "system_resources",
                           "workflow_state",
                           "logs",
                           "suggestions",
                           "checks",
                           "changed_since_green",
                           "history"}) {
    EXPECT_TRUE(json->contains(part)) << part;
  }
  EXPECT_EQ((*json)["workflow_state"]["status"].as_string(), "FAILED");
  EXPECT_EQ((*json)["logs"]["levels"]["error"].as_integer(), 1);
  EXPECT_GT((*json)["system_resources"]["memory"]["total_bytes"].as_integer(), 0);
  EXPECT_FALSE((*json)["environment"]["kernel"].as_string().empty());
  EXPECT_NE(report.to_text().find("failed with ***"), std::string::npos) << report.to_text();
  EXPECT_EQ((report.to_text() + report.to_json()).find("cAn4ry"), std::string::npos);
}

TEST(DiagnosticCollector, folders_and_files_that_are_not_there_are_left_out) {
  const DiagnosticReport report =
      DiagnosticCollector::generate_diagnostic_report("/does/not/exist", "/neither");
  const auto json = Json::parse(report.to_json());
  ASSERT_TRUE(json);
  EXPECT_TRUE((*json)["workflow_state"].is_null());
  EXPECT_TRUE((*json)["logs"]["files"].items().empty());
}

// A failed run whose log has a secret in every form.
class BundleTest : public testing::Test {
 protected:
  BundleTest() {
    EXPECT_TRUE(run.create());
    append_secret_forms(kCanary, forms);
    auto log = EventLog::create(run.events(), {});
    EXPECT_TRUE(log);
    RunScript script(run.id());
    script.start_run({planned("unit", 0)}).start(0).fail(0, std::chrono::seconds(1), 2);
    script.finish_run(RunStatus::failed, 1);
    script.tell([&](const RunEvent& event) { (*log)->on_event(event); });
    std::string text;
    for (const std::string& form : forms) {
      text += "saw " + form + " there\n";
    }
    spill(run.path + "/" + script.log_of(0), text);
    spill(run.log(), text);
    spill(run.machine(), text);
    request.run = run;
    request.doctor.directory = folder.path();
    request.doctor.state = state;
  }

  TempFolder folder;
  StateFolder state{folder.path()};
  RunFolder run{state.run("019aabcd-0000-7000-8000-00000000abcd")};
  std::vector<std::string> forms;
  DiagnosisRequest request;
};

TEST_F(BundleTest, no_form_of_a_secret_is_in_any_byte) {
  const auto diagnosis = diagnose(request);
  ASSERT_TRUE(diagnosis);
  Redactor redactor{SecretSet({kCanary})};
  const auto files = bundle_files(*diagnosis, request.run, redactor, {});
  const std::string tar = make_tar(files, {});
  const auto packed = compress_gzip(tar);
  ASSERT_TRUE(packed);
  ASSERT_GT(forms.size(), 10U);
  for (const std::string& form : forms) {
    EXPECT_EQ(tar.find(form), std::string::npos) << form;
    EXPECT_EQ(packed->find(form), std::string::npos) << form;
  }
  EXPECT_NE(tar.find("saw *** there"), std::string::npos);
}

TEST_F(BundleTest, the_manifest_comes_first_and_names_every_file) {
  const auto diagnosis = diagnose(request);
  ASSERT_TRUE(diagnosis);
  Redactor redactor{SecretSet({kCanary})};
  const auto files = bundle_files(*diagnosis, request.run, redactor, {});
  EXPECT_EQ(files.front().name, "headway-diagnosis/manifest.json");
  const auto manifest = Json::parse(files.front().content);
  ASSERT_TRUE(manifest);
  ASSERT_EQ((*manifest)["files"].items().size() + 1, files.size());
  for (std::size_t at = 1; at < files.size(); ++at) {
    const Json& entry = (*manifest)["files"].items()[at - 1];
    EXPECT_EQ("headway-diagnosis/" + entry["name"].as_string(), files[at].name);
    EXPECT_EQ(entry["bytes"].as_integer(), static_cast<std::int64_t>(files[at].content.size()));
    EXPECT_EQ(entry["digest"].as_string().size(), 32U);
  }
  EXPECT_GT((*manifest)["redacted"]["registered"].as_integer(), 0);
  EXPECT_EQ((*manifest)["run_id"].as_string(), run.id());
}

TEST_F(BundleTest, tar_reads_what_was_written_and_others_may_not) {
  const auto diagnosis = diagnose(request);
  ASSERT_TRUE(diagnosis);
  Redactor redactor{SecretSet({kCanary})};
  const std::string path = folder / "b.tar.gz";
  ASSERT_TRUE(write_bundle(path, bundle_files(*diagnosis, request.run, redactor, {}), {}));
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
  const std::string out = folder / "out";
  std::filesystem::create_directory(out);
  ASSERT_EQ(::system(("tar -xzf " + path + " -C " + out).c_str()), 0);
  EXPECT_TRUE(std::filesystem::exists(out + "/headway-diagnosis/run/events.jsonl"));
  EXPECT_TRUE(Json::parse(slurp(out + "/headway-diagnosis/report.json")));
  EXPECT_FALSE(write_bundle(folder / "none/b.tar.gz", {}, {}));
}

TEST_F(BundleTest, a_log_that_was_replaced_by_a_link_is_not_followed) {
  const std::string log = run.path + "/" + RunFolder::stage_log_name("unit", 1);
  spill(folder / "outside", "outside-text");
  std::filesystem::remove(log);
  std::filesystem::create_symlink(folder / "outside", log);
  const auto diagnosis = diagnose(request);
  ASSERT_TRUE(diagnosis);
  Redactor redactor{SecretSet{}};
  EXPECT_EQ(make_tar(bundle_files(*diagnosis, request.run, redactor, {}), {}).find("outside-text"),
            std::string::npos);
}

}  // namespace
}  // namespace headway
