// Takes what was deleted out of the file of the database and its log.
#pragma once

#include <filesystem>

namespace actiond {

// SQLite overwrites what a row leaves (`secure_delete`), but for two places: the log still holds
// earlier pages, and an index of words (FTS5) notes that a word is gone beside the word.  This
// merges each such index into one, in steps between which others write, and empties the log into
// the database.  False when readers keep the log from being emptied.
bool leave_no_trace(const std::filesystem::path& database);

}  // namespace actiond
