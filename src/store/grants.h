// The rows of `grants`: the permissions that accounts have, each from a source and until its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/session.h"
#include "data/store.h"

namespace actiond {

// The source of a grant that was given on the command line.
constexpr std::string_view operator_source = "operator";

struct SourcedGrant {
  std::string name;
  std::string source;
  Time until;
  Time given_at;
};

// [a-z0-9][a-z0-9:-]*; the table refuses any other name.
bool is_grant_name(std::string_view name);

// Replaces the end of the grant if the account has it from this source already.
void give_grant(Transaction& tx, std::int64_t user_id, std::string_view name,
                std::string_view source, Time until);
// False when there was none.  Grants of that name from other sources stay.
bool take_grant(Transaction& tx, std::int64_t user_id, std::string_view name,
                std::string_view source);
// By name and source; also those that have ended.
std::vector<SourcedGrant> list_grants(Reader& db, std::int64_t user_id);

// While an account is blocked none of its grants counts, those that it gets meanwhile included.  It
// still signs in, and reaches what is its own.  False when that is how it was.
bool block_grants(Transaction& tx, std::int64_t user_id, Time now);
bool unblock_grants(Transaction& tx, std::int64_t user_id);
std::optional<Time> grants_blocked_at(Reader& db, std::int64_t user_id);

}  // namespace actiond
