// The application over its settings, key ring, engine and the machine's clock: for workers and
// the command line.
#pragma once

#include <memory>

#include "account/password.h"
#include "data/engine.h"
#include "files/upload_folder.h"
#include "program/application.h"
#include "program/settings.h"

namespace actiond {

// The machine's clock, read here alone.
Time current_time();

class Program {
 public:
  // Throws std::system_error without a folder for uploads, and as `load_languages`.  Opens no data
  // yet.  All workers of a pool are given one and the same key ring.
  Program(const Settings& settings, KeyRing keys, std::unique_ptr<CommitWatch> watch = nullptr);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // `actiond doctor` is told what arrived; other requests go to the actions.
  void answer(Request& request, Reply reply) const;
  const Dispatcher& dispatcher() const { return application_.dispatcher(); }
  Engine& engine() { return *engine_; }
  const Sessions& sessions() const { return application_.sessions(); }
  const KeyRing& keys() const { return keys_; }
  Upkeep& upkeep() { return application_.upkeep(); }

 private:
  KeyRing keys_;
  std::vector<std::string> origins_;
  UploadFolder uploads_;
  std::unique_ptr<CommitWatch> watch_;
  std::unique_ptr<Engine> engine_;
  PasswordHasher hasher_;
  Application application_;
};

}  // namespace actiond
