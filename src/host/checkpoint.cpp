// See checkpoint.hpp.
#include "host/checkpoint.hpp"

#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/uuid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kShortestTail = 4;
constexpr std::uint32_t kPlainFile = 0644;
constexpr std::uint32_t kProgramFile = 0755;
constexpr char kEscape = '%';
constexpr CheckpointReason kReasons[] = {
    CheckpointReason::by_hand, CheckpointReason::before_stage, CheckpointReason::before_restore};

// JSON holds text only, a path may be any bytes.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != kEscape) {
      out.push_back(text[at]);
      continue;
    }
    unsigned byte = 0;
    const char* digits = text.data() + at + 1;
    if (text.size() - at < 3 || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
      return std::nullopt;
    }
    out.push_back(static_cast<char>(byte));
    at += 2;
  }
  return out;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool needs_escape(std::string_view name) {
  constexpr std::string_view kGit = ".git";
  return name.starts_with(kEscape) ||
         (name.size() >= kGit.size() &&
          std::equal(kGit.begin(), kGit.end(), name.begin(), [](char want, char is) {
            return want == lower(is);
          }));
}

Error damaged(std::string_view what) {
  return {ErrorCode::parse, fmt::format("the checkpoint has damaged {}", what)};
}

bool mode_is_kept_by_git(const SavedEntry& entry) {
  return entry.kind == SavedKind::link ||
         (entry.kind == SavedKind::file &&
          (entry.mode == kPlainFile || entry.mode == kProgramFile));
}

Error unknown_checkpoint(const std::vector<Checkpoint>& all, std::string_view text) {
  std::vector<std::string> tails;
  tails.reserve(all.size());
  for (const Checkpoint& each : all) {
    tails.push_back(short_id(each.id));
  }
  const auto nearest =
      nearest_name(text, std::vector<std::string_view>(tails.begin(), tails.end()));
  return {ErrorCode::not_found,
          fmt::format("no checkpoint ends in '{}'{}",
                      text,
                      nearest ? fmt::format(" (did you mean '{}'?)", *nearest) : ""),
          "see `headway checkpoint list` for those there are"};
}

}  // namespace

std::string_view to_string(SavedKind kind) noexcept {
  return kind == SavedKind::folder ? "folder" : kind == SavedKind::file ? "file" : "link";
}

std::string_view to_string(CheckpointReason reason) noexcept {
  return reason == CheckpointReason::by_hand        ? "by_hand"
         : reason == CheckpointReason::before_stage ? "before_stage"
                                                    : "before_restore";
}

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).field_token("id", checkpoint.id);
  json.key("created_at").time(checkpoint.made_at);
  json.field_token("reason", to_string(checkpoint.reason)).field("label", checkpoint.label);
  json.field("run_id", checkpoint.run_id).field("stage", checkpoint.stage);
  json.field("restored", checkpoint.restored).key("paths").begin_array();
  for (const std::string& path : checkpoint.paths) {
    json.token(percent_encode(path));
  }
  json.end_array().field("files", checkpoint.files).field("folders", checkpoint.folders);
  json.field("links", checkpoint.links).field("bytes", checkpoint.bytes);
  json.field("skipped", checkpoint.skipped).end_object();
  return text;
}

Result<Checkpoint> decode_checkpoint(std::string_view text) {
  const auto json = Json::parse(text);
  if (!json || !is_uuid_v7((*json)["id"].as_string())) {
    return damaged("facts");
  }
  Checkpoint out;
  out.id = (*json)["id"].as_string();
  const auto made = parse_rfc3339((*json)["created_at"].as_string());
  if (!made) {
    return damaged("facts");
  }
  out.made_at = *made;
  for (const CheckpointReason reason : kReasons) {
    if ((*json)["reason"].as_string() == to_string(reason)) {
      out.reason = reason;
    }
  }
  out.label = (*json)["label"].as_string();
  out.run_id = (*json)["run_id"].as_string();
  out.stage = (*json)["stage"].as_string();
  out.restored = (*json)["restored"].as_string();
  for (const Json& path : (*json)["paths"].items()) {
    auto decoded = percent_decode(path.as_string());
    if (!decoded || decoded->empty()) {
      return damaged("paths");
    }
    out.paths.push_back(std::move(*decoded));
  }
  out.files = (*json)["files"].as_integer();
  out.folders = (*json)["folders"].as_integer();
  out.links = (*json)["links"].as_integer();
  out.bytes = (*json)["bytes"].as_integer();
  out.skipped = (*json)["skipped"].as_integer();
  return out;
}

