#include "action/form_places.h"

#include <fmt/format.h>

#include <algorithm>

#include "action/problem_answers.h"
#include "action/query.h"
#include "action/router.h"
#include "action/submission.h"
#include "http/local_path.h"

namespace actiond {
namespace {

constexpr std::string_view actions = "/actions/";

// As nginx finds it.
std::string page_in(std::string_view path) {
  std::string page = page_at(path);
  if (page.empty() || page.ends_with('/')) page += "index.html";
  return page;
}

std::string address_of(const Action& action, const FieldValues& query) {
  std::string address = fmt::format("{}{}", actions, action.name);
  if (query.empty()) return address;
  std::string asked = fmt::format("{}?{}", address, query_of(query));
  return is_local_path(asked) ? asked : address;
}

}  // namespace

FormPlaces::FormPlaces(const Catalogue& catalogue, std::vector<std::string> origins)
    : catalogue_(catalogue), origins_(std::move(origins)) {
  for (const Action& action : catalogue.actions())
    if (action.show && !action.form.page.empty()) fillers_.emplace(action.form.page, &action);
  for (const Action& action : catalogue.actions()) {
    if (action.show || (action.more_pages.empty() && !fillers_.contains(action.form.page)))
      continue;
    marked_.insert(action.form.page);
    marked_.insert(action.more_pages.begin(), action.more_pages.end());
  }
}

FormPlace FormPlaces::of(const Action& action, const Request& request) const {
  const std::string_view referer = request.header("referer").value_or("");
  if (!is_reading(request))
    for (const std::string& origin : origins_)
      if (referer.starts_with(origin))
        if (auto place = find(action, referer.substr(origin.size()))) return *std::move(place);
  return make(action, action.form.page, filler_of(action.form.page), "");
}

std::optional<FormPlace> FormPlaces::marked(const Action& action, const FieldValues& values) const {
  return find(action, address_sent_from(values));
}

FormPlace FormPlaces::shown(const Action& action, FieldValues query) const {
  return {action.form.page, address_of(action, query), nullptr, std::move(query)};
}

std::string FormPlaces::mark_of(const FormPlace& place) const {
  if (!marked_.contains(place.page)) return "";
  const auto fits = [](std::string_view mark) { return mark.size() <= max_mark_bytes; };
  if (fits(place.address)) return place.address;
  std::string path = place.address.substr(0, place.address.find('?'));
  return fits(path) ? path : "";
}

std::optional<FormPlace> FormPlaces::find(const Action& action, std::string_view address) const {
  if (!address.starts_with('/')) return std::nullopt;
  address = address.substr(0, address.find('#'));
  const std::size_t end = std::min(address.find('?'), address.size());
  const std::string_view path = address.substr(0, end);
  const std::string_view query = address.substr(std::min(end + 1, address.size()));
  if (path.starts_with(actions)) {
    const Action* shown = catalogue_.find(path.substr(actions.size()));
    if (shown == nullptr || !shown->show || !action.stands_in(shown->form.page))
      return std::nullopt;
    return make(action, shown->form.page, shown, query);
  }
  std::string page = page_in(path);
  if (!action.stands_in(page)) return std::nullopt;
  const Action* filler = filler_of(page);
  return make(action, std::move(page), filler, query);
}

FormPlace FormPlaces::make(const Action& action, std::string page, const Action* filled_by,
                           std::string_view query) const {
  if (page.empty()) return {};
  if (action.show) return shown(action, {});
  if (filled_by == nullptr) return {page, path_of_page(page)};
  Request asked;
  asked.query = query;
  auto read = read_query(asked, filled_by->query);
  auto* known = std::get_if<Query>(&read);
  FormPlace place = shown(*filled_by, known ? std::move(known->values) : FieldValues());
  place.filled_by = filled_by;
  return place;
}

const Action* FormPlaces::filler_of(std::string_view page) const {
  const auto found = fillers_.find(page);
  return found == fillers_.end() ? nullptr : found->second;
}

std::string page_that_comes_back(const Action& action, const std::string& page,
                                 const LangOf& lang_of) {
  const auto lang = lang_of(page);
  if (lang == lang_of(action.form.page)) return action.form.page;
  for (const std::string& other : action.more_pages)
    if (!is_page_of_problem(other) && lang_of(other) == lang) return other;
  return action.form.page;
}

}  // namespace actiond
