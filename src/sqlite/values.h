// Values as SQLite takes and gives them: dates are text (RFC 3339).
#pragma once

#include <sqlite3.h>

#include "data/value.h"

namespace actiond {

// Binds `value` to the place `at`, counted from 1, and answers SQLite's code.  Text and bytes are
// read where they lie until the statement is reset.
int bind_value(sqlite3_stmt* statement, int at, const Value& value);

// The value of the column `at`, counted from 0, of the row that the statement stands at.  Text and
// bytes are views that end with the row.
Value column_value(sqlite3_stmt* statement, int at);

}  // namespace actiond
