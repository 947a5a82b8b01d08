#include "action/result_answer.h"

#include <fmt/format.h>

#include <stdexcept>

#include "base/encoding.h"
#include "http/answer.h"
#include "http/local_path.h"

namespace actiond {
namespace {

// As a shell splits it: a value with white space or quotes is quoted as in JSON.
std::string to_word(const std::string& value) {
  const bool plain = !value.empty() && value.find_first_of(" \t\r\n\"\\'") == value.npos;
  if (plain) return value;
  std::string quoted;
  append_json(quoted, value);
  return quoted;
}

// {"ok":true,"location":"/…","note":"…"}
std::string moved_json(std::string_view to, std::string_view note = "") {
  std::string json = "{\"ok\":true,";
  append_member(json, "location", to);
  if (!note.empty()) append_member(json, "note", note);
  end_members(json, '}');
  return json += '\n';
}

// {"ok":true,"data":{"report":"17"}}
std::string data_json(const Data& data) {
  std::string json = "{\"ok\":true,\"data\":{";
  for (const auto& [name, value] : data.values) append_member(json, name, value);
  end_members(json, '}');
  return json += "}\n";
}

}  // namespace

Response to_response(const Leave& leave, Media media) {
  switch (media) {
    case Media::Html: break;
    case Media::Json: return to_response(json_type, moved_json(leave.address));
    case Media::Text: return to_response(text_type, fmt::format("ok location={}\n", leave.address));
  }
  Response response(303);
  response.set_header("Location", leave.address);
  return response;
}

Response to_response(const Redirect& redirect, Media media, const Words& words) {
  if (!is_local_path(redirect.to))
    throw std::invalid_argument("an action redirects to \"" + redirect.to + "\", not on this site");
  switch (media) {
    case Media::Html: break;
    case Media::Json:
      return to_response(
          json_type,
          moved_json(redirect.to, redirect.note.empty() ? "" : words.say(redirect.note)));
    case Media::Text: return to_response(text_type, "ok\n");
  }
  Response response(303);
  response.set_header("Location", redirect.to);
  return response;
}

Response to_response(const Data& data, Media media, const Words& words) {
  if (media == Media::Json) return to_response(json_type, data_json(data));
  if (media == Media::Text) {
    std::string line = "ok";
    for (const auto& [name, value] : data.values) line += " " + name + "=" + to_word(value);
    return to_response(text_type, line + "\n");
  }
  const std::string title = words.say("page.done");
  std::string main = fmt::format("<h1>{}</h1>\n<dl>\n", to_html(title));
  for (const auto& [name, value] : data.values)
    main += fmt::format("<dt>{}</dt><dd>{}</dd>\n", to_html(name), to_html(value));
  return to_response(html_type, plain_page(title, main + "</dl>\n", words));
}

}  // namespace actiond
