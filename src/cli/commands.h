// The commands, one file each; command_line.cpp parses their words.  A command throws when it could
// not be done.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "program/settings.h"

namespace actiond {

// Wrong usage that only the command itself can see.
struct WrongUsage : std::runtime_error {
  WrongUsage(std::string wrong_option, const std::string& message)
      : std::runtime_error(message), option(std::move(wrong_option)) {}

  std::string option;
};

namespace command {

// Those with a status have said why it is not 0.
int serve(const Settings& settings, bool only_check, bool with_courier);
void reload(const Settings& settings);
void status(const Settings& settings, bool watches, bool json);
// `owner`: the URL of the user who makes tables; empty: the settings' own does.
void migrate(const Settings& settings, const std::string& owner);
// The last one of the site's own; refused where visitors come from other machines.
void redo_migration(const Settings& settings);

// Without a name the address is the name.
void add_user(const Settings& settings, const std::string& email, const std::string& name,
              bool password_from_stdin);
void set_password(const Settings& settings, const std::string& email, bool password_from_stdin);
void list_users(const Settings& settings);
void show_user(const Settings& settings, const std::string& email);
void disable_user(const Settings& settings, const std::string& email);
void enable_user(const Settings& settings, const std::string& email);
void delete_user(const Settings& settings, const std::string& email);

// Until a date or a time; empty: without an end.
void grant(const Settings& settings, const std::string& email, const std::string& until);
void revoke(const Settings& settings, const std::string& email);
void permit(const Settings& settings, const std::string& email, const std::string& name,
            const std::string& until);
void forbid(const Settings& settings, const std::string& email, const std::string& name);
// Overrides all that is granted, by whomever; the grants stay, and count again once it is lifted.
void block(const Settings& settings, const std::string& email);
void unblock(const Settings& settings, const std::string& email);
void show_access(const Settings& settings, const std::string& email);

void list_sessions(const Settings& settings, const std::string& email);
void end_sessions(const Settings& settings, const std::string& email);

// Without `until` a token ends in 90 days.
void new_token(const Settings& settings, const std::string& email,
               const std::vector<std::string>& actions, const std::string& until);
void list_tokens(const Settings& settings, const std::string& email);
void end_tokens(const Settings& settings, const std::string& email,
                const std::vector<std::int64_t>& ids);

// From a date, a time or a span ago on, and of one account; empty: all.
void audit(const Settings& settings, const std::string& since, const std::string& email, bool json);

void list_spam(const Settings& settings);
void release_spam(const Settings& settings, const std::vector<std::int64_t>& ids);
void drop_spam(const Settings& settings, const std::vector<std::int64_t>& ids);

// Prints all that is held about an address, as JSON.
void export_person(const Settings& settings, const std::string& email);
// Throws when the log could not be emptied: then rows are gone, and their bytes are not.
void erase_person(const Settings& settings, const std::string& email);

// The messages in a state, of one form or, when that is empty, of all.
void list_inbox(const Settings& settings, const std::string& state, const std::string& form,
                bool json);
void show_messages(const Settings& settings, const std::vector<std::int64_t>& ids);
void move_messages(const Settings& settings, const std::string& state,
                   const std::vector<std::int64_t>& ids);
void delete_messages(const Settings& settings, const std::vector<std::int64_t>& ids);

// Until SIGTERM or SIGINT.
void courier(const Settings& settings);
void list_mails(const Settings& settings);
void show_mails(const Settings& settings, const std::vector<std::int64_t>& ids);
void retry_mails(const Settings& settings, const std::vector<std::int64_t>& ids);
void drop_mails(const Settings& settings, const std::vector<std::int64_t>& ids);
void release_mails(const Settings& settings, const std::vector<std::int64_t>& ids);

// `from`: a time before which it only verifies; empty: the next reload.
void new_key(const Settings& settings, const std::string& from);
void list_keys(const Settings& settings);
void drop_key(const Settings& settings, const std::string& id);

// Without a file to a new one in store.backups, of which then `keep` stay; 0: all.
void backup(const Settings& settings, const std::filesystem::path& file, std::size_t keep);
void restore(const Settings& settings, const std::filesystem::path& file);
// Of SQLite, into the server that the settings name.
void import_backup(const Settings& settings, const std::filesystem::path& file);

int check(const Settings& settings);

int doctor(const Settings& settings, const std::filesystem::path& settings_file,
           const std::vector<std::string>& skipped);

// Posts to an action, asks a view.  `fields` are name=value; without an address nobody is signed
// in.
int call(const Settings& settings, const std::string& action,
         const std::vector<std::string>& fields, const std::string& email);

// Makes the folder, which must be empty or not there; without a name it is the folder's.
void new_site(const std::filesystem::path& folder, const std::string& name);

// Writes the files of an action of that level, and its line, into the site's folder.  `fields` are
// name:type, or name:type? for one that may be left empty.
void new_action(const Site& site, const std::filesystem::path& folder, const std::string& name,
                const std::string& level, const std::vector<std::string>& fields);

void list_actions(const Site& site);
void list_actions_as_json(const Site& site);
void print_nginx_limits(const Site& site);
void list_permissions(const Site& site);
void print_form(const Site& site, const std::string& action);

}  // namespace command
}  // namespace actiond
