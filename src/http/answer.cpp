#include "http/answer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/encoding.h"

namespace actiond {
namespace {

constexpr std::optional<std::chrono::seconds> busy_wait = std::chrono::seconds(5);

Response with_body(int status, std::string_view content_type, std::string body) {
  Response response(status);
  response.set_header("Content-Type", content_type);
  response.body = std::move(body);
  return response;
}

// A problem in one language.
struct Said {
  std::string detail;
  std::map<std::string, std::string> errors;  // by field name
};

Said said_in(const Words& words, const Problem& problem) {
  // On one line: it may quote what was sent.
  Said said{to_one_line(words.say(problem.detail)), {}};
  for (const auto& [field, message] : problem.errors) said.errors[field] = words.say(message);
  return said;
}

std::string list_of(const std::map<std::string, std::string>& errors) {
  std::string items;
  for (const auto& [field, message] : errors)
    items += fmt::format("<li>{}{}{}</li>\n", to_html(field), field.empty() ? "" : ": ",
                         to_html(message));
  return "<ul>\n" + items + "</ul>\n";
}

std::string problem_page(int status, const Said& said, std::string_view request_id,
                         const Words& words) {
  const std::string title = words.say(fmt::format("title.{}", status));
  std::string main = fmt::format("<h1>{}</h1>\n<p>{}</p>\n", to_html(title), to_html(said.detail));
  if (!said.errors.empty()) main += list_of(said.errors);
  const std::string id = words.say({"page.request_id", {{"id", std::string(request_id)}}});
  main += fmt::format("<p class=\"meta\">{}</p>\n", to_html(id));
  return plain_page(title, main, words);
}

std::string problem_text(const Said& said, std::string_view request_id) {
  std::string lines;
  for (const auto& [field, message] : said.errors)
    lines += fmt::format("error {}{}{}\n", field, field.empty() ? "" : ": ", message);
  if (!lines.empty()) return lines;
  return fmt::format("error {} (request {})\n", said.detail, request_id);
}

std::string problem_json(const Problem& problem, const Said& said, std::string_view request_id) {
  std::string json = "{";
  append_member(json, "type", "about:blank");
  append_member(json, "title", reason_phrase(problem.status));
  json += fmt::format("\"status\":{},", problem.status);
  append_member(json, "detail", said.detail);
  append_member(json, "requestId", request_id);
  if (!said.errors.empty()) {
    json += "\"errors\":{";
    for (const auto& [field, message] : said.errors) append_member(json, field, message);
    end_members(json, '}');
    json += ',';
  }
  if (problem.is_outcome_unknown) append_member(json, "outcome", "unknown");
  end_members(json, '}');
  return json += '\n';
}

}  // namespace

std::string to_json_text(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string to_json_line(const nlohmann::ordered_json& json) { return to_json_text(json) + "\n"; }

std::string plain_page(std::string_view title, std::string_view main, const Words& words,
                       PageWidth width) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{2}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n"
      "<header><a href=\"/\">{3}</a></header>\n"
      "<main id=\"main\"{4}>\n{1}</main>\n</body>\n</html>\n",
      to_html(title), main, to_html(words.tag()), to_html(words.say("page.home")),
      width == PageWidth::Narrow ? " class=\"narrow\"" : "");
}

Response to_response(const Problem& problem, std::string_view content_type, std::string body) {
  Response response = with_body(problem.status, content_type, std::move(body));
  if (!problem.allow.empty()) response.set_header("Allow", problem.allow);
  if (!problem.challenge.empty()) response.set_header("WWW-Authenticate", problem.challenge);
  const auto wait = problem.status == 503 ? busy_wait : problem.retry_after;
  if (wait) response.set_header("Retry-After", std::to_string(wait->count()));
  return response;
}

Response to_response(const Problem& problem, Media media, std::string_view request_id,
                     const Words& words) {
  const Said said = said_in(words, problem);
  switch (media) {
    case Media::Html:
      return to_response(problem, html_type, problem_page(problem.status, said, request_id, words));
    case Media::Text: return to_response(problem, text_type, problem_text(said, request_id));
    case Media::Json: break;
  }
  return to_response(problem, "application/problem+json", problem_json(problem, said, request_id));
}

Response to_response(std::string_view content_type, std::string body) {
  return with_body(200, content_type, std::move(body));
}

}  // namespace actiond
