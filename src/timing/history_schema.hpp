// The tables of a history file: made, checked, brought to WAL. Knows nothing of what is stored.
#pragma once

#include "headway/result.hpp"
#include "timing/sqlite_database.hpp"

namespace headway {

// The PRAGMA user_version of the tables below.
inline constexpr int kHistoryVersion = 2;

// What a file holds: nothing, tables of an older version, or those of this one.
enum class HistoryTables { none, old, current };

// Refuses what is not a history of ours or a newer one's, without changing a byte of it.
Result<HistoryTables> check_history(const SqliteDatabase& database);

// After check_history(): makes the tables where they are missing, brings old ones to this version
// (several processes may try at once; death in the middle leaves the old ones), and chooses the
// journal: WAL where the file system can do it, the classic one where it cannot or where several
// machines may share it.
Result<void> prepare_history(SqliteDatabase& database, HistoryTables tables);

// WAL needs memory that all users of the file share: of such a file system (statfs f_type) that
// cannot be trusted (https://sqlite.org/wal.html). Pure.
bool is_network_file_system(long type) noexcept;

}  // namespace headway
