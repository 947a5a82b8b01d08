// The last migration of a site, run again after its text was edited: while a site is made, on a
// database whose rows nobody would miss.
#pragma once

#include <filesystem>
#include <string>

#include "data/schema.h"

namespace actiond {

// Makes the schema anew, without the last migration of the site's own, takes over the rows that fit
// it, and runs that migration as `schema` has it.  What it had made is gone, with its rows; what it
// had changed in rows stays.  Returns its name.  Holds the write lock meanwhile: a pool that runs
// waits.  Throws, with the database as it was, when the site has none, when another one was edited
// too, when the database has a step that `schema` lacks, when the rows do not fit the tables as
// they were before, and when the migration fails.
std::string redo_last(const std::filesystem::path& database, const Schema& schema);

}  // namespace actiond
