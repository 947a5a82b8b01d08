#include "page/parts.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/encoding.h"
#include "page/markup.h"

namespace actiond {
namespace {

// The name of the action that `url` posts to, or nothing.
std::string_view action_of(std::string_view url) {
  constexpr std::string_view prefix = "/actions/";
  url = trimmed(url);
  if (!url.starts_with(prefix)) return {};
  url.remove_prefix(prefix.size());
  return url.substr(0, url.find_first_of("?#"));
}

// HTML 4.10.10, the text of an option, and the same of a label: white space stripped and collapsed.
std::string collapsed(std::string_view text) {
  std::string result;
  bool space = false;
  for (const char c : text) {
    if (is_html_space(c)) {
      space = !result.empty();
      continue;
    }
    if (space) result += ' ';
    space = false;
    result += c;
  }
  return result;
}

ControlKind input_kind(std::string_view type) {
  static const std::map<std::string, ControlKind, std::less<>> kinds{
      {"hidden", ControlKind::Hidden}, {"password", ControlKind::Unkept},
      {"file", ControlKind::Unkept},   {"checkbox", ControlKind::Check},
      {"radio", ControlKind::Check},   {"submit", ControlKind::Button},
      {"image", ControlKind::Button},  {"reset", ControlKind::Button},
      {"button", ControlKind::Button}};
  const auto found = kinds.find(to_lower(type));
  return found == kinds.end() ? ControlKind::Text : found->second;
}

std::optional<ControlKind> control_kind(const Tag& tag) {
  if (tag.name == "input") return input_kind(tag.value("type"));
  if (tag.name == "textarea") return ControlKind::Area;
  if (tag.name == "button") return ControlKind::Button;
  if (tag.name != "select") return std::nullopt;
  return tag.has("multiple") ? ControlKind::Choices : ControlKind::Choice;
}

// New ids that no element of the page has.
class Ids {
 public:
  explicit Ids(std::set<std::string> taken) : taken_(std::move(taken)) {}

  // `wish`, made an id that can stand in a list of ids, with a number when it is taken.
  std::string fresh(std::string_view wish) {
    std::string id;
    for (const char c : wish) {
      const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_';
      id += is_plain ? c : '-';
    }
    if (id.empty() || !((id[0] >= 'a' && id[0] <= 'z') || (id[0] >= 'A' && id[0] <= 'Z')))
      id = "field-" + id;
    std::size_t& count = counts_[id];
    std::string numbered = count == 0 ? id : id + '-' + std::to_string(count + 1);
    while (!taken_.insert(numbered).second) numbered = id + '-' + std::to_string(++count + 1);
    return numbered;
  }
  // The tag's own, if it has one.
  std::string of(const Tag& tag, std::string_view wish) {
    const std::string_view own = tag.value("id");
    return own.empty() ? fresh(wish) : std::string(own);
  }

 private:
  std::set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> counts_;
};

// What an element inherits from those around it.
struct Around {
  std::size_t label = nowhere;
  std::size_t select = nowhere;
  std::size_t repeated = nowhere;  // the element with data-each, which counts as in itself
  bool is_disabled = false;        // inside a disabled fieldset
};

class PartsReader {
 public:
  explicit PartsReader(Markup markup)
      : elements_(std::move(markup.elements)), ids_(std::move(markup.ids)) {
    parts_.main = markup.body;
    look_around();
    find_owners(markup.form_ends);
  }

  PageParts read() {
    bool has_main = false;
    for (std::size_t at = 0; at < elements_.size(); ++at) {
      const Element& element = elements_[at];
      if (!element.is_html) continue;
      if (around_[at].repeated != nowhere) {
        read_repeated(at);
        continue;
      }
      read_control(at);
      if (element.tag.name == "option") read_option(at);
      read_places(at);
      if (element.tag.name != "main" || has_main) continue;
      has_main = true;
      parts_.main = element.tag.span.end;
    }
    name_ids();
    for (auto& [at, repeated] : repeated_)
      parts_.repeated.emplace(tag(at).value("data-each"), std::move(repeated));
    return std::move(parts_);
  }

 private:
  const Tag& tag(std::size_t at) const { return elements_[at].tag; }

