// The migrations of data/schema.h on PostgreSQL.
#pragma once

#include "data/schema.h"
#include "postgres/connection.h"

namespace actiond {

// Brings the database up to the last of both sequences, each step in a transaction of its own,
// while no other program does, and returns how many ran.  A step without a text for PostgreSQL runs
// as `migration_for_postgres` writes it.  Throws Unavailable when the database has a contracting
// step that `schema` lacks.
int migrate(PostgresConnection& db, const Schema& schema);

// Lets `role` read and write the rows of every table that the connection's own role has made here,
// and of `migrations` only read them.
void grant_rows(PostgresConnection& db, std::string_view role);

// How a database stands.
SchemaState schema_state(PostgresConnection& db, const Schema& schema);

}  // namespace actiond