std::string store_path(std::string_view path) {
  std::string out;
  out.reserve(path.size() + 1);
  for (const std::string_view name : split(path, '/')) {
    if (!out.empty()) {
      out.push_back('/');
    }
    if (needs_escape(name)) {
      out.push_back(kEscape);
    }
    out.append(name);
  }
  return out;
}

std::string workspace_path(std::string_view stored) {
  std::string out;
  out.reserve(stored.size());
  for (std::string_view name : split(stored, '/')) {
    if (!out.empty()) {
      out.push_back('/');
    }
    name.remove_prefix(name.starts_with(kEscape) ? 1 : 0);
    out.append(name);
  }
  return out;
}

std::string encode_modes(const std::vector<SavedEntry>& entries) {
  std::string out;
  for (const SavedEntry& entry : entries) {
    if (!mode_is_kept_by_git(entry)) {
      out += fmt::format("{:04o} {}", entry.mode, entry.path);
      out.push_back('\0');
    }
  }
  return out;
}

Result<std::vector<SavedEntry>> with_modes(std::vector<SavedEntry> entries,
                                           std::string_view modes) {
  std::unordered_map<std::string_view, std::size_t> by_path;
  const std::size_t files = entries.size();
  entries.reserve(files + static_cast<std::size_t>(std::count(modes.begin(), modes.end(), '\0')));
  for (std::size_t i = 0; i < files; ++i) {
    by_path.emplace(entries[i].path, i);
  }
  while (!modes.empty()) {
    const std::string_view piece = modes.substr(0, modes.find('\0'));
    const std::size_t space = piece.find(' ');
    std::uint32_t mode = 0;
    const char* end = piece.data() + std::min(space, piece.size());
    if (piece.size() == modes.size() || space == std::string_view::npos ||
        std::from_chars(piece.data(), end, mode, 8).ptr != end || mode > 07777) {
      return damaged("modes");
    }
    const std::string_view path = piece.substr(space + 1);
    if (const auto file = by_path.find(path); file != by_path.end()) {
      entries[file->second].mode = mode;
    } else {
      entries.push_back({std::string(path), SavedKind::folder, mode, "", 0});
    }
    modes.remove_prefix(piece.size() + 1);
  }
  std::sort(entries.begin(), entries.end(), [](const SavedEntry& a, const SavedEntry& b) {
    return a.path < b.path;
  });
  return entries;
}

Result<Checkpoint> choose_checkpoint(const std::vector<Checkpoint>& all, std::string_view text) {
  std::string tail(text);
  std::transform(tail.begin(), tail.end(), tail.begin(), lower);
  if (tail.size() < kShortestTail) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("'{}' is too short for a checkpoint", text),
                 fmt::format("give the last {} or more characters of its id", kShortestTail)};
  }
  const Checkpoint* found = nullptr;
  for (const Checkpoint& each : all) {
    if (!each.id.ends_with(tail)) {
      continue;
    }
    if (found != nullptr) {
      return Error{
          ErrorCode::invalid_argument,
          fmt::format(
              "'{}' fits the checkpoints {} and {}", text, short_id(found->id), short_id(each.id)),
          "give more characters of the id"};
    }
    found = &each;
  }
  return found == nullptr ? Result<Checkpoint>(unknown_checkpoint(all, text)) : *found;
}

bool is_at_or_below(std::string_view path, std::string_view folder) {
  return folder == "." || path == folder ||
         (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

std::vector<std::string> tidy_paths(std::vector<std::string> paths) {
  std::sort(paths.begin(), paths.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  if (const auto all = std::find(paths.begin(), paths.end(), "."); all != paths.end()) {
    return {"."};
  }
  std::vector<std::string> out;
  for (std::string& path : paths) {
    const bool is_covered = std::any_of(out.begin(), out.end(), [&](const std::string& kept) {
      return is_at_or_below(path, kept);
    });
    if (!is_covered) {
      out.push_back(std::move(path));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace headway
