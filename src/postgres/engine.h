// PostgreSQL as the engine of a site, for the rooms above.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "data/engine.h"
#include "files/upload_folder.h"
#include "postgres/address.h"

namespace actiond {

// Whether a setting names a server: "postgresql://…" or "postgres://…", as libpq takes them.
bool is_postgres_url(std::string_view database);

// As many as a worker opens at most.
constexpr int connections_of_a_worker = 8;

// Made after fork() and before any thread, since it forgets what libpq would take from the
// environment.  Opens nothing yet: a server that cannot be reached is tried again by whoever asks
// next.  Never migrates by itself.  Without `uploads` no transaction keeps files; they and `watch`
// outlive it.
std::unique_ptr<Engine> postgres_engine(std::string url, Schema schema,
                                        const UploadFolder* uploads = nullptr,
                                        CommitWatch* watch = nullptr,
                                        int connections = connections_of_a_worker);

// Migrates as the user of `owner`, who may make tables, and lets the user that `url` names read and
// write rows of these tables, and no more.  Returns how many ran.  Throws as `Engine::migrate`, and
// std::runtime_error when the two are not two.
int migrate_as(const std::string& owner, const std::string& url, Schema schema);

}  // namespace actiond