  // HTML 13.2.6.1 and 4.10.17.3: a control belongs to the form that its `form` names, else to the
  // one that was open, in source order, when the parser met it; the tree does not matter.
  void find_owners(const std::vector<std::size_t>& form_ends) {
    std::vector<std::size_t> in_source(elements_.size());
    std::unordered_map<std::string_view, std::size_t> by_id;
    std::unordered_map<std::size_t, std::size_t> form_at;
    for (std::size_t at = 0; at < elements_.size(); ++at) {
      in_source[at] = at;
      if (tag(at).has("id")) by_id.emplace(tag(at).value("id"), at);
      if (!elements_[at].is_html || tag(at).name != "form") continue;
      form_at[at] = parts_.forms.size();
      parts_.forms.push_back({tag(at), {}, {}});
      if (around_[at].repeated == nowhere) post_to(tag(at).value("action"), form_at[at]);
    }
    std::ranges::sort(in_source, {}, [this](std::size_t at) { return tag(at).span.begin; });

    owners_.assign(elements_.size(), nowhere);
    std::size_t open = nowhere;
    auto end = form_ends.begin();
    for (const std::size_t at : in_source) {
      for (; end != form_ends.end() && *end < tag(at).span.begin; ++end) open = nowhere;
      const auto form = form_at.find(at);
      if (form != form_at.end()) open = form->second;
      owners_[at] = open;
      if (!control_kind(tag(at)) || !tag(at).has("form")) continue;
      const auto named = by_id.find(tag(at).value("form"));
      const auto owner = named == by_id.end() ? form_at.end() : form_at.find(named->second);
      owners_[at] = owner == form_at.end() ? nowhere : owner->second;
    }
  }

  void look_around() {
    around_.resize(elements_.size());
    std::unordered_set<std::size_t> had_legend;
    for (std::size_t at = 0; at < elements_.size(); ++at) {
      const Element& element = elements_[at];
      const std::size_t parent = element.parent;
      Around& around = around_[at];
      if (parent != nowhere) around = around_[parent];
      if (!element.is_html) continue;
      if (around.repeated == nowhere && can_be_repeated(element)) around.repeated = at;
      const std::string& name = element.tag.name;
      // What stands in a disabled fieldset's first legend stays enabled.
      if (name == "legend" && parent != nowhere && tag(parent).name == "fieldset" &&
          had_legend.insert(parent).second) {
        const std::size_t outer = elements_[parent].parent;
        around.is_disabled = outer != nowhere && around_[outer].is_disabled;
      }
      if (name == "label") around.label = at;
      if (name == "label" && element.tag.has("for")) labels_.emplace(element.tag.value("for"), at);
      if (name == "select") around.select = at;
      if (name == "fieldset" && element.tag.has("disabled")) around.is_disabled = true;
    }
  }

  // Only what has an end tag of its own can be copied.
  static bool can_be_repeated(const Element& element) {
    return !element.tag.value("data-each").empty() && element.content && element.end != nowhere;
  }

  // The element itself, or one in it.
  void read_repeated(std::size_t at) {
    const Element& element = elements_[at];
    const std::size_t owner = around_[at].repeated;
    if (owner == at) {
      repeated_[at] = {element.tag, {element.tag.span.begin, element.end}, {}, {}};
      return;
    }
    RepeatedElement& repeated = repeated_[owner];
    const auto is_in = [&](Span span) {
      return span.begin >= repeated.whole.begin && span.end <= repeated.whole.end;
    };
    const std::string_view field = element.tag.value("data-field");
    if (!field.empty() && takes_text(element) && is_in(*element.content))
      repeated.texts.emplace(field, *element.content);
    const auto kind = control_kind(element.tag);
    const std::string_view name = element.tag.value("name");
    const bool takes_value = kind == ControlKind::Button || kind == ControlKind::Hidden;
    if (takes_value && !name.empty() && name != "_once" && is_in(element.tag.span))
      repeated.controls.emplace(name, element.tag);
  }

  void post_to(std::string_view url, std::size_t form) {
    const std::string_view action = action_of(url);
    if (!action.empty()) parts_.forms_by_action[std::string(action)].insert(form);
  }

