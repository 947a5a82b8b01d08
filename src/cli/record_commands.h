// The commands about what actions left behind, as part of the command line.  For command_line.cpp
// alone.
#pragma once

#include "cli/account_commands.h"

namespace actiond {

class RecordCommands : protected AccountCommands {
 protected:
  using AccountCommands::AccountCommands;

  void add_records() {
    CLI::App* audit = add("audit", "Who did what: the actions that had an effect, a line each");
    text(audit, "--since", since_,
         "The first day or moment (UTC), or how long ago: 90s, 15m, 2h, 3d, 1w");
    text(audit, "--user", email_, "Only what this account did");
    audit->add_flag("--json", json_, "A JSON object a line");
    audit->callback([this] { command::audit(settings(), since_, email_, json_); });

    CLI::App* spam = add_group("spam", "What looks like spam and is held");
    spam->add_subcommand("list", "What is held, a line each, the oldest first")->callback([this] {
      command::list_spam(settings());
    });
    with_ids(spam->add_subcommand("release", "Run the action after all"))->callback([this] {
      command::release_spam(to_run(), ids_);
    });
    with_ids(spam->add_subcommand("drop", "Forget it"))->callback([this] {
      command::drop_spam(settings(), ids_);
    });
  }

  void add_inbox() {
    const auto states = CLI::IsMember({"new", "read", "archived", "spam", "trash"});
    CLI::App* inbox = add_group("inbox", "The messages that forms without code were sent");
    CLI::App* list =
        inbox->add_subcommand("list", "The messages in a state, a line each, the oldest first");
    text(list, "--state", state_, "Their state; without it, new")->check(states);
    text(list, "--form", name_, "Only what this form was sent");
    list->add_flag("--json", json_, "A JSON object a line");
    list->callback([this] { command::list_inbox(settings(), state_, name_, json_); });
    with_ids(inbox->add_subcommand("show", "What a message says"))->callback([this] {
      command::show_messages(settings(), ids_);
    });
    CLI::App* mark = inbox->add_subcommand("mark", "Move messages to another state");
    text(mark, "STATE", state_, "new, read, archived, spam or trash")->required()->check(states);
    with_ids(mark)->callback([this] { command::move_messages(to_run(), state_, ids_); });
    with_ids(inbox->add_subcommand("delete", "Delete messages for good"))->callback([this] {
      command::delete_messages(settings(), ids_);
    });
  }

  void add_person() {
    CLI::App* person = add_group("person", "What is held about somebody, by address");
    with_email(person->add_subcommand("export", "All of it as JSON"))->callback([this] {
      command::export_person(settings(), email_);
    });
    with_email(person->add_subcommand("erase", "Erase it, account and all, for good"))
        ->callback([this] { command::erase_person(settings(), email_); });
  }

  void add_mail() {
    add("courier", "Send the mails of the outbox until SIGTERM or Ctrl-C")->callback([this] {
      command::courier(courier_settings());
    });
    CLI::App* mail = add_group("mail", "The mails that actions ordered");
    mail->add_subcommand("list", "All mails, a line each, the oldest first")->callback([this] {
      command::list_mails(settings());
    });
    with_ids(mail->add_subcommand("show", "What a mail says, until it is sent"))->callback([this] {
      command::show_mails(settings(), ids_);
    });
    with_ids(mail->add_subcommand("retry", "Try again now, also one that is dead"))
        ->callback([this] { command::retry_mails(settings(), ids_); });
    with_ids(mail->add_subcommand("drop", "Never send it"))->callback([this] {
      command::drop_mails(settings(), ids_);
    });
    with_ids(mail->add_subcommand("release", "Send one that came back with a backup"))
        ->callback([this] { command::release_mails(settings(), ids_); });
  }
};

}  // namespace actiond
