#include "page/rows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/time.h"
#include "page/filled_link.h"
#include "page/fresh.h"
#include "page/markup.h"

namespace actiond {
namespace {

bool is_on(const std::string& value) { return !value.empty() && value != "0" && value != "false"; }

bool is_filled(const Tag& tag, std::string_view attribute) {
  const Attribute* written = tag.find(attribute);
  return written && !written->value.empty() && has_names(attribute_pieces(written->value));
}

// Shows an element that is hidden until a value is there.  Where something else decides about
// `hidden`, that stays.
void reveal(const Tag& tag, Edits& edits) {
  if (!tag.has("data-show") && !tag.has("data-error-for") && !is_filled(tag, "hidden"))
    edits.remove(tag, "hidden");
}

// "2027-01-31T12:00:00Z" as "2027-01-31 12:00"; anything else as it is.
std::string as_people_read(const std::string& text) {
  constexpr std::size_t date_size = 10, minute_size = 16;
  if (text.size() <= date_size || !from_rfc3339(text)) return text;
  std::string minute = text.substr(0, minute_size);
  minute[date_size] = ' ';
  return minute;
}

// Fills the places of one row, or those of the page outside of its rows.
class PlaceFiller {
 public:
  PlaceFiller(std::string_view html, const PlaceValues& values) : html_(html), values_(values) {}
  PlaceFiller(const ListRow& row, std::string_view list, const PlaceFiller& outer)
      : html_(outer.html_), values_(outer.values_), row_(&row), list_(list), outer_(&outer) {}

  void fill(const Places& places, Edits& edits) const {
    for (const ConditionalPart& condition : places.conditions) decide(condition, edits);
    for (const auto& [name, text] : places.texts)
      if (const std::string* value = find(name))
        edits.write(text.content, text.is_time ? as_people_read(*value) : *value);
    fill_attributes(places, edits);
    if (row_) fill_row_controls(places.controls, *row_, edits);
    static const SentValues none({});
    if (row_ && values_.filling.fresh)
      fill_fresh(places.fresh, *values_.filling.fresh, none, edits);
    for (const RepeatedElement& repeated : places.repeated) show_rows(repeated, edits);
  }

 private:
  const std::string* find(std::string_view name) const {
    if (row_)
      if (const std::string* own = row_->find(name)) return own;
    if (!values_.filling.data) return nullptr;
    const auto found = values_.filling.data->find(std::string(name));
    return found == values_.filling.data->end() ? nullptr : &found->second;
  }

  const List* find_list(std::string_view name) const {
    if (row_)
      if (const auto own = row_->lists.find(name); own != row_->lists.end()) return &own->second;
    // Inside a row of the same list of the page, it would repeat itself in each of its rows.
    for (const PlaceFiller* around = this; around; around = around->outer_)
      if (around->row_ && around->list_ == name) return nullptr;
    if (!values_.filling.lists) return nullptr;
    const auto found = values_.filling.lists->find(name);
    return found == values_.filling.lists->end() ? nullptr : &found->second;
  }

  void decide(const ConditionalPart& condition, Edits& edits) const {
    const std::string* value = find(condition.name);
    const List* rows = find_list(condition.name);
    const bool is_there = (value && is_on(*value)) || (rows && !rows->empty());
    if (is_there != condition.is_negated) return reveal(condition.tag, edits);
    if (condition.whole) return edits.replace(*condition.whole, {});
    edits.add(condition.tag, "hidden");
  }

  void fill_attributes(const Places& places, Edits& edits) const {
    for (const FilledTag& filled : places.attributes)
      for (const FilledAttribute& attribute : filled.attributes) {
        const auto value = value_of(attribute);
        if (value)
          edits.set(filled.tag, attribute.name, *value);
        else
          edits.remove(filled.tag, attribute.name);
      }
  }

