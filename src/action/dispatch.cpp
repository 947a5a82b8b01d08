#include "action/dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <future>
#include <stdexcept>
#include <utility>

#include "access/token.h"
#include "base/encoding.h"
#include "forms/body.h"
#include "http/accept.h"
#include "http/browser.h"
#include "http/cookie.h"
#include "http/local_path.h"
#include "http/same_site.h"

namespace actiond {
namespace {

constexpr std::string_view prefix = "/actions/";

// Headers that decide something: of two, somebody else might have believed the other one.
std::optional<std::string_view> repeated_header(const Request& request) {
  constexpr std::array<std::string_view, 7> single{"authorization", "content-type",    "cookie",
                                                   "host",          "idempotency-key", "origin",
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

// Before the commit: an answer that cannot be given must leave nothing written.
void require_local(const Result& result) {
  const std::string* to = destination(result);
  if (to != nullptr && !is_local_path(*to))
    throw std::logic_error("an action redirects to \"" + *to + "\", not on this site");
}

// Answers that leave nothing written.
bool is_refusal(const Result& result) {
  return std::holds_alternative<FieldErrors>(result) || std::holds_alternative<TryLater>(result);
}

Media media_of(const Request& request) { return preferred_media(request.list_header("accept")); }

bool is_reading(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

}  // namespace

Dispatcher::Dispatcher(const Catalogue& catalogue, Store& store, const Sessions& sessions,
                       const Submissions& submissions, const Audit& audit, const Attempts& attempts,
                       const HeldSubmissions& held, const KeyRing& keys, Site site)
    : catalogue_(catalogue), store_(store), sessions_(sessions), submissions_(submissions),
      audit_(audit), attempts_(attempts), held_(held), keys_(keys), site_(std::move(site)) {}

void Dispatcher::answer(Request& request, Reply reply) const {
  const auto visit = std::make_shared<Visit>(Visit{request, media_of(request), std::move(reply)});
  settle(*visit, [&] {
    if (const auto token = session_cookie(request)) {
      visit->session = verify(*token, keys_);
      visit->is_outdated = visit->session && is_signed_by_old_key(*token, keys_);
    }
    return route(visit);
  });
}

Response Dispatcher::answer(Request& request) const {
  const auto promise = std::make_shared<std::promise<Response>>();
  answer(request, [promise](Response response) { promise->set_value(std::move(response)); });
  store_.commit();
  return promise->get_future().get();
}

void Dispatcher::turn_away(Request& request, Reply reply) const {
  Visit visit{request, media_of(request), std::move(reply)};
  settle(visit, [&]() -> Now {
    if (request.path.starts_with(prefix))
      find_action(visit, std::string_view(request.path).substr(prefix.size()));
    throw Unavailable("too many wait for their turn");
  });
}

bool Dispatcher::takes_long(const Request& request) const {
  if (is_reading(request) || !request.path.starts_with(prefix)) return false;
  const Action* action = catalogue_.find(std::string_view(request.path).substr(prefix.size()));
  if (action == nullptr) return false;
  // A try is written down before it is made.
  if (action->guess_limit) return true;
  return std::visit([](const auto& steps) { return steps.read_takes_long; }, action->steps);
}

// The one place that catches, and that completes an answer.
void Dispatcher::settle(Visit& visit, const std::function<Now()>& respond) const {
  const auto failed = [&visit](std::string reason) {
    return visit.fail({.status = 500,
                       .detail = "Something failed on our side; nothing was saved.",
                       .reason = std::move(reason)});
  };
  Now now = [&]() -> Now {
    try {
      return respond();
    } catch (const Unavailable& error) {
      return visit.fail({.status = 503,
                         .detail = "Busy right now; nothing was saved. Try again in a moment.",
                         .reason = error.what()});
    } catch (const std::exception& error) {
      return failed(error.what());
    } catch (...) {
      return failed("something was thrown that is no exception");
    }
  }();
  if (!now) return;
  Response response = *std::move(now);
  response.set_header("X-Request-Id", visit.request.id);
  response.set_header("Cache-Control", "no-store");
  response.set_header("Vary", "Accept, Cookie");
  if (response.status() < 400)
    for (const std::string& cookie : visit.set_cookies) response.set_header("Set-Cookie", cookie);
  if (response.status() < 400 && visit.replayed) response.set_header("Idempotent-Replayed", "true");
  response.record = std::move(visit.record);
  visit.reply(std::move(response));
}

// The log and the counters name it from then on.
const Action* Dispatcher::find_action(Visit& visit, std::string_view name) const {
  const Action* action = catalogue_.find(name);
  if (action == nullptr) return nullptr;
  visit.record.action = action->name;
  visit.record.level = to_text(action->level());
  visit.request.found(name);
  return action;
}

Dispatcher::Now Dispatcher::route(const std::shared_ptr<Visit>& shared) const {
  Visit& visit = *shared;
  const Request& request = visit.request;
  if (const auto name = repeated_header(request))
    return visit.fail({.status = 400,
                       .detail = fmt::format("The header {} was sent more than once.", *name),
                       .reason = "repeated header"});
  if (!request.path.starts_with(prefix)) return visit.fail({404, "There is no such action."});
  const std::string_view name = std::string_view(request.path).substr(prefix.size());
  const Action* action = find_action(visit, name);
  const bool built_in = name.empty() || name == "me" || name == "openapi.json";
  if (action == nullptr && !built_in) return visit.fail({404, "There is no such action."});
  if (built_in) request.found(name);
  if (auto refusal = cross_site_refusal(request, site_.origins))
    return visit.fail({.status = 403, .detail = *refusal, .reason = "cross-site"});

  const bool has_page = built_in || !action->form.page.empty();
  if (has_page && is_reading(request))
    return built_in ? show_built_in(visit, name) : show_page(visit, *action);
  if (action != nullptr && request.method == "POST")
    return std::visit([&](const auto& steps) { return run(shared, *action, steps); },
                      action->steps);
  const std::string allow = built_in ? "GET, HEAD" : has_page ? "GET, HEAD, POST" : "POST";
  return visit.fail({.status = 405, .detail = "Allowed here: " + allow + ".", .allow = allow});
}

Gate Dispatcher::gate(Reader& db, Visit& visit) const {
  Gate gate(db, sessions_, visit.session, site_.now());
  if (gate.identity()) note_use(visit, *gate.identity());
  return gate;
}

void Dispatcher::note_use(Visit& visit, const Identity& identity) const {
  visit.record.user_id = identity.user_id;
  const Time now = identity.asked_at;
  if (site_.note_seen && identity.seen_at + seen_to_within <= now)
    site_.note_seen(identity.session, now);
  // The same session under the key that signs now, so that the old one can be dropped.
  if (visit.is_outdated && visit.set_cookies.empty())
    visit.set_cookies = {set_session_cookie(sign(identity.session, keys_), identity.ends_at - now,
                                            visit.request.https)};
}

// A public action does not care who comes: no read for it.
template <class... Proof>
Gate Dispatcher::ask(Reader& db, Visit& visit) const {
  if constexpr (sizeof...(Proof) == 0)
    return Gate(db, sessions_, std::nullopt, site_.now());
  else
    return gate(db, visit);
}

template <class... Proof>
struct Dispatcher::Turn {
  std::shared_ptr<Visit> visit;
  const Action& action;
  FieldValues values;
  std::optional<Submission> submission;
  typename Steps<Proof...>::Call call;  // empty: it was answered before
  Outcome outcome = Refusal::NotSignedIn;
};

template <class... Proof>
Dispatcher::Now Dispatcher::run(const std::shared_ptr<Visit>& shared, const Action& action,
                                const Steps<Proof...>& steps) const {
  Visit& visit = *shared;
  Reader& db = store_.reader();
  const Gate early = ask<Proof...>(db, visit);
  if (const auto refusal = early.refusal(action.level())) return visit.refuse(action, *refusal);
  visit.request.enter(Phase::Body);
  auto body = read_fields(visit.request, action.form, site_.new_file_bytes);
  if (const auto* problem = std::get_if<Problem>(&body)) return visit.fail(*problem);
  auto& values = std::get<FieldValues>(body);
  if (const auto name = repeated_field(values, action.form))
    return visit.fail({.status = 400,
                       .detail = fmt::format("The field \"{}\" was sent more than once.", *name),
                       .reason = "repeated field"});

  if (steps.read_takes_long || action.guess_limit) visit.request.enter(Phase::Work);
  if (steps.read_takes_long) require_time(visit);
  if (const auto later = count_try(visit, action, values, early.identity()))
    return too_often(visit, action, *later, values);
  const auto user_id = early.identity() ? std::optional(early.identity()->user_id) : std::nullopt;
  auto recognised = recognise(visit.request, values, action.name, user_id, keys_);
  if (const auto* problem = std::get_if<Problem>(&recognised)) return visit.fail(*problem);
  auto& submission = std::get<std::optional<Submission>>(recognised);
  typename Steps<Proof...>::Call call;
  // What was checked and answered before is not checked again, with a password that is another now.
  if (!steps.read_takes_long || !answered_before(submission, early, db)) {
    auto read = early.enter(steps.read, values, db);
    if (const auto* refusal = std::get_if<Refusal>(&read)) return visit.refuse(action, *refusal);
    if (const auto* errors = std::get_if<FieldErrors>(&std::get<0>(read)))
      return invalid(visit, action, *errors, values);
    call = std::get<0>(std::get<0>(std::move(read)));
    if (action.spam_trap && looks_like_spam(values, *action.spam_trap, site_.now()))
      call = [this, name = action.name, fields = declared_fields(values, action.form)](
                 const Proof&..., Transaction& tx) -> Result {
        held_.hold(tx, name, fields, site_.now());
        return Data{
            {{"held", "Thank you. Somebody will look at it first, since it looks like spam."}}};
      };
  }
  // What a handler may keep is on disk before it holds up other writers.
  for (const FieldValue& value : values)
    if (value.file) value.file->bytes->sync();

  const auto turn = std::make_shared<Turn<Proof...>>(
      Turn<Proof...>{shared, action, std::move(values), std::move(submission), std::move(call)});
  visit.request.enter(Phase::Queue);
  store_.queue(
      [this, turn](Transaction& tx) {
        turn->visit->request.enter(Phase::Write);
        const Verdict verdict = write(*turn, tx);
        turn->visit->request.enter(Phase::Commit);
        return verdict;
      },
      [this, turn](std::exception_ptr error) {
        turn->visit->request.enter(Phase::Answer);
        settle(*turn->visit, [&]() -> Now {
          if (error) std::rethrow_exception(error);
          return respond(*turn->visit, turn->action, turn->outcome, turn->values);
        });
      });
  return std::nullopt;
}

// After it the visitor was told that nothing was saved; so nothing is.
void Dispatcher::require_time(const Visit& visit) const {
  if (site_.now() > visit.request.deadline) throw Unavailable("the turn came too late");
}

template <class... Proof>
Verdict Dispatcher::write(Turn<Proof...>& turn, Transaction& tx) const {
  Visit& visit = *turn.visit;
  require_time(visit);
  const Gate now = ask<Proof...>(tx, visit);
  const auto answered = answered_before(turn.submission, now, tx);
  // What is refused now was allowed a moment ago: the access ended meanwhile.  Unless the same
  // submission came twice at once, and it was the other one that ended the session.
  if (const auto refusal = now.refusal(turn.action.level());
      refusal && !(refusal == Refusal::NotSignedIn && answered && answered->changed_session())) {
    turn.outcome = *refusal;
    return Verdict::Undo;
  }
  if (answered) {
    turn.outcome = answered->outcome;
    give_again(visit, *answered, tx);
    return Verdict::Keep;
  }
  if (!turn.call) throw Unavailable("the answer that was there a moment ago is gone");
  std::visit([&](auto entered) { turn.outcome = std::move(entered); }, now.enter(turn.call, tx));
  const auto* result = std::get_if<Result>(&turn.outcome);
  if (result == nullptr || is_refusal(*result)) return Verdict::Undo;
  require_local(*result);
  const auto session = change_session(visit, *result, tx);
  if (turn.submission)
    submissions_.keep(tx, *turn.submission, to_text(*result), session, site_.now());
  if (turn.action.is_audited())
    audit_.record(tx, {site_.now(), visit.request.id, turn.action.name, visit.record.user_id,
                       outcome_of(*result)});
  return Verdict::Keep;
}

std::optional<SessionId> Dispatcher::change_session(Visit& visit, const Result& result,
                                                    Transaction& tx) const {
  if (!changes_session(result)) return std::nullopt;
  const auto* start = std::get_if<StartSession>(&result);
  if (visit.session) sessions_.end(tx, *visit.session);
  const bool https = visit.request.https;
  visit.set_cookies = {set_session_cookie("", std::chrono::seconds(0), https)};
  if (start == nullptr) return std::nullopt;
  const SessionId session = SessionId::make();
  const Time now = site_.now();
  sessions_.start(tx, session, start->user_id, now, now + site_.session_life,
                  browser_of(visit.request.header("user-agent").value_or("")));
  visit.set_cookies = {set_session_cookie(sign(session, keys_), site_.session_life, https)};
  forgive_try(visit, tx);
  visit.record.user_id = start->user_id;
  return session;
}

}  // namespace actiond
