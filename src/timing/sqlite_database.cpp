// SQLite's C interface, wrapped. Knows nothing of what the tables mean.
#include "timing/sqlite_database.hpp"

#include <fmt/format.h>

#include <sqlite3.h>
#include <sys/stat.h>

#include <utility>

namespace headway {

namespace {

constexpr int kBusyTimeoutMilliseconds = 5000;
constexpr std::int64_t kMostWalBytes = 16 << 20;

Error sqlite_error(sqlite3* database, int code) {
  const char* file = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  const std::string message =
      fmt::format("{}: {}",
                  file == nullptr ? "history" : file,
                  database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database));
  switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {ErrorCode::parse,
              message,
              "move the file aside to start a new history; it was left as it is"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::conflict, message, "another process is writing: try again"};
    default:
      return {ErrorCode::io, message};
  }
}

}  // namespace

void SqliteStatement::Closer::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::bind(int index, std::int64_t value) noexcept {
  sqlite3_bind_int64(statement_.get(), index, value);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int index, std::string_view value) noexcept {
  sqlite3_bind_text(statement_.get(),
                    index,
                    value.data() == nullptr ? "" : value.data(),
                    static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int index, std::optional<std::int64_t> value) noexcept {
  if (value) {
    return bind(index, *value);
  }
  sqlite3_bind_null(statement_.get(), index);
  return *this;
}

SqliteStatement& SqliteStatement::bind_blob(int index, std::string_view bytes) noexcept {
  sqlite3_bind_blob(
      statement_.get(), index, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
  return *this;
}

Result<void> SqliteStatement::run() {
  auto row = next();
  if (!row) {
    return std::move(row).error();
  }
  reset();
  return {};
}

Result<bool> SqliteStatement::next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Error error = sqlite_error(sqlite3_db_handle(statement_.get()), code);
  reset();
  return error;
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(statement_.get());
}

bool SqliteStatement::is_null(int column) const noexcept {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> SqliteStatement::optional_integer(int column) const noexcept {
  if (is_null(column)) {
    return std::nullopt;
  }
  return integer(column);
}

std::string SqliteStatement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): SQLite's bytes are unsigned
  return bytes == nullptr
             ? std::string()
             : std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

std::optional<std::string> SqliteStatement::blob(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB) {
    return std::nullopt;
  }
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return std::string(bytes == nullptr ? "" : bytes, static_cast<std::size_t>(size));
}

void SqliteDatabase::Closer::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

Result<SqliteDatabase> SqliteDatabase::open(const std::string& path, Mode mode) {
  int flags = SQLITE_OPEN_NOMUTEX;
  flags |= mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  flags |= mode == Mode::create ? SQLITE_OPEN_CREATE : 0;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  SqliteDatabase database;
  database.path_ = path;
  database.database_.reset(handle);
  if (code != SQLITE_OK) {
    Error error = sqlite_error(nullptr, code);
    error.message = fmt::format("{}: {}", path, sqlite3_errstr(code));
    return error;
  }
  sqlite3_busy_timeout(handle, kBusyTimeoutMilliseconds);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return database;
}

Result<void> SqliteDatabase::execute(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return sqlite_error(database_.get(), code);
  }
  return {};
}

Result<SqliteStatement> SqliteDatabase::prepare(std::string_view sql) const {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v2(
      database_.get(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr);
  if (code != SQLITE_OK) {
    return sqlite_error(database_.get(), code);
  }
  SqliteStatement statement;
  statement.statement_.reset(handle);
  return statement;
}

Result<std::int64_t> SqliteDatabase::integer(std::string_view sql) const {
  auto statement = prepare(sql);
  if (!statement) {
    return std::move(statement).error();
  }
  auto row = statement->next();
  if (!row) {
    return std::move(row).error();
  }
  return *row ? statement->integer(0) : 0;
}

Result<std::string> SqliteDatabase::text(std::string_view sql) const {
  auto statement = prepare(sql);
  if (!statement) {
    return std::move(statement).error();
  }
  auto row = statement->next();
  if (!row) {
    return std::move(row).error();
  }
  return *row ? statement->text(0) : std::string();
}

std::int64_t SqliteDatabase::last_insert_id() const noexcept {
  return sqlite3_last_insert_rowid(database_.get());
}

void SqliteDatabase::bound_wal() noexcept {
  struct stat status {};
  const bool large = stat((path_ + "-wal").c_str(), &status) == 0 && status.st_size > kMostWalBytes;
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, large ? 0 : 1, nullptr);
}

Result<SqliteTransaction> SqliteTransaction::begin(SqliteDatabase& database) {
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) {
    return std::move(begun).error();
  }
  return SqliteTransaction(database);
}

SqliteTransaction::SqliteTransaction(SqliteTransaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

SqliteTransaction::~SqliteTransaction() {
  if (database_ != nullptr) {
    (void)database_->execute("ROLLBACK");  // nothing is lost that was promised
  }
}

Result<void> SqliteTransaction::commit() {
  auto committed = database_->execute("COMMIT");
  if (committed) {
    database_ = nullptr;
  }
  return committed;
}

}  // namespace headway
