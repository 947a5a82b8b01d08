// The commands about accounts, as part of the command line.  For command_line.cpp alone.
#pragma once

#include "cli/commands.h"
#include "cli/shared_words.h"

namespace actiond {

class AccountCommands : protected SharedWords {
 protected:
  using SharedWords::SharedWords;

  void add_accounts() {
    CLI::App* user = add_group("user", "The accounts");
    CLI::App* adding =
        with_email(user->add_subcommand("add", "Add an account; prints a password made for it"));
    text(adding, "--name", name_, "What the site calls the user");
    with_password(adding)->callback(
        [this] { command::add_user(settings(), email_, name_, password_from_stdin_); });
    user->add_subcommand("list", "All accounts, a line each")->callback([this] {
      command::list_users(settings());
    });
    with_email(user->add_subcommand("show", "One account"))->callback([this] {
      command::show_user(settings(), email_);
    });
    with_password(with_email(user->add_subcommand(
                      "set-password", "Give an account another password, made for it and printed")))
        ->callback([this] { command::set_password(settings(), email_, password_from_stdin_); });
    with_email(
        user->add_subcommand("disable", "End an account's sessions and let it sign in no more"))
        ->callback([this] { command::disable_user(settings(), email_); });
    with_email(user->add_subcommand("enable", "Let a disabled account sign in again"))
        ->callback([this] { command::enable_user(settings(), email_); });
    with_email(user->add_subcommand("delete", "Delete an account with all that is its own"))
        ->callback([this] { command::delete_user(settings(), email_); });

    CLI::App* sessions = add_group("sessions", "The sessions of an account");
    with_email(sessions->add_subcommand(
                   "list", "When each was made and last used, when it ends, and in which browser"))
        ->callback([this] { command::list_sessions(settings(), email_); });
    with_email(sessions->add_subcommand("end", "Sign the account out everywhere, at once"))
        ->callback([this] { command::end_sessions(settings(), email_); });
  }

  void add_grants() {
    CLI::App* grant = with_until(with_email(add("grant", "Give an account paid access")));
    grant->callback([this] { command::grant(settings(), email_, until_); });
    with_email(add("revoke", "Take paid access away, at once"))->callback([this] {
      command::revoke(settings(), email_);
    });
    CLI::App* permit = with_until(with_permission(add("permit", "Give an account a permission")));
    permit->callback([this] { command::permit(with_forms(), email_, name_, until_); });
    with_permission(add("forbid", "Take a permission away, at once"))->callback([this] {
      command::forbid(with_forms(), email_, name_);
    });
    with_email(add("block", "Let nothing count that is granted to an account, whoever gave it"))
        ->callback([this] { command::block(settings(), email_); });
    with_email(add("unblock", "Let what is granted to an account count again"))->callback([this] {
      command::unblock(settings(), email_);
    });
    with_email(add("access", "What is granted to an account: until when, and from which source"))
        ->callback([this] { command::show_access(settings(), email_); });
  }

  void add_tokens() {
    CLI::App* token = add_group("token", "The tokens that scripts hold in place of a session");
    CLI::App* making = with_email(
        token->add_subcommand("new", "Make a token for an account; prints it this once"));
    making->add_option("--actions", names_, "The actions that it is for, with commas between")
        ->delimiter(',')
        ->required();
    text(making, "--until", until_, "The last day (UTC) or moment; without it, in 90 days");
    making->callback([this] { command::new_token(with_forms(), email_, names_, until_); });
    with_email(token->add_subcommand("list", "The living tokens of an account, a line each"))
        ->callback([this] { command::list_tokens(settings(), email_); });
    with_ids(with_email(token->add_subcommand("end", "End tokens of an account, at once")))
        ->callback([this] { command::end_tokens(settings(), email_, ids_); });
  }
};

}  // namespace actiond
