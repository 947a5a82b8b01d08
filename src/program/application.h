// The parts that answer, put together over any store and clock: the one assembly, for workers, the
// command line and tests.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "action/dispatch.h"
#include "files/pages.h"
#include "inbox/action_messages.h"
#include "store/attempts.h"
#include "store/audit.h"
#include "store/held.h"
#include "store/seen.h"
#include "store/sessions.h"
#include "store/submissions.h"
#include "store/tokens.h"
#include "store/upkeep.h"

namespace actiond {

struct ApplicationSettings {
  std::vector<Action> actions;
  std::vector<std::string> origins;
  std::filesystem::path static_root;
  std::filesystem::path published = {};
  std::vector<std::string> linked_hosts = {};
  Languages languages = {};
  std::chrono::seconds session_life;
  std::chrono::seconds session_idle_life;
  WallClock clock;
  NewFileBytes new_file_bytes = nullptr;  // empty: no action takes files
  CatalogueShows catalogue_shows = CatalogueShows::Own;
  std::vector<FormLife> form_lives = {};
  std::vector<Address> owners = {};  // are told of messages of the inbox
};

class Application {
 public:
  // `store` and `keys` must outlive this.
  Application(Store& store, const KeyRing& keys, ApplicationSettings settings);
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  const Dispatcher& dispatcher() const { return dispatcher_; }
  const Catalogue& catalogue() const { return catalogue_; }
  const Sessions& sessions() const { return sessions_; }
  Upkeep& upkeep() { return upkeep_; }

 private:
  SessionRows sessions_;
  ApiTokenRows tokens_;
  Seen seen_;
  Upkeep upkeep_;
  SubmissionRows submissions_;
  AuditRows audit_;
  AttemptRows attempts_;
  HeldRows held_;
  ActionMessages sent_;
  Pages pages_;
  Catalogue catalogue_;
  Dispatcher dispatcher_;
};

}  // namespace actiond
