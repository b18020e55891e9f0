// SqliteDatabase and SqliteStatement: SQLite's handles with owners and Errors. Knows nothing of
// what the tables mean.
#pragma once

#include "headway/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace headway {

// A prepared statement, reset by itself after each use. Not synchronised; must not outlive its
// database.
class SqliteStatement {
 public:
  SqliteStatement() = default;

  // Values for the parameters ?1, ?2, ... of the next run; they count from 1. Texts must live until
  // the statement has run.
  SqliteStatement& bind(int index, std::int64_t value) noexcept;
  SqliteStatement& bind(int index, std::string_view value) noexcept;
  SqliteStatement& bind(int index, std::optional<std::int64_t> value) noexcept;
  SqliteStatement& bind_blob(int index, std::string_view bytes) noexcept;

  // Runs a statement that gives no rows.
  Result<void> run();
  // The next row, true; false after the last (and the statement is ready for its next use).
  Result<bool> next();
  // Stops before the last row.
  void reset() noexcept;

  bool is_null(int column) const noexcept;
  std::int64_t integer(int column) const noexcept;
  std::optional<std::int64_t> optional_integer(int column) const noexcept;
  std::string text(int column) const;
  // Nothing where the column holds something else.
  std::optional<std::string> blob(int column) const;

 private:
  friend class SqliteDatabase;
  struct Closer {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Closer> statement_;
};

// An open database file. Errors name the file: parse (not a database, or damaged), conflict (busy
// for longer than the timeout), io. Descriptors are close-on-exec; a forked child must not use it.
// Not synchronised.
class SqliteDatabase {
 public:
  enum class Mode { read_only, read_write, create };

  static Result<SqliteDatabase> open(const std::string& path, Mode mode);

  // One or more statements without parameters or rows.
  Result<void> execute(const std::string& sql);
  // Statements written in the program: a mistake in one is an Error as well.
  Result<SqliteStatement> prepare(std::string_view sql) const;
  // The first column of the first row; 0 where there is none.
  Result<std::int64_t> integer(std::string_view sql) const;
  Result<std::string> text(std::string_view sql) const;
  std::int64_t last_insert_id() const noexcept;
  // Closing costs no checkpoint, and so no fsync, while the WAL is small; call this after writing.
  // Without it a WAL that every process reopens would never start over (SQLite forgets what was
  // checkpointed when the last connection closes), and grow for ever.
  void bound_wal() noexcept;
  const std::string& path() const noexcept { return path_; }

 private:
  struct Closer {
    void operator()(sqlite3* database) const noexcept;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Closer> database_;
};

// BEGIN IMMEDIATE now, ROLLBACK at the end of the scope unless committed.
class SqliteTransaction {
 public:
  static Result<SqliteTransaction> begin(SqliteDatabase& database);
  SqliteTransaction(SqliteTransaction&& other) noexcept;
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;
  ~SqliteTransaction();
  Result<void> commit();

 private:
  explicit SqliteTransaction(SqliteDatabase& database) : database_(&database) {}
  SqliteDatabase* database_;
};

}  // namespace headway
