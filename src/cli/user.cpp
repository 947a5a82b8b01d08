#include <fmt/format.h>

#include <iostream>

#include "account/new_password.h"
#include "account/rules.h"
#include "base/count.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "base/file_lock.h"
#include "cli/account.h"
#include "cli/commands.h"
#include "cli/grants.h"
#include "forms/text.h"
#include "http/words.h"
#include "program/program.h"

namespace actiond {
namespace {

constexpr std::string_view select_users =
    "SELECT email, id, name, "
    "(SELECT max(until) FROM grants WHERE user_id = users.id AND name = 'paid'), disabled_at, "
    "blocked_at, (SELECT count(*) FROM sessions WHERE user_id = users.id) FROM users";

void print_users(Reader& db, const std::string& where, std::string_view value) {
  const auto rows =
      db.rows<std::string, std::int64_t, std::string, std::optional<Time>, std::optional<Time>,
              std::optional<Time>, std::int64_t>(std::string(select_users) + where, value);
  for (const auto& [email, id, name, access_until, disabled_at, blocked_at, sessions] : rows)
    fmt::print("{}\tid {}\t{}\t{}\t{}{}{}\n", email, id, to_escaped_line(name),
               describe_grant(paid_grant, access_until), count(sessions, "session"),
               blocked_at ? "\tblocked " + to_rfc3339(*blocked_at) : "",
               disabled_at ? "\tdisabled " + to_rfc3339(*disabled_at) : "");
}

// The text that the rules make of `said`, as in a form.
std::string read_by(const Rules& rules, const std::string& said, const std::string& field) {
  if (!count_characters(said)) throw std::runtime_error(field + ": it is not UTF-8");
  if (has_forbidden_character(said))
    throw std::runtime_error(field + ": " + in_english({"field.control_characters"}));
  auto read = read_text(said, rules);
  if (const auto* wrong = std::get_if<Wrong>(&read))
    throw std::runtime_error(field + ": " + in_english(wrong->message));
  return std::get<std::string>(std::move(read));
}

// From standard input, so that it stands in no process list and no shell history.
std::string read_password() {
  std::string line;
  std::getline(std::cin, line);
  const std::string password = read_by(new_password_rules(), line, "password");
  if (is_common_password(password))
    throw std::runtime_error("password: among the most common ones");
  return password;
}

struct NewPassword {
  std::string hash;
  std::string shown;  // ", password …" when it was made here
};

NewPassword new_password(const Settings& settings, bool from_stdin) {
  const std::string password = from_stdin ? read_password() : to_base64url(random_bytes(15));
  return {PasswordHasher(lock_path(settings.database)).hash(password),
          from_stdin ? "" : ", password " + password};
}

}  // namespace

void command::add_user(const Settings& settings, const std::string& said_email,
                       const std::string& said_name, bool password_from_stdin) {
  const std::string email = read_by(account::email_rules(), said_email, "email");
  const std::string name =
      said_name.empty() ? email : read_by(account::name_rules(), said_name, "name");
  const NewPassword password = new_password(settings, password_from_stdin);
  const auto engine = engine_of(settings);
  std::optional<std::int64_t> id;
  engine->run([&](Transaction& tx) {
    id = add_account(tx, email, name, password.hash);
    if (id) record_command(tx, "user add", *id, "added");
  });
  if (!id) throw std::runtime_error("there is an account " + email + " already");
  fmt::print("{}: added with id {}{}\n", email, *id, password.shown);
}

void command::set_password(const Settings& settings, const std::string& email,
                           bool password_from_stdin) {
  const auto engine = engine_of(settings);
  require_account(engine->reader(), email);
  const NewPassword password = new_password(settings, password_from_stdin);
  change_account(*engine, email, [&](Transaction& tx, const Account& account) {
    account::replace_password(tx, account, password.hash, current_time());
    record_command(tx, "user set-password", account.id, "set");
  });
  fmt::print("{}: has a new password, and is signed out everywhere{}\n", email, password.shown);
}

void command::list_users(const Settings& settings) {
  const auto engine = engine_of(settings);
  print_users(engine->reader(), " WHERE ? = '' ORDER BY email", "");
}

void command::show_user(const Settings& settings, const std::string& email) {
  const auto engine = engine_of(settings);
  require_account(engine->reader(), email);
  print_users(engine->reader(), " WHERE email = ?", email);
  print_grants(engine->reader(), email);
}

void command::disable_user(const Settings& settings, const std::string& email) {
  const auto engine = engine_of(settings);
  change_account(*engine, email, [](Transaction& tx, const Account& account) {
    disable_account(tx, account.id, current_time());
    record_command(tx, "user disable", account.id, "disabled");
  });
  fmt::print("{}: disabled\n", email);
}

void command::enable_user(const Settings& settings, const std::string& email) {
  const auto engine = engine_of(settings);
  change_account(*engine, email, [](Transaction& tx, const Account& account) {
    if (enable_account(tx, account.id)) record_command(tx, "user enable", account.id, "enabled");
  });
  fmt::print("{}: not disabled, and may sign in\n", email);
}

void command::delete_user(const Settings& settings, const std::string& email) {
  const UploadFolder uploads(settings.uploads);
  const auto engine = engine_of(settings, &uploads);
  change_account(*engine, email, [](Transaction& tx, const Account& account) {
    delete_account(tx, account.id);
    record_command(tx, "user delete", account.id, "deleted");
  });
  fmt::print("{}: deleted\n", email);
}

}  // namespace actiond