  // Nothing: the attribute is left out.
  std::optional<std::string> value_of(const FilledAttribute& attribute) const {
    if (attribute.kind == AttributeKind::Link)
      return filled_link(
          attribute, [this](std::string_view name) { return find(name); }, values_.address);
    std::string text;
    for (const auto& [before, name] : attribute.pieces) {
      text += before;
      const std::string* value = name.empty() ? nullptr : find(name);
      if (!name.empty() && !value) return std::nullopt;
      if (value) text += *value;
    }
    if (attribute.kind == AttributeKind::Text) return text;
    return is_on(text) ? std::optional(std::string()) : std::nullopt;
  }

  // Repeats the element for each row, and shows it.  Without rows it stays once, hidden.
  void show_rows(const RepeatedElement& element, Edits& edits) const {
    const List* rows = find_list(element.list);
    if (rows && !rows->empty()) return edits.replace(element.whole, markup_of(element, *rows));
    // A hidden option would be chosen all the same.
    const bool is_empty = rows || row_;
    if (is_empty && element.tag.name == "option") return edits.replace(element.whole, {});
    if (is_empty) edits.add(element.tag, "hidden");
    clear_attributes(element, edits);
  }

  // So that no browser asks for "{picture}" of an element that it does not show.
  void clear_attributes(const RepeatedElement& element, Edits& edits) const {
    fill_attributes(element.places, edits);
    for (const RepeatedElement& inner : element.places.repeated) clear_attributes(inner, edits);
  }

  std::string markup_of(const RepeatedElement& element, const List& rows) const {
    std::string markup;
    bool is_chosen = false;
    Edits edits(html_);
    for (const ListRow& row : rows) {
      const PlaceFiller filler(row, element.list, *this);
      reveal(element.tag, edits);
      filler.fill(element.places, edits);
      if (const auto is_this = is_selected(element, filler)) {
        if (*is_this && (!is_chosen || element.is_one_of_several))
          edits.add(element.tag, "selected");
        if (!*is_this || is_chosen) edits.remove(element.tag, "selected");
        is_chosen |= *is_this;
      }
      const std::size_t begin = markup.size();
      edits.apply(element.whole, markup);
      if (begin > 0 && markup.size() > begin) markup.insert(begin, 1, '\n');
    }
    return markup;
  }

  // Whether the option that `filler` fills was chosen; nothing where no value says so.
  std::optional<bool> is_selected(const RepeatedElement& option, const PlaceFiller& filler) const {
    if (option.select.empty() || is_filled(option.tag, "selected")) return std::nullopt;
    const std::string value = filler.value_of_option(option);
    if (option.form == nowhere) {
      const std::string* chosen = row_ ? row_->find(option.select) : nullptr;
      return chosen ? std::optional(*chosen == value) : std::nullopt;
    }
    const bool is_form_filled =
        std::ranges::find(values_.forms, option.form) != values_.forms.end();
    if (!values_.filling.values || !is_form_filled || !values_.sent.has(option.select))
      return std::nullopt;
    return values_.sent.has(option.select, value);
  }

  std::string value_of_option(const RepeatedElement& option) const {
    for (const FilledTag& filled : option.places.attributes)
      for (const FilledAttribute& attribute : filled.attributes)
        if (attribute.name == "value") return value_of(attribute).value_or("");
    if (option.tag.has("value") || option.places.texts.empty())
      return std::string(option.tag.value("value"));
    const std::string* text = find(option.places.texts.begin()->first);
    return text ? *text : "";
  }

  std::string_view html_;
  const PlaceValues& values_;
  const ListRow* row_ = nullptr;  // null: the page
  std::string_view list_ = {};    // that the row is of
  const PlaceFiller* outer_ = nullptr;
};

}  // namespace

void fill_places(std::string_view html, const Places& places, const PlaceValues& values,
                 Edits& edits) {
  if (values.are_given()) PlaceFiller(html, values).fill(places, edits);
}

}  // namespace actiond
