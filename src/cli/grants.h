// Shared by the commands about grants.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "data/store.h"
#include "program/settings.h"

namespace actiond {

// The time that `option` says, or the end of a date.  Throws WrongUsage.
Time read_time(const char* option, const std::string& said);
// Of `--until`; empty: without end.
Time read_until(const std::string& said);

// For `command`: gives an account a grant of the operator's, or takes it away (nothing), and prints
// what then holds of that name from all sources.  What changes leaves a row in the audit.
void set_grant(const Settings& settings, std::string_view command, const std::string& email,
               std::string_view name, std::optional<Time> until);

// A line a grant: name, end, source, when it was given, and the event that told of it last.
// Returns how many there are.
std::size_t print_grants(Reader& db, const std::string& email);

}  // namespace actiond
