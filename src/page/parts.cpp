#include "page/parts.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/encoding.h"
#include "http/url.h"
#include "page/controls.h"
#include "page/filled_link.h"
#include "page/ids.h"
#include "page/markup.h"
#include "page/surroundings.h"

namespace actiond {
namespace {

// Of a label: its text without what stands in brackets at its end, such as "(optional)".
std::string name_in(std::string_view label) {
  std::string name = collapsed(label);
  const std::size_t bracket = name.ends_with(')') ? name.rfind(" (") : name.npos;
  if (bracket != name.npos) name.resize(bracket);
  return name;
}

class PartsReader {
 public:
  PartsReader(const std::string& html, Markup markup, const std::vector<std::string>& hosts)
      : html_(html), hosts_(hosts), owners_(find_owners(markup)),
        elements_(std::move(markup.elements)), ids_(std::move(markup.ids)) {
    parts_.main = markup.body;
    Surroundings surroundings = look_around(elements_);
    around_ = std::move(surroundings.around);
    parts_.covers = std::move(surroundings.covers);
    for (std::size_t form = 0; form < owners_.forms.size(); ++form) read_form(form);
    for (std::size_t at = 0; at < elements_.size(); ++at)
      if (elements_[at].is_html && tag(at).name == "label" && tag(at).has("for"))
        labels_[tag(at).value("for")].push_back(at);
  }

  PageParts read() {
    bool has_main = false;
    for (std::size_t at = 0; at < elements_.size(); ++at) {
      const Element& element = elements_[at];
      if (!element.is_html) continue;
      if (element.tag.name == "html") parts_.lang = element.tag.value("lang");
      if (element.tag.name == "title" && !parts_.title) parts_.title = element.tag.span.end;
      read_fresh(at);
      read_place(at);
      if (around_[at].repeated != nowhere) continue;
      read_control(at);
      if (element.tag.name == "option") read_option(at);
      read_places(at);
      if (element.tag.name != "main" || has_main || element.tag.has("hidden")) continue;
      has_main = true;
      parts_.main = element.tag.span.end;
    }
    name_ids();
    put_rows_in_place();
    return std::move(parts_);
  }

 private:
  const Tag& tag(std::size_t at) const { return elements_[at].tag; }

  std::size_t owner_of(std::size_t at) const { return owners_.owners[at]; }

  void read_form(std::size_t form) {
    const std::size_t at = owners_.forms[form];
    parts_.forms.push_back({tag(at), {}, {}, {}, around_[at].cover});
    if (around_[at].repeated == nowhere) post_to(tag(at).value("action"), form);
  }

  // A place of the row that the element is in, or of the page.
  void read_place(std::size_t at) {
    const Element& element = elements_[at];
    const std::size_t row = around_[at].repeated;
    if (row == at) start_row(at);
    Places& places = row == nowhere ? parts_.places : rows_.at(row).places;
    // Of a table, the parser moves what does not belong there out of the row's text.
    const auto is_in = [&](Span span) {
      if (row == nowhere) return true;
      const Span whole = rows_.at(row).whole;
      return span.begin >= whole.begin && span.end <= whole.end;
    };
    if (!is_in(element.tag.span)) return;
    auto attributes = filled_attributes(element.tag, html_);
    for (FilledAttribute& attribute : attributes)
      attribute.is_settled = attribute.kind == AttributeKind::Link && is_settled(attribute);
    if (!attributes.empty()) places.attributes.push_back({element.tag, std::move(attributes)});
    const std::string_view field = element.tag.value("data-field");
    if (!field.empty() && takes_text(element) && is_in(*element.content))
      places.texts.emplace(field, FilledText{*element.content, element.tag.name == "time"});
    auto condition = condition_of(element, html_, is_in);
    if (condition && (!condition->whole || is_in(*condition->whole)))
      places.conditions.push_back(std::move(*condition));
    if (row != nowhere) read_in_row(at, places);
  }

  void start_row(std::size_t at) {
    const Element& element = elements_[at];
    RepeatedElement& row = rows_[at];
    row.list = element.tag.value("data-each");
    row.tag = element.tag;
    row.whole = {element.tag.span.begin, element.end};
    const std::size_t select = around_[at].select;
    if (element.tag.name != "option" || select == nowhere) return;
    row.select = tag(select).value("name");
    row.is_one_of_several = tag(select).has("multiple");
    const auto control = selects_.find(select);
    if (control != selects_.end()) row.form = control->second.first;
  }

  void read_in_row(std::size_t at, Places& places) {
    const Element& element = elements_[at];
    const Tag& tag = element.tag;
    if (!parts_.fresh.empty() && parts_.fresh.back().tag.span.begin == tag.span.begin)
      places.fresh.push_back(parts_.fresh.back());
    const auto select = row_selects_.find(around_[at].select);
    if (tag.name == "option" && select != row_selects_.end()) {
      const auto [row, control] = select->second;
      if (row == around_[at].repeated)
        places.controls[control].options.push_back({tag, option_value(element)});
    }
    const auto kind = control_kind(tag);
    const std::string_view name = tag.value("name");
    if (!kind || name.empty() || is_never_filled(name)) return;
    // Where the author says which value, the name does not.
    const Attribute* said = tag.find(kind == ControlKind::Check ? "checked" : "value");
    if (said && has_names(attribute_pieces(said->value))) return;
    if (tag.name == "select") row_selects_[at] = {around_[at].repeated, places.controls.size()};
    places.controls.push_back({*kind,
                               tag,
                               std::string(name),
                               std::string(tag.value("value")),
                               false,
                               element.content,
                               {}});
  }

