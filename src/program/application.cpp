#include "program/application.h"

#include <utility>

namespace actiond {

Application::Application(Store& store, const KeyRing& keys, ApplicationSettings settings)
    : sessions_(settings.session_idle_life), seen_(store, sessions_),
      upkeep_(store, seen_, settings.clock, std::move(settings.form_lives)),
      sent_(std::move(settings.owners)),
      pages_(settings.static_root, settings.origins, settings.published, settings.linked_hosts),
      catalogue_(std::move(settings.actions)),
      dispatcher_(
          catalogue_, store, {sessions_, tokens_, submissions_, audit_, attempts_, held_, sent_},
          keys,
          {.origins = settings.origins,
           .session_life = settings.session_life,
           .clock = settings.clock,
           .page = [this](std::string_view name) { return pages_.find(name); },
           .languages = settings.languages,
           .new_file_bytes = settings.new_file_bytes,
           .note_seen = {
               .session = [this](const SessionId& id, Time now) { seen_.note(id, now); },
               .token = [this](const ApiTokenHash& token, Time now) { seen_.note(token, now); }},
           .catalogue_shows = settings.catalogue_shows}) {}

}  // namespace actiond
