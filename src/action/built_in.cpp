#include "action/built_in.h"

#include <fmt/format.h>

#include <algorithm>

#include "action/query.h"
#include "base/encoding.h"
#include "http/answer.h"

namespace actiond {
namespace {

std::string to_json(const std::optional<Identity>& identity) {
  if (!identity) return "null";
  const auto until = identity->access_until();
  std::string json = fmt::format("{{\"id\":{},", identity->user_id);
  append_member(json, "email", identity->email);
  append_member(json, "name", identity->name);
  json += fmt::format("\"hasAccess\":{},", identity->has_access(identity->asked_at));
  if (until && *until != forever)
    append_member(json, "accessUntil", to_rfc3339(*until));
  else
    json += "\"accessUntil\":null,";
  json += "\"permissions\":[";
  for (const std::string_view name : identity->permissions(identity->asked_at)) {
    append_json(json, name);
    json += ',';
  }
  end_members(json, ']');
  return json += '}';
}

// A permission is asked for together with the level of the actions that ask for it; nothing: no
// action does.
std::optional<Guard> guard_named(std::string_view what, const Catalogue& catalogue) {
  constexpr std::string_view needs = "needs-";
  if (what == "signed-in") return Guard{Level::Protected};
  if (what == "paid") return Guard{Level::Paid};
  if (!what.starts_with(needs)) return std::nullopt;
  what.remove_prefix(needs.size());
  std::optional<Guard> guard;
  for (const Action& action : catalogue.actions())
    for (const std::string_view& name : action.guard.permissions)
      if (name == what)
        guard = Guard{guard ? std::min(guard->level, action.level()) : action.level(), {&name, 1}};
  return guard;
}

}  // namespace

Response BuiltIn::show(Visit& visit, std::string_view name, Reader& db) const {
  if (const auto problem = long_query(visit.request)) return visit.fail(*problem);
  if (name == "me") return me(visit, db);
  switch (shows_) {
    case CatalogueShows::Off: return visit.fail({404, "answer.no_catalogue"});
    case CatalogueShows::All: return show_catalogue(visit, catalogue_, name);
    case CatalogueShows::Own: break;
  }
  const Gate gate = admission_.gate(db, visit);
  return show_catalogue(visit, allowed(catalogue_, gate), name);
}

Response BuiltIn::judge(Visit& visit, std::string_view what, Reader& db) const {
  const auto guard = guard_named(what, catalogue_);
  if (!guard) return Response(403);
  const auto refusal = admission_.gate(db, visit).refusal(*guard);
  if (!refusal) return Response(204);
  return Response(*refusal == Refusal::NotSignedIn ? 401 : 403);
}

Response BuiltIn::show_catalogue(Visit& visit, const Catalogue& catalogue,
                                 std::string_view name) const {
  if (name == "openapi.json") return to_response(json_type, catalogue_openapi(catalogue, origin_));
  switch (visit.media) {
    case Media::Html:
      return to_response(
          html_type, catalogue_page(catalogue, origin_, visit.problems.words_for(visit.request)));
    case Media::Text: return to_response(text_type, catalogue_text(catalogue));
    case Media::Json: break;
  }
  return to_response(json_type, catalogue_json(catalogue));
}

Response BuiltIn::me(Visit& visit, Reader& db) const {
  const Gate gate = admission_.gate(db, visit);
  return to_response(json_type, fmt::format("{{\"user\":{}}}\n", to_json(gate.identity())));
}

}  // namespace actiond
