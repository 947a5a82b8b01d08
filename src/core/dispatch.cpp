#include "core/dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/answer.h"
#include "core/body.h"
#include "core/cookie.h"
#include "core/encoding.h"
#include "core/same_site.h"

namespace actiond {
namespace {

constexpr std::string_view prefix = "/actions/";

// Headers that decide something: of two, somebody else might have believed the other one.
std::optional<std::string_view> repeated_header(const Request& request) {
  constexpr std::array<std::string_view, 7> single{
      "authorization", "content-type", "cookie", "host", "idempotency-key", "origin",
      "sec-fetch-site"};
  const auto named = [&request](std::string_view name) {
    return std::count_if(request.headers.begin(), request.headers.end(),
                         [name](const Header& header) { return header.name == name; });
  };
  const auto found = std::find_if(single.begin(), single.end(),
                                  [&](std::string_view name) { return named(name) > 1; });
  if (found == single.end()) return std::nullopt;
  return *found;
}

bool is_reading(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

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

struct Dispatcher::Visit {
  Request& request;
  Media media;
  std::optional<SessionId> session;  // signed by us; whether it lives is for the data to say
  Record record = {};
  std::string set_cookie = {};
  bool replayed = false;  // the answer is one that was given before

  Response fail(const Problem& problem) {
    record.reason = problem.reason.empty() ? problem.detail : problem.reason;
    return to_response(problem, media, request.id);
  }

  Response refuse(const Action& action, Refusal refusal) {
    const bool signed_in = refusal == Refusal::NoAccess;
    record.reason = signed_in ? "no access" : "not signed in";
    if (media != Media::Html)
      return fail(signed_in ? Problem{402, "This needs paid access."}
                            : Problem{401, "Sign in first."});
    if (signed_in) return to_response(Redirect{"/upgrade.html"}, media);
    const std::string next = action.form.page.empty() ? "/" : std::string(prefix) + action.name;
    return to_response(Redirect{"/sign-in.html?next=" + to_percent_encoded(next)}, media);
  }
};

Dispatcher::Dispatcher(const Catalogue& catalogue, Store& store, const Sessions& sessions,
                       const Submissions& submissions, const KeyRing& keys, Site site)
    : catalogue_(catalogue), store_(store), sessions_(sessions), submissions_(submissions),
      keys_(keys), site_(std::move(site)) {}

Response Dispatcher::answer(Request& request) const {
  const auto token = session_cookie(request);
  Visit visit{request, preferred_media(request.header("accept").value_or("")),
              token ? verify(*token, keys_) : std::nullopt};
  Response response = [&] {
    try {
      return route(visit);
    } catch (const Unavailable& error) {
      return visit.fail({.status = 503,
                         .detail = "Busy right now; nothing was saved. Try again in a moment.",
                         .reason = error.what()});
    } catch (const std::exception& error) {
      return visit.fail({.status = 500,
                         .detail = "Something failed on our side; nothing was saved.",
                         .reason = error.what()});
    }
  }();
  response.set_header("X-Request-Id", request.id);
  response.set_header("Cache-Control", "no-store");
  response.set_header("Vary", "Accept, Cookie");
  if (response.status() < 400 && !visit.set_cookie.empty())
    response.set_header("Set-Cookie", visit.set_cookie);
  if (response.status() < 400 && visit.replayed)
    response.set_header("Idempotent-Replayed", "true");
  response.record = std::move(visit.record);
  return response;
}

Response Dispatcher::route(Visit& visit) const {
  const Request& request = visit.request;
  if (const auto name = repeated_header(request))
    return visit.fail({400, fmt::format("The header {} was sent more than once.", *name)});
  if (!request.path.starts_with(prefix)) return visit.fail({404, "There is no such action."});
  const std::string_view name = std::string_view(request.path).substr(prefix.size());
  const Action* action = catalogue_.find(name);
  const bool built_in = name.empty() || name == "me" || name == "openapi.json";
  if (action == nullptr && !built_in) return visit.fail({404, "There is no such action."});
  if (action != nullptr) {
    visit.record.action = action->name;
    visit.record.level = to_text(action->level());
  }
  if (auto refusal = cross_site_refusal(request, site_.origins)) return visit.fail({403, *refusal});

  const bool has_page = built_in || !action->form.page.empty();
  if (has_page && is_reading(request))
    return built_in ? show_built_in(visit, name) : show_page(visit, *action);
  if (action != nullptr && request.method == "POST")
    return std::visit([&](const auto& steps) { return run(visit, *action, steps); },
                      action->steps);
  const std::string allow = built_in ? "GET, HEAD" : has_page ? "GET, HEAD, POST" : "POST";
  return visit.fail({.status = 405, .detail = "Allowed here: " + allow + ".", .allow = allow});
}

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

Gate Dispatcher::gate(Reader& db, Visit& visit) const {
  Gate gate(db, sessions_, visit.session, site_.now());
  if (gate.identity()) visit.record.user_id = gate.identity()->user_id;
  return gate;
}

template <class... Proof>
Response Dispatcher::run(Visit& visit, const Action& action, const Steps<Proof...>& steps) const {
  // A public action does not care who comes: no read for it.
  const auto ask = [&](Reader& db) {
    return sizeof...(Proof) == 0 ? Gate(db, sessions_, std::nullopt, site_.now()) : gate(db, visit);
  };
  Reader& db = store_.reader();
  const Gate early = ask(db);
  if (const auto refusal = early.refusal(action.level())) return visit.refuse(action, *refusal);
  const auto body = read_fields(visit.request);
  if (const auto* problem = std::get_if<Problem>(&body)) return visit.fail(*problem);
  const auto& values = std::get<FieldValues>(body);
  if (const auto name = repeated_field(values, action.form))
    return visit.fail({400, fmt::format("The field \"{}\" was sent more than once.", *name)});

  const auto read = early.enter(steps.read, values, db);
  if (const auto* refusal = std::get_if<Refusal>(&read)) return visit.refuse(action, *refusal);
  const auto& call = std::get<0>(read);
  if (const auto* errors = std::get_if<FieldErrors>(&call))
    return invalid(visit, action, *errors, values);

  const auto user_id = early.identity() ? std::optional(early.identity()->user_id) : std::nullopt;
  const auto recognised = recognise(visit.request, values, action.name, user_id, keys_);
  if (const auto* problem = std::get_if<Problem>(&recognised)) return visit.fail(*problem);
  const auto& submission = std::get<std::optional<Submission>>(recognised);

  std::variant<Result, Refusal, Problem> outcome;
  store_.write([&](Transaction& tx) {
    const Gate now = ask(tx);
    if (const auto refusal = now.refusal(action.level())) {
      outcome = *refusal;
      return Verdict::Undo;
    }
    if (auto answered = answered_before(visit, submission, tx)) {
      outcome = *std::move(answered);
    } else {
      std::visit([&](auto entered) { outcome = std::move(entered); },
                 now.enter(std::get<0>(call), tx));
    }
    const auto* result = std::get_if<Result>(&outcome);
    if (result == nullptr || std::holds_alternative<FieldErrors>(*result)) return Verdict::Undo;
    change_session(visit, *result, tx);
    if (submission && !visit.replayed) submissions_.keep(tx, *submission, to_text(*result), site_.now());
    return Verdict::Keep;
  });
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return visit.refuse(action, *refusal);
  if (const auto* problem = std::get_if<Problem>(&outcome)) return visit.fail(*problem);
  return respond(visit, action, std::get<Result>(outcome), values);
}

std::optional<std::variant<Result, Refusal, Problem>> Dispatcher::answered_before(
    Visit& visit, const std::optional<Submission>& submission, Transaction& tx) const {
  if (!submission) return std::nullopt;
  const auto earlier = submissions_.find(tx, submission->id, site_.now());
  if (!earlier) return std::nullopt;
  if (earlier->fingerprint == submission->fingerprint) {
    visit.replayed = true;
    return result_from_text(earlier->result);
  }
  // A page that was gone back to and edited is a new submission; a script has made a mistake.
  if (!submission->from_script) return std::nullopt;
  return Problem{409, "This Idempotency-Key was used before, with other fields."};
}

void Dispatcher::change_session(Visit& visit, const Result& result, Transaction& tx) const {
  const auto* start = std::get_if<StartSession>(&result);
  if (start == nullptr && !std::holds_alternative<EndSession>(result)) return;
  if (visit.session) sessions_.end(tx, *visit.session);
  const bool https = visit.request.https;
  visit.set_cookie = set_session_cookie("", std::chrono::seconds(0), https);
  if (start == nullptr) return;
  const SessionId session = SessionId::make();
  const Time now = site_.now();
  sessions_.start(tx, session, start->user_id, now, now + site_.session_life);
  visit.set_cookie = set_session_cookie(sign(session, keys_), site_.session_life, https);
  visit.record.user_id = start->user_id;
}

Response Dispatcher::respond(Visit& visit, const Action& action, const Result& result,
                             const FieldValues& values) const {
  if (const auto* errors = std::get_if<FieldErrors>(&result))
    return invalid(visit, action, *errors, values);
  if (const auto* data = std::get_if<Data>(&result)) {
    const bool in_page = visit.media == Media::Html && !action.form.page.empty();
    if (!in_page) return to_response(*data, visit.media);
    return page(gate(store_.reader(), visit), action, 200, {.action = action.name, .data = &data->values});
  }
  if (const auto* start = std::get_if<StartSession>(&result))
    return to_response(Redirect{start->to}, visit.media);
  if (const auto* end = std::get_if<EndSession>(&result))
    return to_response(Redirect{end->to}, visit.media);
  return to_response(std::get<Redirect>(result), visit.media);
}

Response Dispatcher::invalid(Visit& visit, const Action& action, const FieldErrors& errors,
                             const FieldValues& values) const {
  visit.record.reason = "invalid fields";
  const Problem problem{.status = 422,
                        .detail = "Some fields are not right.",
                        .errors = errors.messages,
                        .reason = "invalid fields"};
  if (visit.media != Media::Html || action.form.page.empty()) return visit.fail(problem);
  return page(gate(store_.reader(), visit), action, 422, {.action = action.name, .values = &values, .errors = &errors});
}

Response Dispatcher::show_page(Visit& visit, const Action& action) const {
  const Gate early = gate(store_.reader(), visit);
  if (const auto refusal = early.refusal(action.level())) return visit.refuse(action, *refusal);
  return std::visit(
      [&](const auto& steps) {
        if (!steps.load) return page(early, action, 200, {.action = action.name});
        std::variant<FieldValues, Refusal> loaded;
        store_.snapshot([&](Reader& db) { loaded = early.enter(steps.load, db); });
        if (const auto* refusal = std::get_if<Refusal>(&loaded))
          return visit.refuse(action, *refusal);
        return page(early, action, 200, {.action = action.name, .values = &std::get<FieldValues>(loaded)});
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

Response Dispatcher::me(Visit& visit) const {
  const Gate asked = gate(store_.reader(), visit);
  const nlohmann::ordered_json user{{"user", to_json(asked.identity(), site_.now())}};
  return to_response(json_type, user.dump() + "\n");
}

}  // namespace actiond
