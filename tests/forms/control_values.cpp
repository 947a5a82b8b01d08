// usage: control_values FILE
// Reads what a browser's controls sent, a JSON array of {"kind", "rules", "values"}, and writes the
// verdict of a form with these rules on each, an array of null (taken) or the message.  In place of
// kind and rules stands {"page"}, the page whose form was sent, each control of which is named x:
// then the form is made of it.  For tests/browser/controls.mjs.
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "forms/control_rules.h"
#include "forms/form.h"
#include "http/words.h"
#include "page/outline.h"

namespace {

using actiond::Format;
using actiond::Kind;
using actiond::Rules;
using nlohmann::json;

// The texts that the rules point to.
struct Control {
  std::vector<std::string> options;
  Rules rules;
};

void read_rules(const json& from, Control& control) {
  static const std::map<std::string, Format> formats{
      {"email", Format::Email}, {"url", Format::Url}, {"password", Format::Password}};
  Rules& rules = control.rules;
  rules.required = from.value("required", false);
  rules.min = from.value("min", 0);
  if (from.contains("max")) rules.max = from["max"].get<std::int64_t>();
  if (from.contains("format")) rules.format = formats.at(from["format"]);
  for (const auto& option : from.value("one_of", json::array())) control.options.push_back(option);
  rules.one_of.assign(control.options.begin(), control.options.end());
}

template <class Read>
json verdict(const std::variant<Read, actiond::Wrong>& read) {
  const auto* wrong = std::get_if<actiond::Wrong>(&read);
  return wrong ? json(actiond::in_english(wrong->message)) : json(nullptr);
}

json judge(const std::string& kind, const std::vector<std::string>& values, const Rules& rules) {
  const std::string last = values.empty() ? "" : values.back();
  if (kind == "number") return verdict(actiond::read_number(last, rules));
  if (kind == "date") return verdict(actiond::read_date(last, rules));
  if (kind == "checkbox") return verdict(actiond::read_checkbox(last, rules));
  if (kind == "list") return verdict(actiond::read_list(values, rules));
  return verdict(actiond::read_text(last, rules));
}

json judge_page(const std::string& html, const std::vector<std::string>& values) {
  std::vector<actiond::WrittenControl> written;
  const actiond::PageOutline outline = actiond::outline_of(html, {"/x.html", {}});
  for (const auto& control : outline.forms.at(0).controls) written.push_back(control.written);
  try {
    const actiond::ControlRules control("x", written);
    actiond::FieldValues sent;
    for (const std::string& value : values) sent.push_back({"x", value});
    const actiond::FieldDescription& field = control.description();
    return verdict(control.read(actiond::values_of(sent, field.name, field.kind, field.rules)));
  } catch (const actiond::WrongControl& wrong) {
    return json(std::string("no form: ") + wrong.what());
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: control_values FILE\n";
    return 2;
  }
  std::ifstream file(arguments[1]);
  json verdicts = json::array();
  for (const json& one : json::parse(file)) {
    if (one.contains("page")) {
      verdicts.push_back(judge_page(one["page"], one["values"]));
      continue;
    }
    Control control;
    read_rules(one["rules"], control);
    verdicts.push_back(judge(one["kind"], one["values"], control.rules));
  }
  std::cout << verdicts.dump() << "\n";
}
