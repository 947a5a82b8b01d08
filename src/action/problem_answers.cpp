#include "action/problem_answers.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "forms/field.h"
#include "http/accept.h"
#include "http/answer.h"

namespace actiond {
namespace {

constexpr std::string_view not_found_page = "404.html";
constexpr std::string_view folder = "errors/";

}  // namespace

bool is_page_of_problem(std::string_view page) {
  return page == not_found_page || page.starts_with(folder);
}

Response ProblemAnswers::give(const Problem& problem, Media media, const Request& request,
                              const Viewer* viewer) const {
  if (media == Media::Html)
    if (const auto page = page_of(problem.status))
      return to_response(problem, html_type, fill(*page, problem, request, viewer));
  return to_response(problem, media, request.id, words_for(request));
}

std::string ProblemAnswers::language_of(std::string_view page) const try {
  return page.empty() ? "" : find_page_(page)->lang();
} catch (const std::runtime_error&) {
  return "";
}

const Words& ProblemAnswers::words_for(const Request& request) const {
  return languages_.of(preferred_language(request.header("accept-language").value_or("")));
}

std::shared_ptr<const Page> ProblemAnswers::page_of(int status) const {
  const std::string own =
      status == 404 ? std::string(not_found_page) : fmt::format("{}{}.html", folder, status);
  for (const std::string& name : {own, fmt::format("{}{}.html", folder, status / 100 * 100)}) try {
      return find_page_(name);
    } catch (const std::exception&) {
      // Not there, or not to be read: the next one, since there has to be an answer.
    }
  return nullptr;
}

std::string ProblemAnswers::fill(const Page& page, const Problem& problem, const Request& request,
                                 const Viewer* viewer) const {
  const Words& words = languages_.of(page.lang());
  // On one line: the detail may quote what was sent.
  const std::map<std::string, std::string> data{{"detail", to_one_line(words.say(problem.detail))},
                                                {"status", std::to_string(problem.status)},
                                                {"request-id", request.id}};
  const FieldErrors errors{problem.errors};
  const Fresh fresh{request.id, std::to_string(clock_().time_since_epoch().count())};
  return page.fill({.action = {},
                    .errors = &errors,
                    .data = &data,
                    .viewer = viewer,
                    .fresh = &fresh,
                    .languages = &languages_});
}

}  // namespace actiond
