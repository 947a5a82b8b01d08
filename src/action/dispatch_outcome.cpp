// What an action came to, as an answer.
#include "action/dispatch.h"
#include "action/result_answer.h"
#include "http/answer.h"

namespace actiond {

Response Dispatcher::respond(Visit& visit, const Action& action, const Outcome& outcome,
                             const FieldValues& values) const {
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return visit.refuse(action, *refusal);
  if (const auto* problem = std::get_if<Problem>(&outcome)) return visit.fail(*problem);
  const auto& result = std::get<Result>(outcome);
  if (const auto* errors = std::get_if<FieldErrors>(&result))
    return invalid(visit, action, *errors, values);
  if (const auto* later = std::get_if<TryLater>(&result))
    return too_often(visit, action, *later, values);
  if (const auto* data = std::get_if<Data>(&result)) return show_data(visit, action, *data);
  return to_response(Redirect{*destination(result)}, visit.media);
}

Response Dispatcher::show_data(Visit& visit, const Action& action, const Data& data) const {
  if (visit.media == Media::Html && !action.form.page.empty()) try {
      const Gate now = gate(store_.reader(), visit);
      const Loaded loaded = load(now, action);
      return page(now, action, 200,
                  {.action = action.name, .data = &data.values, .lists = &loaded.lists});
    } catch (const std::exception& error) {
      // It is done and on disk: a page that fails must not say otherwise.
      visit.record.reason = error.what();
    }
  return to_response(data, visit.media);
}

Response Dispatcher::invalid(Visit& visit, const Action& action, const FieldErrors& errors,
                             const FieldValues& values) const {
  return sent_back(visit, action,
                   {.status = 422,
                    .detail = "Some fields are not right.",
                    .errors = errors.messages,
                    .reason = "invalid fields"},
                   errors, values);
}

Response Dispatcher::sent_back(Visit& visit, const Action& action, const Problem& problem,
                               const FieldErrors& errors, const FieldValues& values) const {
  visit.request.enter(Phase::Answer);
  if (visit.media != Media::Html || action.form.page.empty()) return visit.fail(problem);
  visit.record.reason = problem.reason;
  const Gate now = gate(store_.reader(), visit);
  Loaded loaded;
  try {
    loaded = load(now, action);
  } catch (const std::exception& error) {
    // What is wrong is told all the same, and what was typed is not lost.
    visit.record.reason = error.what();
  }
  Response response =
      page(now, action, problem.status,
           {.action = action.name, .values = &values, .errors = &errors, .lists = &loaded.lists});
  if (problem.retry_after)
    response.set_header("Retry-After", std::to_string(problem.retry_after->count()));
  return response;
}

}  // namespace actiond
