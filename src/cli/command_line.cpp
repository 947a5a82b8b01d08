#include <fmt/core.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "base/freed_memory.h"
#include "base/inherited_state.h"
#include "cli/commands.h"
#include "cli/run.h"
#include "doctor/checks.h"
#include "pool/worker/confine.h"
#include "program/site_owner.h"

namespace actiond {
namespace {

// Nothing else includes CLI11: it takes as long to compile as all the commands together.
class CommandLine {
 public:
  explicit CommandLine(const Site& site) : site_(site) {
    text(&app_, "--config", settings_file_, "The settings file")
        ->envname("ACTIOND_CONFIG")
        ->capture_default_str();
    app_.require_subcommand(1);
    app_.fallthrough();
    add_server();
    add_accounts();
    add_grants();
    add_records();
    add_keys();
    add_backups();
    add_checks();
    add_actions();
    add_new();
  }

  int run(int argc, char** argv) {
    const int status = run_command(argc, argv);
    // The lost line may hold a password that stands nowhere else.
    if (std::fflush(stdout) != 0) lost_ = std::strerror(errno);
    if (std::ferror(stdout) == 0) return status;
    fmt::print(stderr, "{}: standard output could not be written: {}\n", site_.name, lost_);
    return 1;
  }

 private:
  int run_command(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
      return status_;
    } catch (const WrongUsage& wrong) {
      app_.exit(CLI::ValidationError(wrong.option, wrong.what()));
      return 2;
    } catch (const CLI::ParseError& usage) {  // help is one of these, and no error
      const auto words = app_.remaining(true);
      if (words.empty() || !lacks_command()) return app_.exit(usage) == 0 ? 0 : 2;
      app_.exit(CLI::ValidationError("There is no command " + words.front()));
      return 2;
    } catch (const std::system_error& error) {
      lost_ = error.code().message();
      return fail(error);
    } catch (const std::exception& error) {
      return fail(error);
    }
  }
  int fail(const std::exception& error) const {
    const std::string as =
        acts_as_.empty() ? "" : fmt::format(" (as {}, who owns the site)", acts_as_);
    if (std::ferror(stdout) == 0) fmt::print(stderr, "{}: {}{}\n", site_.name, error.what(), as);
    return 1;
  }
  // Whether the words end where a command has to come.
  bool lacks_command() const {
    const CLI::App* at = &app_;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    return at->get_require_subcommand_min() > 0;
  }

  void add_server() {
    CLI::App* serve = add("serve", "Run the pool of workers until SIGTERM or Ctrl-C");
    serve->add_flag("--check", only_check_,
                    "Only find out whether it would start; changes nothing");
    serve->callback([this] { status_ = command::serve(settings(), only_check_); });

    add("reload", "Let new workers take over: new settings, keys and program, and no request lost")
        ->callback([this] { command::reload(settings()); });

    CLI::App* status =
        add("status", "How the pool is: workers, threads, actions, write lock, data, keys");
    CLI::Option* watch = status->add_flag("--watch", watch_, "Again each second, until Ctrl-C");
    status->add_flag("--json", json_, "As JSON")->excludes(watch);
    status->callback([this] { command::status(settings(), watch_, json_); });

    add("migrate", "Make the database, or bring it up to date")->callback([this] {
      command::migrate(settings());
    });
  }

  void add_accounts() {
    CLI::App* user = add_group("user", "The accounts");
    CLI::App* adding =
        with_email(user->add_subcommand("add", "Add an account; prints a password made for it"));
    text(adding, "--name", name_, "What the site calls the user");
    adding->add_flag("--password-stdin", password_from_stdin_,
                     "Take the password from a line of standard input instead");
    adding->callback(
        [this] { command::add_user(settings(), email_, name_, password_from_stdin_); });
    user->add_subcommand("list", "All accounts, a line each")->callback([this] {
      command::list_users(settings());
    });
    with_email(user->add_subcommand("show", "One account"))->callback([this] {
      command::show_user(settings(), email_);
    });
    with_email(
        user->add_subcommand("disable", "End an account's sessions and let it sign in no more"))
        ->callback([this] { command::disable_user(settings(), email_); });
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
    permit->callback([this] { command::permit(settings(), email_, name_, until_); });
    with_permission(add("forbid", "Take a permission away, at once"))->callback([this] {
      command::forbid(settings(), email_, name_);
    });
    with_email(add("access", "What is granted to an account: until when, and from which source"))
        ->callback([this] { command::show_access(settings(), email_); });
  }

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
    CLI::App* release = spam->add_subcommand("release", "Run the action after all");
    text(release, "ID", ids_, "The numbers")->required();
    release->callback([this] { command::release_spam(settings(), ids_); });
    CLI::App* drop = spam->add_subcommand("drop", "Forget it");
    text(drop, "ID", ids_, "The numbers")->required();
    drop->callback([this] { command::drop_spam(settings(), ids_); });
  }

  void add_keys() {
    CLI::App* key = add_group("key", "The keys that sign sessions");
    key->add_subcommand("new", "Make a key that signs from now on; the older ones still verify")
        ->callback([this] { command::new_key(settings()); });
    key->add_subcommand("list", "The ids and times of the keys, the signing one first")
        ->callback([this] { command::list_keys(settings()); });
    CLI::App* drop = key->add_subcommand("drop", "Forget a key");
    text(drop, "ID", name_, "The key's id")->required();
    drop->callback([this] { command::drop_key(settings(), name_); });
  }

