// Finds out what became of a COMMIT whose answer did not come.
//
// Each transaction leaves a random id in `commit_ids`.  To find out, the id is inserted once more,
// which waits for a transaction that still has it, fails when it is there, and otherwise keeps that
// transaction from ever committing.
#pragma once

#include <string>

#include "postgres/connections.h"

namespace actiond {

// In a transaction, as its last statement.
std::string leave_commit_id(PostgresConnection& db);

// Throws OutcomeUnknown when that is not known at the deadline.
bool has_committed(const Connections& connections, const std::string& id,
                   PostgresConnection::Clock::time_point deadline);

// Whether commits of our user wait for a standby, of this program or another one.
bool waits_for_standby(PostgresConnection& db);

// Removes those that nobody asks for any more.
void sweep_commit_ids(Connections& connections);

}  // namespace actiond
