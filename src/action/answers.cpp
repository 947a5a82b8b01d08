#include "action/answers.h"

#include <fmt/format.h>

#include "action/result_answer.h"
#include "action/spam.h"
#include "http/answer.h"

namespace actiond {
namespace {

// "20 seconds", "14 minutes": rounded up, so that it is not too early then.
std::string to_words(std::chrono::seconds wait) {
  const bool short_wait = wait < std::chrono::seconds(100);
  const auto count =
      short_wait ? wait.count() : std::chrono::ceil<std::chrono::minutes>(wait).count();
  return fmt::format("{} {}{}", count, short_wait ? "second" : "minute", count == 1 ? "" : "s");
}

Problem invalid(const FieldErrors& errors) {
  return {.status = 422,
          .detail = "Some fields are not right.",
          .errors = errors.messages,
          .reason = "invalid fields"};
}

Problem too_often(const TryLater& later) {
  return {.status = 429,
          .detail = "Too many tries. Try again in " + to_words(later.wait) + ".",
          .retry_after = later.wait,
          .reason = "too many tries"};
}

// Of a browser whose user typed something while the session ended.
bool must_keep_text(const Turn& turn) {
  const SentFrom from = sent_from(turn.values);
  const bool was_signed_in = turn.visit->session || from == SentFrom::PageOfUser;
  return turn.visit->media == Media::Html && from != SentFrom::NoPage && was_signed_in &&
         !declared_fields(turn.values, turn.action.form).empty();
}

}  // namespace

Response Answers::show(Visit& visit, const Action& action) const {
  const Gate gate = admission_.gate(store_.reader(), visit);
  if (const auto refusal = gate.refusal(action.level())) return visit.refuse(action, *refusal);
  const Loaded loaded = load(gate, action);
  return page(visit, gate, action, 200,
              {.action = action.name,
               .values = loaded.values ? &*loaded.values : nullptr,
               .lists = &loaded.lists});
}

Response Answers::give(const Turn& turn) const {
  Visit& visit = *turn.visit;
  if (const auto* refusal = std::get_if<Refusal>(&*turn.outcome)) {
    if (*refusal == Refusal::NotSignedIn && must_keep_text(turn)) return ask_again(turn);
    return visit.refuse(turn.action, *refusal);
  }
  if (const auto* problem = std::get_if<Problem>(&*turn.outcome)) return visit.fail(*problem);
  const auto& result = std::get<Result>(*turn.outcome);
  if (const auto* errors = std::get_if<FieldErrors>(&result))
    return send_back(turn, invalid(*errors), *errors);
  if (const auto* later = std::get_if<TryLater>(&result)) {
    const Problem problem = too_often(*later);
    return send_back(turn, problem, {{{"", problem.detail}}});
  }
  if (const auto* data = std::get_if<Data>(&result)) return show_data(visit, turn.action, *data);
  return to_response(Redirect{*destination(result)}, visit.media);
}

Response Answers::show_data(Visit& visit, const Action& action, const Data& data) const {
  if (visit.media == Media::Html && !action.form.page.empty()) try {
      const Gate gate = admission_.gate(store_.reader(), visit);
      const Loaded loaded = load(gate, action);
      return page(visit, gate, action, 200,
                  {.action = action.name, .data = &data.values, .lists = &loaded.lists});
    } catch (const std::exception& error) {
      // It is done and on disk: a page that fails must not say otherwise.
      visit.record.reason = error.what();
    }
  return to_response(data, visit.media);
}

// Sign-in in another tab: here the text stays.
Response Answers::ask_again(const Turn& turn) const {
  const Problem problem{.status = 401,
                        .detail =
                            "You are not signed in any more, so nothing was saved. Sign in, "
                            "then send this again.",
                        .reason = "not signed in"};
  const Link sign_in{"Sign in (in a new tab)", sign_in_page};
  return send_back(turn, problem, {{{"", problem.detail}}}, &sign_in);
}

Response Answers::send_back(const Turn& turn, const Problem& problem, const FieldErrors& errors,
                            const Link* link) const {
  Visit& visit = *turn.visit;
  const Action& action = turn.action;
  visit.request.enter(Phase::Answer);
  if (visit.media != Media::Html || action.form.page.empty()) return visit.fail(problem);
  visit.record.reason = problem.reason;
  const Gate gate = admission_.gate(store_.reader(), visit);
  Loaded loaded;
  try {
    loaded = load(gate, action);
  } catch (const std::exception& error) {
    // The errors are told all the same, and what was typed is not lost.
    visit.record.reason = error.what();
  }
  Response response = page(visit, gate, action, problem.status,
                           {.action = action.name,
                            .values = &turn.values,
                            .errors = &errors,
                            .lists = &loaded.lists,
                            .link = link});
  if (problem.retry_after)
    response.set_header("Retry-After", std::to_string(problem.retry_after->count()));
  return response;
}

Loaded Answers::load(const Gate& gate, const Action& action) const {
  return std::visit(
      [&](const auto& steps) {
        std::variant<Loaded, Refusal> loaded;
        if (steps.load) store_.snapshot([&](Reader& db) { loaded = gate.enter(steps.load, db); });
        // A visitor whom the gate refuses sees the page as its author wrote it.
        auto* const shown = std::get_if<Loaded>(&loaded);
        return shown != nullptr ? std::move(*shown) : Loaded{};
      },
      action.steps);
}

Response Answers::page(const Visit& visit, const Gate& gate, const Action& action, int status,
                       Filling filling) const {
  std::string key = visit.request.id;
  if (action.level() != Level::Public) key += user_mark;
  const Fresh fresh{std::move(key), std::to_string(clock_().time_since_epoch().count())};
  filling.fresh = &fresh;
  std::optional<Viewer> viewer;
  if (const auto& identity = gate.identity())
    viewer = Viewer{identity->name, identity->email, identity->has_access(identity->asked_at)};
  filling.viewer = viewer ? &*viewer : nullptr;
  Response response(status);
  response.set_header("Content-Type", html_type);
  response.body = find_page_(action.form.page)->fill(filling);
  return response;
}

}  // namespace actiond
