#include "action/dispatch.h"

#include <fmt/format.h>

#include <future>
#include <utility>

#include "action/try_later.h"
#include "http/accept.h"
#include "page/frame.h"

namespace actiond {
namespace {

Media media_of(const Request& request) { return preferred_media(request.list_header("accept")); }

// The log and the counters name the action from then on.
void note_action(Visit& visit, const Action& action) {
  // Read when it is asked for: few requests order a mail.
  visit.language = [&visit] { return visit.problems.language_of(visit.place.page); };
  visit.record.action = action.name;
  visit.record.declared = action.declared;
  visit.record.level = to_text(action.level());
  visit.request.found(action.name);
}

// The page below the static root that nginx serves for `path`; "" for what is no page, which nginx
// does not ask for.
std::string static_page(std::string_view path) {
  const bool is_page = path.ends_with(".html") || path.ends_with('/');
  if (!path.starts_with('/') || !is_page || path.find("/.") != path.npos) return "";
  if (path.substr(1).starts_with(frame_folder)) return "";
  return fmt::format("{}{}", path.substr(1), path.ends_with('/') ? "index.html" : "");
}

// A submission that has a key is safe to send again.
Problem outcome_unknown(const Turn& turn, std::string reason) {
  return {.status = 503,
          .detail = turn.submission ? "answer.unknown" : "answer.unknown_without_key",
          .is_outcome_unknown = true,
          .reason = std::move(reason)};
}

// Whatever `respond` throws becomes a response.
std::optional<Response> respond_or_fail(Visit& visit,
                                        const std::function<std::optional<Response>()>& respond) {
  const auto failed = [&visit](std::string reason) {
    return visit.fail({.status = 500, .detail = "answer.failed", .reason = std::move(reason)});
  };
  try {
    return respond();
  } catch (const Unavailable& error) {
    return visit.fail({.status = 503, .detail = "answer.busy", .reason = error.what()});
  } catch (const std::exception& error) {
    return failed(error.what());
  } catch (...) {
    return failed("something was thrown that is no exception");
  }
}

}  // namespace

Dispatcher::Dispatcher(const Catalogue& catalogue, Store& store, const Rows& rows,
                       const KeyRing& keys, const Means& means)
    : store_(store), problems_(means.page, means.languages, means.clock),
      router_(catalogue, means.origins),
      admission_(rows.sessions, rows.tokens, keys, means.clock, means.note_seen),
      places_(catalogue, means.origins),
      answers_(store, admission_, keys, places_, {places_, keys, means.page, means.clock}),
      built_in_(catalogue, admission_, means.origins.front(), means.catalogue_shows),
      tries_(store, rows.attempts, keys, means.clock),
      once_(rows.submissions, rows.sessions, keys, means.clock),
      session_change_(rows.sessions, keys, tries_, means.clock, means.session_life),
      intake_(admission_, places_, tries_, once_, rows.held, means.new_file_bytes, means.clock),
      execution_(admission_, tries_, once_, session_change_, rows.audit, rows.sent, means.clock) {}

void Dispatcher::answer(Request& request, Reply reply) const {
  const auto visit =
      std::make_shared<Visit>(Visit{request, media_of(request), std::move(reply), problems_});
  settle(*visit, [&] { return route(visit); });
}

Response Dispatcher::answer(Request& request) const {
  const auto promise = std::make_shared<std::promise<Response>>();
  answer(request, [promise](Response response) { promise->set_value(std::move(response)); });
  store_.commit();
  return promise->get_future().get();
}

void Dispatcher::turn_away(Request& request, Reply reply) const {
  Visit visit{request, media_of(request), std::move(reply), problems_};
  settle(visit, [&]() -> Now {
    if (const Action* action = router_.action(request)) note_action(visit, *action);
    throw Unavailable("too many wait for their turn");
  });
}

bool Dispatcher::takes_long(const Request& request) const {
  const Action* action = router_.action(request);
  if (action == nullptr) return false;
  if (!is_reading(request)) return action->takes_long();
  return action->prepare || asks_for_export(request, *action);
}

void Dispatcher::settle(Visit& visit, const std::function<Now()>& respond) const {
  Now now = respond_or_fail(visit, respond);
  if (!now) return;
  Response response = *std::move(now);
  response.set_header("X-Request-Id", visit.request.id);
  response.set_header("Cache-Control", response.cache_control);
  response.set_header("Vary", "Accept, Cookie");
  if (response.status() < 400)
    for (const std::string& cookie : visit.set_cookies) response.set_header("Set-Cookie", cookie);
  if (response.status() < 400 && visit.replayed) response.set_header("Idempotent-Replayed", "true");
  if (visit.request.method == "HEAD" && std::exchange(response.rest, nullptr))
    response.body.clear();
  response.record = std::move(visit.record);
  visit.reply(std::move(response));
}

Dispatcher::Now Dispatcher::route(const std::shared_ptr<Visit>& shared) const {
  Visit& visit = *shared;
  Route route = router_.find(visit.request);
  if (route.action != nullptr) {
    note_action(visit, *route.action);
    visit.place = places_.of(*route.action, visit.request);
  } else if (route.name && route.to == Route::To::BuiltIn) {
    visit.request.found(*route.name);
  }
  if (route.refusal) return visit.fail(*route.refusal);
  if (route.to == Route::To::Upload) return bring(visit, *route.name);
  if (auto refusal = admission_.recognise(visit)) return *std::move(refusal);
  Reader& db = store_.reader();
  if (!asks_who(visit, route) || !store_.asks_ahead()) return enter(shared, route, db);
  visit.request.rest();
  store_.ask_ahead([this, &visit](Reader& ahead) { admission_.gate(ahead, visit); },
                   [this, shared, route = std::move(route)](Reader& answered) {
                     shared->request.enter(Phase::Check);
                     settle(*shared, [&] { return enter(shared, route, answered); });
                   });
  return std::nullopt;
}

// Before anything else is read.
bool Dispatcher::asks_who(const Visit& visit, const Route& route) const {
  if (visit.token) return true;
  if (!visit.session) return false;
  switch (route.to) {
    case Route::To::Show:
    case Route::To::Gate: return true;
    case Route::To::Run: return !route.action->guard.asks_nobody();
    case Route::To::BuiltIn: return built_in_.asks_who(*route.name);
    case Route::To::StaticPage:
    case Route::To::Upload: break;
  }
  return false;
}

Dispatcher::Now Dispatcher::enter(const std::shared_ptr<Visit>& shared, const Route& route,
                                  Reader& db) const {
  Visit& visit = *shared;
  if (auto refusal = admission_.admit(visit, route.action, db)) {
    if (refusal->status() == 401) return count_wrong_token(shared, route.to == Route::To::Gate);
    return *std::move(refusal);
  }
  switch (route.to) {
    case Route::To::BuiltIn: return built_in_.show(visit, *route.name, db);
    case Route::To::Show: return answers_.show(visit, *route.action, db);
    case Route::To::StaticPage: return answers_.show_static(visit, static_page(*route.name), db);
    case Route::To::Gate: return built_in_.judge(visit, *route.name, db);
    case Route::To::Upload:
    case Route::To::Run: break;
  }
  return run(shared, *route.action, db);
}

// One that nobody has, or no longer: with a wrong checksum it comes here no more than a forged
// cookie does.  The answer leaves once the try is counted, together with what others write.
Dispatcher::Now Dispatcher::count_wrong_token(const std::shared_ptr<Visit>& visit,
                                              bool is_gate) const {
  const Attempt attempt = tries_.with_token(visit->request);
  const auto refuse = [is_gate](Visit& refused, const std::optional<TryLater>& later) {
    // Of a gate nginx takes 401 and 403 alone.
    return later && !is_gate ? refused.fail(too_often(*later)) : refused.refuse_token();
  };
  if (const auto later = tries_.wait(store_.reader(), attempt)) return refuse(*visit, later);
  const auto later = std::make_shared<std::optional<TryLater>>();
  visit->request.enter(Phase::Queue);
  store_.queue(
      [this, later, attempt](Transaction& tx) {
        tx.in_turn(Tries::turns_of(attempt),
                   [&](Reader& db) { *later = tries_.wait(db, attempt); });
        if (*later) return Verdict::Undo;
        tries_.count(tx, attempt);
        return Verdict::Keep;
      },
      // It is refused as well where it could not be counted.
      [this, visit, later, refuse](const std::exception_ptr&) {
        visit->request.enter(Phase::Answer);
        settle(*visit, [&]() -> Now { return refuse(*visit, *later); });
      });
  return std::nullopt;
}

// nginx asks for an upload that it does not find: whoever knows its name may see it.
Response Dispatcher::bring(Visit& visit, std::string_view name) const {
  if (!store_.bring(name)) return visit.fail({404, "answer.no_such_action"});
  Response response(200);
  response.send_upload(name);
  return response;
}

Dispatcher::Now Dispatcher::run(const std::shared_ptr<Visit>& visit, const Action& action,
                                Reader& db) const {
  const auto turn = std::make_shared<Turn>(Turn{visit, action});
  intake_.take(*turn, db);
  if (turn->outcome) return answers_.give(*turn);
  visit->request.enter(Phase::Queue);
  store_.queue(
      [this, turn, cookies = visit->set_cookies, user_id = visit->record.user_id](Transaction& tx) {
        // An engine that undid it runs it again.
        turn->visit->set_cookies = cookies;
        turn->visit->replayed = false;
        turn->visit->record.user_id = user_id;
        turn->visit->request.enter(Phase::Write);
        const Verdict verdict = execution_.run(*turn, tx);
        turn->visit->request.enter(Phase::Commit);
        return verdict;
      },
      [this, turn](std::exception_ptr error) {
        turn->visit->request.enter(Phase::Answer);
        settle(*turn->visit, [&]() -> Now {
          try {
            if (error) std::rethrow_exception(error);
          } catch (const OutcomeUnknown& unknown) {
            return turn->visit->fail(outcome_unknown(*turn, unknown.what()));
          }
          return answers_.give(*turn);
        });
      },
      action.isolation);
  return std::nullopt;
}

}  // namespace actiond