  void read_control(std::size_t at) {
    const Element& element = elements_[at];
    const std::optional<ControlKind> kind = control_kind(element.tag);
    const std::size_t owner = owners_[at];
    if (!kind || owner == nowhere) return;
    const bool is_disabled = around_[at].is_disabled || element.tag.has("disabled");
    if (*kind == ControlKind::Button) post_to(element.tag.value("formaction"), owner);
    const std::string name(element.tag.value("name"));
    // The submission key is fresh in each page and never what was sent.
    if (name.empty() || name == "_once") return;
    const bool is_on = *kind == ControlKind::Check && !element.tag.has("value");
    std::string value(is_on ? "on" : element.tag.value("value"));
    PageForm& form = parts_.forms[owner];
    if (element.tag.name == "select") selects_[at] = {owner, form.controls.size()};
    form.controls.push_back(
        {*kind, element.tag, name, std::move(value), is_disabled, element.content, {}});
    if (*kind == ControlKind::Button || *kind == ControlKind::Hidden) return;
    PageField& field = form.fields[name];
    if (field.controls.empty()) field.label = label_of(at);
    // A group's labels are those of its choices, not of the question.
    else if (*kind == ControlKind::Check)
      field.label.clear();
    field.controls.push_back(element.tag);
    field.behind = std::max(field.behind, behind(at));
  }

  // That of the label around the control, or of the one that names its id.
  std::string label_of(std::size_t at) const {
    if (around_[at].label != nowhere) return collapsed(elements_[around_[at].label].text);
    const auto found = labels_.find(tag(at).value("id"));
    return found == labels_.end() ? "" : collapsed(elements_[found->second].text);
  }

  std::optional<std::size_t> behind(std::size_t at) const {
    const Element& element = elements_[at];
    const std::size_t end = element.tag.name == "input" ? element.tag.span.end : element.end;
    const std::size_t label = around_[at].label;
    if (end == nowhere) return std::nullopt;
    if (label == nowhere || elements_[label].end == nowhere) return end;
    return std::max(end, elements_[label].end);
  }

  void read_option(std::size_t at) {
    const auto select = selects_.find(around_[at].select);
    if (select == selects_.end()) return;
    const auto [form, control] = select->second;
    std::string value =
        tag(at).has("value") ? std::string(tag(at).value("value")) : collapsed(elements_[at].text);
    parts_.forms[form].controls[control].options.push_back({tag(at), std::move(value)});
  }

  void read_places(std::size_t at) {
    const Element& element = elements_[at];
    if (element.tag.has("autofocus")) parts_.autofocus.push_back(element.tag);
    read_shown(element.tag);
    if (!takes_text(element)) return;
    const std::string_view wrong = element.tag.value("data-error-for");
    if (!wrong.empty())
      parts_.message_places.emplace(std::pair(owners_[at], std::string(wrong)),
                                    MessagePlace{element.tag, *element.content, {}});
    if (element.tag.name == "output" && !element.tag.value("name").empty())
      parts_.outputs.emplace(element.tag.value("name"), *element.content);
    const std::string_view user = element.tag.value("data-user");
    if (user == "name") parts_.viewer_names.push_back(*element.content);
    if (user == "email") parts_.viewer_emails.push_back(*element.content);
  }

  static bool takes_text(const Element& element) {
    static const std::set<std::string, std::less<>> no_place{
        "colgroup", "frameset", "iframe", "noembed",  "noframes", "plaintext", "script", "select",
        "style",    "table",    "tbody",  "textarea", "tfoot",    "thead",     "tr",     "xmp"};
    return element.content && !no_place.contains(element.tag.name);
  }

  void read_shown(const Tag& tag) {
    static const std::map<std::string, ShownTo, std::less<>> states{
        {"signed-in", ShownTo::SignedIn},
        {"signed-out", ShownTo::SignedOut},
        {"paid", ShownTo::Paid},
        {"unpaid", ShownTo::Unpaid}};
    const auto state = states.find(trimmed(tag.value("data-show")));
    if (state != states.end()) parts_.shown.emplace_back(state->second, tag);
  }

  // Once all places are known: an id once given must not be asked for again.
  void name_ids() {
    parts_.summary_id = ids_.fresh("error-summary");
    for (auto& [key, place] : parts_.message_places)
      place.id = ids_.of(place.tag, key.second + "-error");
    for (PageForm& form : parts_.forms)
      for (auto& [name, field] : form.fields) {
        field.id = ids_.of(field.controls.front(), name);
        field.message_id = ids_.fresh(name + "-error");
      }
  }

  std::vector<Element> elements_;
  Ids ids_;
  PageParts parts_;
  std::vector<std::size_t> owners_;  // the form of each element
  std::vector<Around> around_;
  std::map<std::size_t, RepeatedElement> repeated_;
  std::unordered_map<std::string_view, std::size_t> labels_;  // by the id that they are for
  // The form and control that a select became.
  std::unordered_map<std::size_t, std::pair<std::size_t, std::size_t>> selects_;
};

}  // namespace

PageParts read_parts(const std::string& html) { return PartsReader(read_markup(html)).read(); }

}  // namespace actiond
