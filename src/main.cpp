// Which command was asked for.
#include <sys/stat.h>

#include <cstdio>
#include <exception>

#include "cli/commands.h"
#include "pool/confine.h"

int main(int argc, char** argv) {
  umask(077);  // what we make is for nobody else
  actiond::give_up_dumps_and_privileges();
  CLI::App app("Server actions behind plain HTML", "actiond");
  actiond::SettingsFile settings;
  app.add_option("--config", settings.path, "The settings file")
      ->envname("ACTIOND_CONFIG")
      ->capture_default_str();
  app.require_subcommand(1);
  app.fallthrough();
  actiond::add_serve(app, settings);
  actiond::add_reload(app, settings);
  actiond::add_status(app, settings);
  actiond::add_migrate(app, settings);
  actiond::add_user(app, settings);
  actiond::add_grant_and_revoke(app, settings);
  actiond::add_sessions(app, settings);
  actiond::add_audit(app, settings);
  actiond::add_spam(app, settings);
  actiond::add_key(app, settings);
  actiond::add_backup_and_restore(app, settings);
  actiond::add_doctor(app, settings);
  actiond::add_call(app, settings);
  actiond::add_actions(app);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::RuntimeError& failed) {  // it has said what it had to say
    return failed.get_exit_code();
  } catch (const CLI::ParseError& usage) {  // help is one of these, and no error
    return app.exit(usage) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "actiond: %s\n", error.what());
    return 1;
  }
}
