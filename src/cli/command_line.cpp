#include <fmt/core.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "base/freed_memory.h"
#include "base/inherited_state.h"
#include "base/program_name.h"
#include "cli/commands.h"
#include "cli/record_commands.h"
#include "cli/run.h"
#include "doctor/checks.h"
#include "pool/worker/confine.h"

namespace actiond {
namespace {

class CommandLine : RecordCommands {
 public:
  explicit CommandLine(const Site& site) : RecordCommands(site) {
    add_server();
    add_accounts();
    add_grants();
    add_tokens();
    add_records();
    add_inbox();
    add_person();
    add_mail();
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
    fmt::print(stderr, "{}: standard output could not be written{}{}\n", program_name(),
               lost_.empty() ? "" : ": ", lost_);
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
    if (std::ferror(stdout) == 0)
      fmt::print(stderr, "{}: {}{}\n", program_name(), error.what(), as);
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
    serve->add_flag("--courier", with_courier_, "Run a courier beside it, as its child");
    serve->callback([this] { status_ = command::serve(to_run(), only_check_, with_courier_); });

    add("reload", "Let new workers take over: new settings, keys and program, and no request lost")
        ->callback([this] { command::reload(to_run()); });

    CLI::App* status =
        add("status", "How the pool is: workers, threads, actions, write lock, data, keys");
    CLI::Option* watch = status->add_flag("--watch", watch_, "A line each second, until Ctrl-C");
    status->add_flag("--json", json_, "As JSON")->excludes(watch);
    status->callback([this] { command::status(settings(), watch_, json_); });

    CLI::App* migrate = add("migrate", "Make the database, or bring it up to date");
    CLI::Option* redo = migrate->add_flag(
        "--redo", redo_,
        "Run the last migration of the site again, as it was edited, while a site is "
        "made: rows of what it had made are lost");
    migrate
        ->add_option("--database", owner_,
                     "The same PostgreSQL database as a user who may make tables; the user of the "
                     "settings then reads and writes rows, and no more")
        ->type_name("URL")
        ->excludes(redo);
    migrate->callback([this] {
      redo_ ? command::redo_migration(settings()) : command::migrate(settings(), owner_);
    });
  }

  void add_keys() {
    CLI::App* key = add_group("key", "The keys that sign sessions");
    CLI::App* making = key->add_subcommand(
        "new", "Make a key that signs from the next reload on; the older ones still verify");
    text(making, "--from", since_,
         "Until then it only verifies: time to copy the key ring to the other hosts of the site");
    making->callback([this] { command::new_key(settings(), since_); });
    key->add_subcommand("list", "The ids and times of the keys, and which one signs")
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
        ->check(CLI::Range(1, 1'000'000));
    backup->callback([this] { command::backup(settings(), file_, keep_); });

    CLI::App* restore =
        add("restore",
            "Put a backup in the place of the data, which is kept; ends sessions and tokens");
    text(restore, "FILE", file_, "The backup, with FILE.uploads beside it")->required();
    restore->callback([this] { command::restore(settings(), file_); });

    CLI::App* moving = add("import", "Move a backup of SQLite into the PostgreSQL of the settings");
    text(moving, "FILE", file_, "The backup, with FILE.uploads beside it")->required();
    moving->callback([this] { command::import_backup(settings(), file_); });
  }

  void add_checks() {
    add("check", "Compare every page with the forms of the actions; exit 0 when all fit, else 1")
        ->callback([this] { status_ = command::check(with_forms()); });

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
    doctor->callback([this] { status_ = command::doctor(with_forms(), settings_file_, skipped_); });
  }

  void add_actions() {
    CLI::App* call = add("call", "Run an action, or ask a view, as a request would, without nginx");
    text(call, "NAME", name_, "The action")->required();
    call->add_option("field=value", fields_, "The fields to send");
    text(call, "--as", email_, "The account that calls");
    call->callback([this] { status_ = command::call(to_run(), name_, fields_, email_); });

    CLI::App* actions = add("actions", "Every action with its level, fields and rules");
    CLI::Option* json = actions->add_flag("--json", json_, "As the JSON of GET /actions/");
    CLI::Option* nginx =
        actions->add_flag("--nginx", nginx_, "As limits.conf, nginx's limits on bodies and guesses")
            ->excludes(json);
    CLI::Option* permissions = actions
                                   ->add_flag("--permissions", permissions_,
                                              "The permissions that they ask for, a line each")
                                   ->excludes(json)
                                   ->excludes(nginx);
    text(actions, "--form", name_, "Print a form for this action to copy into a page")
        ->excludes(json)
        ->excludes(nginx)
        ->excludes(permissions);
    actions->callback([this] {
      const Site site = site_and_pages();
      if (nginx_) return command::print_nginx_limits(site);
      if (permissions_) return command::list_permissions(site);
      if (json_) return command::list_actions_as_json(site);
      if (!name_.empty()) return command::print_form(site, name_);
      command::list_actions(site);
    });
  }

  void add_new() {
    CLI::App* making = add("new", "Make a site of one's own, ready to be served and tested");
    text(making, "DIR", file_, "The folder of the site: empty but for .git, or not there yet")
        ->required();
    text(making, "--name", name_, "Its name, and its program's; without it, the folder's");
    making->callback([this] { command::new_site(file_, name_); });

    CLI::App* adding = add("new-action", "Add an action to the site: code, page, table and test");
    text(adding, "NAME", name_, "The action")->required();
    adding
        ->add_option("FIELD:TYPE", fields_,
                     "A field; a TYPE with '?' behind it may be left empty. The types: text, "
                     "long, email, url, number, date, yes")
        ->required();
    adding->add_option("--level", level_, "Who may call it; without it, anyone")
        ->check(CLI::IsMember({"public", "protected", "paid"}));
    adding->callback([this] {
      const char* site = std::getenv("ACTIOND_SITE");
      command::new_action(site_, site != nullptr ? site : ".", name_, level_, fields_);
    });
  }

  // Without a settings file there are no pages to look for forms in.
  Site site_and_pages() {
    return std::filesystem::exists(settings_file_) ? with_forms().site : site_;
  }

  int status_ = 0;
  std::string lost_;  // why standard output could not be written
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
