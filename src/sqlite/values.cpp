#include "sqlite/values.h"

#include <string>

namespace actiond {

int bind_value(sqlite3_stmt* statement, int at, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(statement, at, *number);
  if (const auto* number = std::get_if<double>(&value))
    return sqlite3_bind_double(statement, at, *number);
  // A null pointer would bind NULL; an empty view may hold one.
  if (const auto* text = std::get_if<std::string_view>(&value))
    return sqlite3_bind_text64(statement, at, text->empty() ? "" : text->data(), text->size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  if (const auto* blob = std::get_if<Blob>(&value))
    return sqlite3_bind_blob64(statement, at, blob->bytes.empty() ? "" : blob->bytes.data(),
                               blob->bytes.size(), SQLITE_STATIC);
  if (const auto* date = std::get_if<Date>(&value)) {
    const std::string text = to_rfc3339(*date);
    return sqlite3_bind_text64(statement, at, text.data(), text.size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, at);
}

Value column_value(sqlite3_stmt* statement, int at) {
  const auto view = [&](const void* data) {
    return std::string_view(static_cast<const char*>(data),
                            static_cast<std::size_t>(sqlite3_column_bytes(statement, at)));
  };
  switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, at)};
    case SQLITE_FLOAT: return sqlite3_column_double(statement, at);
    case SQLITE_TEXT: return view(sqlite3_column_text(statement, at));
    case SQLITE_BLOB: return Blob{view(sqlite3_column_blob(statement, at))};
    default: return std::monostate();
  }
}

}  // namespace actiond