  void read_fresh(std::size_t at) {
    static const std::map<std::string, FreshWord, std::less<>> words{
        {"{once}", FreshWord::Once}, {"{shown}", FreshWord::Shown}, {"{next}", FreshWord::Next}};
    if (!control_kind(tag(at))) return;
    const auto word = words.find(to_lower(tag(at).value("value")));
    if (word != words.end()) parts_.fresh.push_back({word->second, tag(at)});
  }

  void post_to(std::string_view address, std::size_t form) {
    constexpr std::string_view prefix = "/actions/";
    const auto url = resolve_url(address, "/");
    if (!url || !url->path.starts_with(prefix)) return;
    if (!url->host.empty() && std::ranges::find(hosts_, url->host) == hosts_.end()) return;
    parts_.forms_by_action[url->path.substr(prefix.size())].insert(form);
  }

  void read_control(std::size_t at) {
    const Element& element = elements_[at];
    const std::optional<ControlKind> kind = control_kind(element.tag);
    const std::size_t owner = owner_of(at);
    if (!kind || owner == nowhere) return;
    const bool is_disabled = around_[at].is_disabled || element.tag.has("disabled");
    if (*kind == ControlKind::Button) post_to(element.tag.value("formaction"), owner);
    PageForm& form = parts_.forms[owner];
    for (std::string& further : further_names(element.tag))
      form.further_names.insert(std::move(further));
    const std::string name(element.tag.value("name"));
    if (name.empty() || is_never_filled(name)) return;
    const bool is_on = *kind == ControlKind::Check && !element.tag.has("value");
    std::string value(is_on ? "on" : element.tag.value("value"));
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
    if (around_[at].cover != nowhere) field.covers.push_back(around_[at].cover);
    field.behind = std::max(field.behind, behind(at));
  }

  // The text of the label around the control, or of the first that names its id.
  std::string label_of(std::size_t at) const {
    if (around_[at].label != nowhere) return name_in(elements_[around_[at].label].text);
    const auto found = labels_.find(tag(at).value("id"));
    return found == labels_.end() ? "" : name_in(elements_[found->second.front()].text);
  }

  std::optional<std::size_t> behind(std::size_t at) const {
    const Element& element = elements_[at];
    std::size_t end = element.tag.name == "input" ? element.tag.span.end : element.end;
    if (end == nowhere) return std::nullopt;
    for (const std::size_t label : {around_[at].label, label_behind(at, end)})
      if (label != nowhere && elements_[label].end != nowhere)
        end = std::max(end, elements_[label].end);
    return end;
  }

  // The first label behind the control that names its id, as toggles and floating labels have it.
  std::size_t label_behind(std::size_t at, std::size_t end) const {
    const auto found = labels_.find(tag(at).value("id"));
    if (tag(at).value("id").empty() || found == labels_.end()) return nowhere;
    const auto begin = [this](std::size_t label) { return tag(label).span.begin; };
    const auto label = std::ranges::lower_bound(found->second, end, {}, begin);
    if (label == found->second.end()) return nowhere;
    const bool is_near =
        owner_of(*label) == owner_of(at) || elements_[*label].parent == elements_[at].parent;
    return is_near ? *label : nowhere;
  }

  void read_option(std::size_t at) {
    const auto select = selects_.find(around_[at].select);
    if (select == selects_.end()) return;
    const auto [form, control] = select->second;
    parts_.forms[form].controls[control].options.push_back({tag(at), option_value(elements_[at])});
  }

  void read_places(std::size_t at) {
    const Element& element = elements_[at];
    if (element.tag.has("autofocus")) parts_.autofocus.push_back(element.tag);
    read_shown(element.tag);
    if (!takes_text(element)) return;
    const std::string_view wrong = element.tag.value("data-error-for");
    if (!wrong.empty())
      parts_.message_places.emplace(
          std::pair(owner_of(at), std::string(wrong)),
          MessagePlace{element.tag, *element.content, {}, around_[at].cover});
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
    if (tag.has("data-show")) parts_.shown.emplace_back(trimmed(tag.value("data-show")), tag);
  }

  // The inner rows first: they are copied with those around them.
  void put_rows_in_place() {
    for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) {
      const std::size_t parent = elements_[row->first].parent;
      const std::size_t outer = parent == nowhere ? nowhere : around_[parent].repeated;
      Places& places = outer == nowhere ? parts_.places : rows_.at(outer).places;
      places.repeated.push_back(std::move(row->second));
    }
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

  const std::string& html_;
  const std::vector<std::string>& hosts_;
  FormOwners owners_;
  std::vector<Element> elements_;
  Ids ids_;
  PageParts parts_;
  std::vector<Around> around_;
  std::map<std::size_t, RepeatedElement> rows_;
  // By the id that they are for, in tree order.
  std::unordered_map<std::string_view, std::vector<std::size_t>> labels_;
  // The form and control that a select became.
  std::unordered_map<std::size_t, std::pair<std::size_t, std::size_t>> selects_;
  // The row and control of it that a select became.
  std::unordered_map<std::size_t, std::pair<std::size_t, std::size_t>> row_selects_;
};

}  // namespace

PageParts read_parts(const std::string& html, const std::vector<std::string>& hosts) {
  return PartsReader(html, read_markup(html), hosts).read();
}

}  // namespace actiond
