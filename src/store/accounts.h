// The rows of `users`: for the actions that sign up and in, and for the operator.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"

namespace actiond {

struct Account {
  std::int64_t id;
  std::string email;
  std::string name;
  std::string password_hash;  // a PHC string
  std::optional<Time> disabled_at;
  std::optional<Time> email_proven_at;  // nothing: not proven yet
};

// Addresses are the same when they differ in ASCII case alone.
std::optional<Account> find_account(Reader& db, std::string_view email);

// The id of the new account; nothing when the address is taken.
std::optional<std::int64_t> add_account(Transaction& tx, std::string_view email,
                                        std::string_view name, std::string_view password_hash);

// The address, which its owner has proven to have; false when another account has proven it, too.
// One that has it and has not is closed: disabled, without address, sessions, tokens and links.
bool set_proven_email(Transaction& tx, std::int64_t user_id, std::string_view email, Time now);
void set_password_hash(Transaction& tx, std::int64_t user_id, std::string_view password_hash);
// Also ends every session and token of the user.
void disable_account(Transaction& tx, std::int64_t user_id, Time now);
// Whether it was disabled.
bool enable_account(Transaction& tx, std::int64_t user_id);

// With all that refers to it and its kept files.  Its id is never given again.
void delete_account(Transaction& tx, std::int64_t user_id);

// How many there were.  `end_sessions` also forgets the devices that the account is known to: tries
// from them count as anybody's.
std::int64_t end_sessions(Transaction& tx, std::int64_t user_id);
std::int64_t end_all_sessions(Transaction& tx);

}  // namespace actiond
