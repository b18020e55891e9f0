// The tables of a history file: made, checked, brought to WAL. Knows nothing of what is stored.
#pragma once

#include "headway/result.hpp"
#include "timing/sqlite_database.hpp"

namespace headway {

// The PRAGMA user_version of the tables below.
inline constexpr int kHistoryVersion = 1;

// Refuses what is not a history of ours or a newer one's, without changing a byte of it. True
// where the tables are there, false where the file is empty.
Result<bool> check_history(const SqliteDatabase& database);

// After check_history(): makes the tables where they are missing (several processes may try at
// once), and WAL where the file system can do it.
Result<void> prepare_history(SqliteDatabase& database, bool has_tables);

}  // namespace headway
