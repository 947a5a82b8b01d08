// The settings file, conf/actiond.toml: every setting there is, within its range.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "action/built_in.h"
#include "base/log.h"
#include "courier/relay.h"
#include "mail/address.h"
#include "pool/supervisor/supervisor.h"
#include "program/site.h"

namespace actiond {

// Says file, line and setting.
class WrongSetting : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct CourierSettings {
  Mailbox from;
  std::vector<Address> notify;           // the site's owners: who is told of messages
  std::optional<Relay> relay;            // nothing: mails become files
  std::string relay_user;                // empty: the relay asks for none
  std::filesystem::path relay_password;  // the file that holds it
  std::filesystem::path texts;           // the folder of what mails say
  std::filesystem::path files;           // the folder that mails go to
};

// The plans, and the files that hold the secrets and the key; "" is none.
struct StripeSettings {
  std::filesystem::path secrets;
  std::filesystem::path restricted_key;  // what the courier asks by
  std::string api;                       // whom it asks
  PaymentSettings payments;              // without the secrets
};

struct Settings {
  Site site;  // whose program reads them
  std::vector<std::string> origins;
  std::filesystem::path static_root;
  std::filesystem::path published;
  std::filesystem::path messages;
  std::vector<std::string> linked_hosts;
  int session_days;
  int session_idle_days;
  CatalogueShows catalogue_shows;
  std::string postgres;            // the server; empty: SQLite
  std::filesystem::path database;  // SQLite's file; its lock is this host's on both engines
  std::filesystem::path key_ring;
  std::filesystem::path uploads;
  std::filesystem::path backups;
  PoolSettings pool;
  LogSettings log;
  int inbox_file_mib;  // of a file that a form without code takes
  CourierSettings courier;
  StripeSettings stripe;

  // Whether its visitors are on this machine alone: every origin is `localhost` or an address of
  // the loopback interface.
  bool is_for_this_machine() const;
};

// Throws WrongSetting for one that is unknown or out of range; one that is missing has the value
// that conf/actiond.toml shows.  Relative paths start at the folder of `file`.
Settings load_settings(const std::filesystem::path& file, const Site& site = {});

}  // namespace actiond