  void add_backups() {
    CLI::App* backup = add(
        "backup", "Copy the data of this moment, while the site serves, to FILE and FILE.uploads");
    text(backup, "FILE", file_,
         "Must not be there; without it, a new one in store.backups, named by time");
    backup
        ->add_option("--keep", keep_, "Then remove all but so many of those that are named by time")
        ->check(CLI::PositiveNumber);
    backup->callback([this] { command::backup(settings(), file_, keep_); });

    CLI::App* restore =
        add("restore", "Put a backup in the place of the data, which is kept; ends all sessions");
    text(restore, "FILE", file_, "The backup, with FILE.uploads beside it")->required();
    restore->callback([this] { command::restore(settings(), file_); });
  }

  void add_checks() {
    add("check", "Compare every page with the forms of the actions; exit 0 when all fit, else 1")
        ->callback([this] { status_ = command::check(settings()); });

    CLI::App* doctor =
        add("doctor", "Look at the site as it runs; exit 0 when all is well, 1 with findings");
    std::vector<std::string> names;
    std::string footer = "The checks:\n";
    for (const doctor::Check& check : doctor::checks()) {
      names.emplace_back(check.name);
      footer += fmt::format("  {:<10}{}\n", check.name, check.about);
    }
    doctor->add_option("--skip", skipped_, "A check to leave out; may be given again")
        ->check(CLI::IsMember(names));
    doctor->footer(footer);
    doctor->callback([this] { status_ = command::doctor(settings(), settings_file_, skipped_); });
  }

  void add_actions() {
    CLI::App* call = add("call", "Run an action as a request would, without nginx");
    text(call, "NAME", name_, "The action")->required();
    call->add_option("field=value", fields_, "The fields to send");
    text(call, "--as", email_, "The account that calls");
    call->callback([this] { status_ = command::call(settings(), name_, fields_, email_); });

    CLI::App* actions = add("actions", "Every action with its level, fields and rules");
    actions->add_flag("--json", json_, "As the JSON of GET /actions/");
    actions->add_flag("--nginx", nginx_, "As limits.conf, nginx's limits on bodies and guesses");
    text(actions, "--form", name_, "Print a form for this action to copy into a page");
    actions->callback([this] {
      if (nginx_) return command::print_nginx_limits(site_);
      if (json_) return command::list_actions_as_json(site_);
      if (!name_.empty()) return command::print_form(site_, name_);
      command::list_actions(site_);
    });
  }

  void add_new() {
    CLI::App* making = add("new", "Make a site of one's own, ready to be served and tested");
    text(making, "DIR", file_, "The folder of the site: empty, or not there yet")->required();
    text(making, "--name", name_, "Its name, and its program's; without it, the folder's");
    making->callback([this] { command::new_site(file_, name_); });
  }

  CLI::App* add(const char* name, const char* about) { return app_.add_subcommand(name, about); }
  CLI::App* add_group(const char* name, const char* about) {
    CLI::App* group = add(name, about);
    group->require_subcommand(1);
    return group;
  }
  // An empty word comes from an unset variable of the shell: wrong usage, not the default.
  template <class Value>
  static CLI::Option* text(CLI::App* command, const char* name, Value& to, const char* about) {
    return command->add_option(name, to, about)->check([](const std::string& said) {
      return said.empty() ? std::string("is empty") : std::string();
    });
  }
  CLI::App* with_email(CLI::App* command) {
    text(command, "EMAIL", email_, "The account")->required();
    return command;
  }

  CLI::App* with_permission(CLI::App* command) {
    text(with_email(command), "NAME", name_, "The permission, as the site's code names it")
        ->required();
    return command;
  }
  CLI::App* with_until(CLI::App* command) {
    text(command, "--until", until_, "The last day (UTC) or moment; without it there is no end");
    return command;
  }

  Settings settings() {
    Settings loaded = load_settings(settings_file_, site_);
    acts_as_ = become_site_owner(loaded, settings_file_);
    return loaded;
  }

  const Site site_;
  CLI::App app_{"Server actions behind plain HTML", std::string(site_.name)};
  int status_ = 0;
  std::string acts_as_;  // the user that root's process became
  std::string lost_;     // why standard output could not be written
  // Options and arguments. One command runs, so all commands share them.
  std::filesystem::path settings_file_ = "/etc/actiond/actiond.toml", file_;
  std::string email_, name_, until_, since_;
  std::vector<std::string> fields_, skipped_;
  std::vector<std::int64_t> ids_;
  std::size_t keep_ = 0;
  bool only_check_ = false, watch_ = false, json_ = false, nginx_ = false,
       password_from_stdin_ = false;
};

}  // namespace

int run(const Site& site, int argc, char** argv) {
  wipe_freed_memory();
  open_standard_descriptors();
  umask(077);  // what we make is for nobody else
  give_up_dumps_and_privileges();
  return CommandLine(site).run(argc, argv);
}

}  // namespace actiond
