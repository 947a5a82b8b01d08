// The migrations of data/schema.h on PostgreSQL.
#pragma once

#include "data/schema.h"
#include "postgres/connection.h"

namespace actiond {

// Brings the database up to the last of both sequences, each step in a transaction of its own,
// while no other program does, and returns how many ran.  A step without a text for PostgreSQL runs
// as `migration_for_postgres` writes it.  Throws Unavailable when the database has a step that
// `schema` lacks.
int migrate(PostgresConnection& db, const Schema& schema);

// How a database stands.
SchemaState schema_state(PostgresConnection& db, const Schema& schema);

}  // namespace actiond
