// The engine that the settings name.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "data/engine.h"
#include "files/upload_folder.h"
#include "pool/worker/confine.h"
#include "program/settings.h"

namespace actiond {

// Made after fork(), and opens nothing yet.  Without `uploads` no transaction keeps files; they and
// `watch` outlive it.
std::unique_ptr<Engine> engine_of(const Settings& settings, const UploadFolder* uploads = nullptr,
                                  CommitWatch* watch = nullptr);

// Reads what is there: migrates nothing, and makes no database.
void read_data(const Settings& settings, const std::function<void(Reader&)>& work);

// Throws std::runtime_error when a migration that did not run yet must not: a pool that serves
// still needs what it takes away.  Waits some seconds for workers of before a reload to end.
void require_ripe_migrations(const Settings& settings);

// The sockets that reaching the data takes.
Opens sockets_of(const Settings& settings);

// Where the data is, for people.
std::string shown_place(const Settings& settings);

}  // namespace actiond
