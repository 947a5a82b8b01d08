// The migrations of data/schema.h on SQLite.
#pragma once

#include "data/schema.h"
#include "sqlite/connection.h"

namespace actiond {

// Brings the database up to the last of both sequences, each step in a transaction of its own, the
// library's before the site's, and returns how many ran.  A database from before there were two
// sequences, which only has the number of its last step, is taken over.  The caller holds the write
// lock.  Throws Unavailable when the database has a contracting step that `schema` lacks.
int migrate(Connection& db, const Schema& schema);

// Runs those that are missing and undoes them: throws what `migrate` would.
void rehearse(Connection& db, const Schema& schema);

// How a database stands.
SchemaState schema_state(Connection& db, const Schema& schema);

}  // namespace actiond
