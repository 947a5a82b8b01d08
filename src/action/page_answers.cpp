#include "action/page_answers.h"

#include <fmt/format.h>

#include <stdexcept>

#include "action/admission.h"
#include "action/note.h"
#include "action/query.h"
#include "action/submission.h"
#include "http/answer.h"

namespace actiond {

Response PageAnswers::give(Visit& visit, const Gate& gate, const Action& action, int status,
                           const Filling& filling) const {
  std::shared_ptr<const Page> own;
  if (!visit.place.page.empty()) try {
      own = find_page_(name_of_page(action, visit.place));
    } catch (const std::runtime_error& error) {
      // A page that was removed takes nothing with it that the visitor typed.
      if (status < 400 || action.is_view()) throw;
      visit.record.reason += fmt::format("; {}", error.what());
    }
  if (own) return fill(visit, gate, *own, key_of(visit, action, filling), status, filling);
  return give_form(visit, gate, action, status, filling);
}

Response PageAnswers::give_form(Visit& visit, const Gate& gate, const Action& action, int status,
                                const Filling& filling) const {
  const Page plain(form_page(action, status, visit.problems.words_for(visit.request)));
  return fill(visit, gate, plain, key_of(visit, action, filling), status, filling);
}

std::string PageAnswers::key_of(const Visit& visit, const Action& action,
                                const Filling& filling) const {
  const bool has_own = !filling.own_action.empty();
  const bool is_of_user = action.level() != Level::Public ||
                          (has_own && visit.place.filled_by->level() != Level::Public);
  return fmt::format("{}{}{}", visit.request.id, is_of_user ? std::string(1, user_mark) : "",
                     places_.mark_of(visit.place));
}

std::string PageAnswers::name_of_page(const Action& action, const FormPlace& place) const {
  if (place.filled_by != nullptr || action.more_pages.empty()) return place.page;
  return page_that_comes_back(action, place.page,
                              [this](const std::string& page) -> std::optional<std::string> {
                                try {
                                  return find_page_(page)->lang();
                                } catch (const std::runtime_error&) {
                                  return std::nullopt;
                                }
                              });
}

std::optional<Response> PageAnswers::give_static(Visit& visit, const Gate& gate,
                                                 std::string_view name) const {
  std::shared_ptr<const Page> page;
  if (name.empty()) return std::nullopt;
  try {
    page = find_page_(name);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
  return fill(visit, gate, *page, visit.request.id, 200, {});
}

Response PageAnswers::fill(Visit& visit, const Gate& gate, const Page& page, std::string key,
                           int status, Filling filling) const {
  const Fresh fresh{std::move(key), std::to_string(clock_().time_since_epoch().count()),
                    way_on(visit.request)};
  filling.fresh = &fresh;
  filling.languages = &visit.problems.languages();
  std::optional<Viewer> viewer;
  if (const auto& identity = gate.identity()) viewer = viewer_of(*identity);
  filling.viewer = viewer ? &*viewer : nullptr;
  static const std::map<std::string, std::string> none;
  if (!filling.data) filling.data = &none;
  std::map<std::string, std::string> with_note;
  if (const auto note = carried_note(visit.request, keys_); note && page.shows(note_output)) {
    with_note = *filling.data;
    with_note[std::string(note_output)] = filling.languages->of(page.lang()).say(*note);
    filling.data = &with_note;
    visit.set_cookies.push_back(take_note_away(visit.request.https));
  }
  Response response(status);
  response.set_header("Content-Type", html_type);
  response.body = page.fill(filling);
  return response;
}

}  // namespace actiond
