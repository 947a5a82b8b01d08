// The parts of actiond put together, as a worker and as `call` need them.
#pragma once

#include <memory>

#include "account/password.h"
#include "action/dispatch.h"
#include "files/pages.h"
#include "files/upload_folder.h"
#include "program/settings.h"
#include "sqlite/database.h"
#include "store/attempts.h"
#include "store/audit.h"
#include "store/held.h"
#include "store/seen_sessions.h"
#include "store/sessions.h"
#include "store/submissions.h"

namespace actiond {

// The machine's clock: the only one there is.
Time current_time();

class Program {
 public:
  // Throws std::system_error without a folder for uploads.  Opens no database yet.  All workers of
  // a pool are given one and the same key ring.
  Program(const Settings& settings, KeyRing keys, std::unique_ptr<GateWatch> watch = nullptr);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // `actiond doctor` is told what came; everybody else is answered by the actions.
  void answer(Request& request, Reply reply) const;
  const Dispatcher& dispatcher() const { return dispatcher_; }
  Database& database() { return database_; }
  const Sessions& sessions() const { return sessions_; }
  const KeyRing& keys() const { return keys_; }

 private:
  KeyRing keys_;
  std::vector<std::string> origins_;
  UploadFolder uploads_;
  std::unique_ptr<GateWatch> watch_;
  Database database_;
  SessionRows sessions_;
  SeenSessions seen_;
  SubmissionRows submissions_;
  AuditRows audit_;
  AttemptRows attempts_;
  HeldRows held_;
  Pages pages_;
  PasswordHasher hasher_;
  Catalogue catalogue_;
  Dispatcher dispatcher_;
};

}  // namespace actiond
