// Kept files as rows, in pieces: they commit with the transaction that keeps them, every host has
// them, and a backup of the database does.  A host's folder holds those that were asked for there.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "data/store.h"

namespace actiond {

// Makes the tables that are missing.
extern const char* const files_tables;

// As FileBytes::read.
using ReadAt = std::function<std::size_t(std::size_t offset, char* into, std::size_t size)>;

void insert_file(Transaction& tx, std::string_view name, const ReadAt& read);
void delete_file(Transaction& tx, std::string_view name);
// Calls `take` for one piece after the other; false: there is no such file.
bool read_file(Reader& db, std::string_view name,
               const std::function<void(std::string_view)>& take);
bool has_file(Reader& db, std::string_view name);

}  // namespace actiond
