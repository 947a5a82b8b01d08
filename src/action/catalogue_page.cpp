#include <fmt/format.h>

#include "action/catalogue.h"
#include "action/submission.h"
#include "base/encoding.h"
#include "http/answer.h"

namespace actiond {
namespace {

// "first-name" becomes "First name".
std::string label_of(std::string_view name) {
  std::string label(name);
  for (char& c : label)
    if (c == '-' || c == '_') c = ' ';
  if (!label.empty() && label[0] >= 'a' && label[0] <= 'z')
    label[0] = static_cast<char>(label[0] - 32);
  return label;
}

std::string options(const FieldDescription& field) {
  std::string html;
  for (const std::string_view option : field.rules.one_of)
    html += fmt::format("    <option>{}</option>\n", to_html(option));
  return html;
}

// Of a number, a date, a time or a colour that a control of a page asks for.
std::string measured(const FieldDescription& field, std::string_view common) {
  const ControlSchema& control = field.control;
  std::string html = fmt::format("  <input type=\"{}\" {}", control.type, common);
  if (!control.least.empty()) html += fmt::format(" min=\"{}\"", control.least);
  if (!control.most.empty()) html += fmt::format(" max=\"{}\"", control.most);
  if (control.step) html += fmt::format(" step=\"{}\"", *control.step);
  if (control.is_number && !control.step) html += " step=\"any\"";
  return html + ">\n";
}

std::string accept_of(const FieldDescription& field) {
  const std::string accept = field.rules.types.empty()
                                 ? field.control.accept
                                 : fmt::format("{}", fmt::join(field.rules.types, ","));
  return accept.empty() ? "" : fmt::format(" accept=\"{}\"", to_html(accept));
}

std::string control(const FieldDescription& field) {
  const Rules& rules = field.rules;
  const std::string name = to_html(field.name);
  const std::string common =
      fmt::format("id=\"{0}\" name=\"{0}\"{1}", name, rules.required ? " required" : "");
  const bool several = field.kind == Kind::List;
  if (!rules.one_of.empty())
    return fmt::format("  <select {}{}>\n{}  </select>\n", common, several ? " multiple" : "",
                       options(field));
  if (!field.control.type.empty()) return measured(field, common);
  if (field.kind == Kind::Checkbox || field.kind == Kind::Date)
    return fmt::format("  <input type=\"{}\" {}>\n", input_type(field), common);
  if (field.kind == Kind::Number)
    return fmt::format("  <input type=\"number\" {} min=\"{}\"{}>\n", common, rules.min,
                       rules.max ? fmt::format(" max=\"{}\"", *rules.max) : "");
  if (field.kind == Kind::File)
    return fmt::format("  <input type=\"file\" {}{}>\n", common, accept_of(field));
  std::string limits = fmt::format("{} maxlength=\"{}\"",
                                   rules.min > 0 ? fmt::format(" minlength=\"{}\"", rules.min) : "",
                                   max_length(rules));
  if (field.control.is_several) limits += " multiple";
  // No <textarea> has one.
  if (!field.control.pattern.empty())
    return fmt::format("  <input type=\"{}\" {}{} pattern=\"{}\">\n", input_type(field), common,
                       limits, to_html(field.control.pattern));
  // More than a line is expected where more than a line may come.
  if (rules.format == Format::Text && !several && max_length(rules) > 200)
    return fmt::format("  <textarea {}{}></textarea>\n", common, limits);
  return fmt::format("  <input type=\"{}\" {}{}>\n", several ? "text" : input_type(field), common,
                     limits);
}

std::string curl_line(const Action& action, std::string_view origin) {
  std::string line = "curl";
  if (action.level() != Level::Public)
    line += action.is_view() ? " -b cookies.txt"
                             : fmt::format(" -b cookies.txt -H 'Origin: {}'", origin);
  line += fmt::format(" {}/actions/{}", origin, action.name);
  if (action.is_view()) return line;
  if (action.form.fields.empty()) return line + " -X POST";
  const bool multipart = has_file_field(action.form);
  for (const FieldDescription& field : action.form.fields) {
    const bool is_file = field.kind == Kind::File;
    if (field.rules.required || is_file)
      line += fmt::format(" {} {}={}…", multipart ? "-F" : "--data-urlencode", field.name,
                          is_file ? "@" : "");
  }
  return line;
}

std::string rules_list(const FormDescription& form, std::string_view mark, const Words& words) {
  if (form.fields.empty()) return "";
  std::string html = "<dl>\n";
  for (const FieldDescription& field : form.fields)
    html += fmt::format("<dt><code>{}{}</code></dt><dd>{}</dd>\n", mark, to_html(field.name),
                        to_html(rules_text(field, words)));
  return html + "</dl>\n";
}

std::string section(const Action& action, std::string_view origin, const Words& words) {
  const std::string level = words.say({"catalogue.level", {{"level", guard_text(action, words)}}});
  std::string html = fmt::format("<h2 id=\"{0}\">{0}</h2>\n<p>{1}", action.name, to_html(level));
  if (action.is_shown())
    html += fmt::format(" <a href=\"/actions/{}\">{}</a>", action.name,
                        to_html(words.say("catalogue.open")));
  html += "</p>\n";
  html += rules_list(action.query, "?", words) + rules_list(action.form, "", words);
  html += fmt::format("<pre><code>{}</code></pre>\n", to_html(curl_line(action, origin)));
  if (action.is_view()) return html;
  return html + fmt::format("<pre><code>{}</code></pre>\n", to_html(form_skeleton(action)));
}

}  // namespace

std::string form_skeleton(const Action& action, std::string_view button) {
  const bool multipart = has_file_field(action.form);
  std::string html = fmt::format("<form method=\"post\" action=\"/actions/{}\"{}>\n", action.name,
                                 multipart ? " enctype=\"multipart/form-data\"" : "");
  html +=
      fmt::format("  <input type=\"hidden\" name=\"{}\" value=\"{}\">\n", once_field, once_word);
  if (action.spam_trap)
    html += fmt::format(
        "  <input type=\"hidden\" name=\"_shown\" value=\"{{shown}}\">\n"
        "  <p class=\"result\"><output name=\"held\"></output></p>\n"
        "  <div class=\"trap\">\n"
        "    <label for=\"{0}\">Leave this empty</label>\n"
        "    <input type=\"text\" id=\"{0}\" name=\"{0}\" tabindex=\"-1\" autocomplete=\"off\">\n"
        "  </div>\n",
        to_html(*action.spam_trap));
  for (const FieldDescription& field : action.form.fields)
    if (field.is_hidden)
      html += fmt::format("  <input type=\"hidden\" name=\"{}\">\n", to_html(field.name));
    else
      html += fmt::format("  <label for=\"{}\">{}</label>\n", to_html(field.name),
                          to_html(label_of(field.name))) +
              control(field);
  return html + fmt::format("  <button>{}</button>\n</form>\n", to_html(button));
}

std::string form_page(const Action& action, int status, const Words& words) {
  const std::string title = words.say(fmt::format("title.{}", status));
  const std::string form = form_skeleton(action, words.say("page.send"));
  return plain_page(title, fmt::format("<h1>{}</h1>\n{}", to_html(title), form), words);
}

std::string catalogue_page(const Catalogue& catalogue, std::string_view origin,
                           const Words& words) {
  const std::string title = words.say("catalogue.title");
  std::string main =
      fmt::format("<h1>{}</h1>\n<p>{} <a href=\"/actions/openapi.json\">OpenAPI</a></p>\n",
                  to_html(title), to_html(words.say("catalogue.intro")));
  for (const Action& action : catalogue.actions()) main += section(action, origin, words);
  return plain_page(title, main, words);
}

}  // namespace actiond
