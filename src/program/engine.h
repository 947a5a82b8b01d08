// The engine that the settings name.
#pragma once

#include <memory>

#include "data/engine.h"
#include "files/upload_folder.h"
#include "program/settings.h"

namespace actiond {

// Made after fork(), and opens nothing yet.  Without `uploads` no transaction keeps files; they and
// `watch` outlive it.
std::unique_ptr<Engine> engine_of(const Settings& settings, const UploadFolder* uploads = nullptr,
                                  CommitWatch* watch = nullptr);

}  // namespace actiond
