// The commands, one file each.  Every function adds its command to `app`; what it does runs when
// it was asked for, and throws when it could not be done.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "cli/settings.h"

namespace actiond {

// Where the settings are, known once the command line is read.
struct SettingsFile {
  std::filesystem::path path = "/etc/actiond/actiond.toml";

  Settings load() const { return load_settings(path); }
};

void add_serve(CLI::App& app, const SettingsFile& settings);
void add_reload(CLI::App& app, const SettingsFile& settings);
void add_status(CLI::App& app, const SettingsFile& settings);
void add_migrate(CLI::App& app, const SettingsFile& settings);
void add_user(CLI::App& app, const SettingsFile& settings);
void add_grant_and_revoke(CLI::App& app, const SettingsFile& settings);
void add_sessions(CLI::App& app, const SettingsFile& settings);
void add_audit(CLI::App& app, const SettingsFile& settings);
void add_spam(CLI::App& app, const SettingsFile& settings);
void add_key(CLI::App& app, const SettingsFile& settings);
void add_backup_and_restore(CLI::App& app, const SettingsFile& settings);
void add_doctor(CLI::App& app, const SettingsFile& settings);
void add_call(CLI::App& app, const SettingsFile& settings);
void add_actions(CLI::App& app);

}  // namespace actiond
