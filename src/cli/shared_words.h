// Words that several commands have in common.  For command_line.cpp alone: CLI11 takes as long to
// compile as all the commands together.
#pragma once

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "program/settings.h"
#include "program/site_check.h"
#include "program/site_owner.h"

namespace actiond {

class SharedWords {
 protected:
  explicit SharedWords(const Site& site) : site_(site) {
    text(&app_, "--config", settings_file_, "The settings file")
        ->envname("ACTIOND_CONFIG")
        ->capture_default_str();
    app_.set_version_flag("--version", fmt::format("{} {}", site.name, site.version),
                          "Its name and version");
    app_.require_subcommand(1);
    app_.fallthrough();
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
  CLI::App* with_password(CLI::App* command) {
    command->add_flag("--password-stdin", password_from_stdin_,
                      "Take the password from a line of standard input instead");
    return command;
  }
  CLI::App* with_ids(CLI::App* command) {
    // CLI11 would read 010 as 8.
    command->add_option("ID", ids_, "The numbers")->required()->check([](const std::string& said) {
      const bool is_number = !said.empty() && said.size() <= 18 && said[0] != '0' &&
                             said.find_first_not_of("0123456789") == said.npos;
      return is_number ? std::string() : said + " is no number such as 17";
    });
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
    acts_as_ = become_site_owner(settings_file_, {loaded.database.parent_path()});
    return loaded;
  }
  // Of the courier, whose user owns the folder of mails that have no relay.
  Settings courier_settings() {
    Settings loaded = load_settings(settings_file_, site_);
    acts_as_ =
        become_site_owner(settings_file_, {loaded.courier.files, loaded.database.parent_path()});
    return loaded;
  }
  Settings with_forms() { return with_pages(settings()); }
  Settings to_run() { return with_secrets(with_forms()); }

  const Site site_;
  CLI::App app_{"Server actions behind plain HTML", std::string(site_.name)};
  std::string acts_as_;  // the user that root's process became
  // Options and arguments. One command runs, so all commands share them.
  std::filesystem::path settings_file_ = fmt::format("/etc/{0}/{0}.toml", site_.name), file_;
  std::string email_, name_, until_, since_, owner_, level_ = "public", state_ = "new";
  std::vector<std::string> fields_, skipped_, names_;
  std::vector<std::int64_t> ids_;
  std::size_t keep_ = 0;
  bool only_check_ = false, with_courier_ = false, watch_ = false, redo_ = false, json_ = false,
       nginx_ = false, permissions_ = false, password_from_stdin_ = false;
};

}  // namespace actiond
