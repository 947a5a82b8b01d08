// What is only looked at: an action's page, who is signed in, the catalogue.
#include <nlohmann/json.hpp>

#include "action/dispatch.h"
#include "http/answer.h"

namespace actiond {
namespace {

nlohmann::ordered_json to_json(const std::optional<Identity>& identity, Time now) {
  if (!identity) return nullptr;
  const bool ends = identity->access_until && *identity->access_until != forever;
  return {{"id", identity->user_id},
          {"email", identity->email},
          {"name", identity->name},
          {"hasAccess", identity->has_access(now)},
          {"accessUntil", ends ? nlohmann::ordered_json(to_rfc3339(*identity->access_until))
                               : nlohmann::ordered_json(nullptr)}};
}

}  // namespace

Response Dispatcher::show_built_in(Visit& visit, std::string_view name) const {
  if (name == "me") return me(visit);
  const std::string& origin = site_.origins.front();
  if (name == "openapi.json") return to_response(json_type, catalogue_openapi(catalogue_, origin));
  switch (visit.media) {
    case Media::Html: return to_response(html_type, catalogue_page(catalogue_, origin));
    case Media::Text: return to_response(text_type, catalogue_text(catalogue_));
    case Media::Json: break;
  }
  return to_response(json_type, catalogue_json(catalogue_));
}

Response Dispatcher::me(Visit& visit) const {
  const Gate asked = gate(store_.reader(), visit);
  const nlohmann::ordered_json user{{"user", to_json(asked.identity(), site_.now())}};
  return to_response(json_type, user.dump() + "\n");
}

Response Dispatcher::show_page(Visit& visit, const Action& action) const {
  const Gate early = gate(store_.reader(), visit);
  if (const auto refusal = early.refusal(action.level())) return visit.refuse(action, *refusal);
  const Loaded loaded = load(early, action);
  return page(early, action, 200,
              {.action = action.name,
               .values = loaded.values ? &*loaded.values : nullptr,
               .lists = &loaded.lists});
}

Loaded Dispatcher::load(const Gate& gate, const Action& action) const {
  return std::visit(
      [&](const auto& steps) {
        std::variant<Loaded, Refusal> loaded;
        if (steps.load) store_.snapshot([&](Reader& db) { loaded = gate.enter(steps.load, db); });
        // Whom the page is not for sees it as its author wrote it.
        auto* const shown = std::get_if<Loaded>(&loaded);
        return shown != nullptr ? std::move(*shown) : Loaded{};
      },
      action.steps);
}

Response Dispatcher::page(const Gate& gate, const Action& action, int status,
                          Filling filling) const {
  std::optional<Viewer> viewer;
  if (const auto& identity = gate.identity())
    viewer = Viewer{identity->name, identity->email, identity->has_access(site_.now())};
  filling.viewer = viewer ? &*viewer : nullptr;
  Response response(status);
  response.set_header("Content-Type", html_type);
  response.body = site_.page(action.form.page)->fill(filling);
  return response;
}

}  // namespace actiond
