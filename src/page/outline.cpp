#include "page/outline.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "base/encoding.h"
#include "http/media_type.h"
#include "http/url.h"
#include "page/attribute.h"
#include "page/controls.h"
#include "page/html_tree.h"
#include "page/markup.h"
#include "page/misspelt.h"
#include "page/surroundings.h"

namespace actiond {
namespace {

constexpr std::array<std::string_view, 3> words{"{once}", "{shown}", "{next}"};

class Lines {
 public:
  explicit Lines(std::string_view text) {
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
      ends_.push_back(at);
  }
  std::size_t of(std::size_t at) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(ends_, at) - ends_.begin()) + 1;
  }

 private:
  std::vector<std::size_t> ends_;
};

bool is_multipart(std::string_view encoding) { return to_lower(encoding) == "multipart/form-data"; }

class OutlineReader {
 public:
  OutlineReader(const std::string& html, const PageAddress& address)
      : html_(html), lower_(to_lower(html)), address_(address), lines_(html),
        markup_(read_markup(html)), owners_(find_owners(markup_)),
        around_(look_around(markup_.elements).around) {}

  PageOutline read() {
    for (const std::size_t at : owners_.forms) read_form(tag(at));
    for (std::size_t at = 0; at < markup_.elements.size(); ++at) {
      if (!markup_.elements[at].is_html) continue;
      read_control(at);
      read_choice(at);
      read_option(at);
      read_places(at);
      read_list(at);
      read_misspelt(at);
      read_head(tag(at));
    }
    read_words();
    read_encoding();
    return std::move(outline_);
  }

 private:
  const Tag& tag(std::size_t at) const { return markup_.elements[at].tag; }
  std::size_t line_of(const Tag& tag) const { return lines_.of(tag.span.begin); }
  OutlineName named(std::string_view name, const Tag& tag) const {
    return {std::string(name), line_of(tag)};
  }

  void read_form(const Tag& tag) {
    outline_.forms.push_back({to_lower(trimmed(tag.value("method"))) == "post",
                              std::string(tag.value("accept-charset")),
                              {},
                              {},
                              {},
                              {},
                              {},
                              line_of(tag),
                              attributes_of(tag)});
    OutlineForm& form = outline_.forms.back();
    if (tag.has("action")) add_target(tag.value("action"), tag, form);
    form.sends_files = is_multipart(tag.value("enctype"));
    if (tag.has("enctype")) form.encodings.push_back(named(trimmed(tag.value("enctype")), tag));
  }

  void add_target(std::string_view reference, const Tag& tag, OutlineForm& form) const {
    constexpr std::string_view prefix = "/actions/";
    const auto url = resolve_url(reference, address_.path);
    if (!url || !url->path.starts_with(prefix)) return;
    if (!url->host.empty() && std::ranges::find(address_.hosts, url->host) == address_.hosts.end())
      return;
    form.targets.push_back(named(std::string_view(url->path).substr(prefix.size()), tag));
  }

  void read_control(std::size_t at) {
    const Tag& tag = this->tag(at);
    const auto kind = control_kind(tag);
    const std::size_t owner = owners_.owners[at];
    const bool has_word = note_word(tag, kind.has_value());
    if (!kind || owner == nowhere) return;
    OutlineForm& form = outline_.forms[owner];
    const std::string type = to_lower(tag.value("type"));
    const bool is_mute = *kind == ControlKind::Button && (type == "button" || type == "reset");
    const bool sends = !is_mute && !around_[at].is_disabled && !tag.has("disabled");
    if (tag.has("formaction")) add_target(tag.value("formaction"), tag, form);
    if (sends && tag.has("formenctype"))
      form.encodings.push_back(named(trimmed(tag.value("formenctype")), tag));
    if (sends && *kind == ControlKind::Button) {
      const bool is_first = submitted_.insert(owner).second;
      const auto own = form.attributes.find("enctype");
      const std::string_view encoding = tag.has("formenctype") ? tag.value("formenctype")
                                        : own != form.attributes.end()
                                            ? std::string_view(own->second)
                                            : "";
      form.sends_files = is_multipart(encoding) && (is_first || form.sends_files);
    }
    if (sends && tag.has("formmethod"))
      form.methods.push_back(named(trimmed(tag.value("formmethod")), tag));
    if (sends && tag.has("dirname")) form.further.push_back(named(tag.value("dirname"), tag));
    if (tag.value("name").empty()) {
      if (sends && *kind != ControlKind::Button) form.nameless.push_back(line_of(tag));
      return;
    }
    if (tag.name == "select") selects_[at] = {owner, form.controls.size()};
    form.controls.push_back({std::string(tag.value("name")), *kind, sends && type != "image",
                             first_value(at), has_word, line_of(tag), written(at)});
  }

  WrittenControl written(std::size_t at) const {
    WrittenControl written = written_control(tag(at), line_of(tag(at)));
    written.is_fallback = around_[at].is_fallback;
    if (tag(at).name == "textarea")
      written.attributes["value"] = resolve_references(first_value(at));
    // Where scripts run, its form has no such control.
    const std::size_t form = owners_.forms[owners_.owners[at]];
    if (around_[at].noscript != around_[form].noscript) written.attributes.erase("required");
    return written;
  }

  std::string first_value(std::size_t at) const {
    const auto& content = markup_.elements[at].content;
    if (tag(at).name != "textarea" || !content) return std::string(tag(at).value("value"));
    const std::string text = html_.substr(content->begin, content->end - content->begin);
    return text.substr(text.starts_with("\r\n") ? 2 : text.starts_with('\n') ? 1 : 0);
  }

  bool is_disabled_option(std::size_t at) const {
    const Tag& group = tag(markup_.elements[at].parent);
    return tag(at).has("disabled") || (group.name == "optgroup" && group.has("disabled"));
  }

  // Of a select, whatever stands around it.
  void read_option(std::size_t at) {
    const auto select = selects_.find(around_[at].select);
    if (tag(at).name != "option" || select == selects_.end() || is_disabled_option(at)) return;
    const auto [form, control] = select->second;
    WrittenControl& written = outline_.forms[form].controls[control].written;
    written.options.push_back(option_value(markup_.elements[at]));
    if (tag(at).has("selected")) written.selected.push_back(written.options.back());
  }

  // One that rows or their values make has another value than stands here.
  void read_choice(std::size_t at) {
    const Tag& tag = this->tag(at);
    const bool is_option = tag.name == "option" && around_[at].select != nowhere;
    const std::string type = control_type(tag);
    const bool is_own = (tag.name == "input" || tag.name == "button") &&
                        (type == "radio" || type == "hidden" || type == "submit");
    if ((!is_option && !is_own) || around_[at].repeated != nowhere) return;
    if (is_option ? is_disabled_option(at) : tag.has("disabled")) return;
    if (is_option && tag.has("data-field") && !tag.has("value")) return;  // a value fills it
    const std::size_t control = is_option ? around_[at].select : at;
    const std::string value =
        is_option ? option_value(markup_.elements[at]) : std::string(tag.value("value"));
    if (around_[control].is_disabled || around_[control].is_fallback) return;
    if (owners_.owners[control] == nowhere || value.empty() || has_names(attribute_pieces(value)))
      return;
    outline_.forms[owners_.owners[control]].choices.push_back(
        {std::string(this->tag(control).value("name")), named(value, tag)});
  }

  // Whether the whole value is a word as nginx finds it; where it stands is no place out of place.
  bool note_word(const Tag& tag, bool is_control) {
    const Attribute* value = is_control ? tag.find("value") : nullptr;
    if (!value || std::ranges::find(words, to_lower(value->value)) == words.end()) return false;
    const std::size_t at = lower_.find(to_lower(value->value), value->name_span.end);
    return at < value->span.end && word_places_.insert(at).second;
  }

  void read_places(std::size_t at) {
    const Tag& tag = this->tag(at);
    const std::size_t owner = owners_.owners[at];
    const std::string_view wrong = tag.value("data-error-for");
    if (!wrong.empty() && owner != nowhere)
      outline_.forms[owner].messages.push_back(named(wrong, tag));
    if (tag.name == "output" && !tag.value("name").empty() && !tag.has("for"))
      outline_.outputs.push_back(named(tag.value("name"), tag));
    if (tag.has("data-user"))
      outline_.viewers.push_back(named(trimmed(tag.value("data-user")), tag));
    if (tag.has("data-show"))
      outline_.shown_to.push_back(named(trimmed(tag.value("data-show")), tag));
  }

  void read_list(std::size_t at) {
    const Tag& tag = this->tag(at);
    if (!tag.value("data-each").empty()) {
      list_at_[at] = outline_.lists.size();
      outline_.lists.push_back({named(tag.value("data-each"), tag), around_[at].repeated == at});
    }
    // An element that cannot be repeated holds its places all the same.
    std::size_t holder = at;
    while (holder != nowhere && !list_at_.contains(holder))
      holder = markup_.elements[holder].parent;
    const auto list = holder == nowhere ? std::nullopt : std::optional(list_at_.at(holder));
    const auto add = [&](std::string_view name, const Attribute& at_attribute,
                         OutlinePlace::Kind kind) {
      outline_.places.push_back({std::string(name),
                                 at_attribute.name + "=\"" + at_attribute.value + '"', kind, list,
                                 lines_.of(at_attribute.span.begin)});
    };
    for (const Attribute& attribute : tag.attributes) {
      std::string_view value = trimmed(attribute.value);
      if (attribute.name == "data-field" && !value.empty())
        add(value, attribute, OutlinePlace::Kind::Text);
      if (attribute.name == "data-if" && !value.empty())
        add(value.substr(value.starts_with('!') ? 1 : 0), attribute, OutlinePlace::Kind::Condition);
      const bool is_filled = fillable_kind(tag, attribute.name).has_value();
      const Span raw = attribute.value_span;
      for (const auto& [text, name] :
           attribute_pieces(std::string_view(html_).substr(raw.begin, raw.end - raw.begin)))
        if (!name.empty())
          add(name, attribute,
              is_filled ? OutlinePlace::Kind::Attribute : OutlinePlace::Kind::NeverFilled);
    }
  }

  void read_misspelt(std::size_t at) {
    const auto own = std::ranges::find(owners_.forms, at);
    const bool is_form = own != owners_.forms.end();
    const std::size_t form =
        is_form ? static_cast<std::size_t>(own - owners_.forms.begin()) : owners_.owners[at];
    for (const Attribute& attribute : tag(at).attributes)
      if (const auto meant = attribute_meant_by(attribute.name))
        outline_.misspelt.push_back({attribute.name, *meant, std::string(trimmed(attribute.value)),
                                     form == nowhere ? std::nullopt : std::optional(form), is_form,
                                     lines_.of(attribute.span.begin)});
  }

  void read_head(const Tag& tag) {
    if (tag.name == "base" && tag.has("href"))
      outline_.bases.push_back(named(tag.value("href"), tag));
    if (tag.name != "meta") return;
    if (tag.has("charset")) outline_.charsets.push_back(named(trimmed(tag.value("charset")), tag));
    if (to_lower(tag.value("http-equiv")) != "content-type") return;
    const std::string content = to_lower(tag.value("content"));
    const std::size_t at = content.find("charset=");
    if (at != content.npos)
      outline_.charsets.push_back(named(trimmed(content.substr(at + 8)), tag));
  }

  // Wherever else they stand, nginx would write into the text.
  void read_words() {
    for (const std::string_view word : words)
      for (std::size_t at = lower_.find(word); at != lower_.npos; at = lower_.find(word, at + 1))
        if (!word_places_.contains(at))
          outline_.words.push_back({std::string(word), lines_.of(at)});
  }

  void read_encoding() {
    if (count_characters(html_)) return;
    std::size_t line = 1;
    for (std::size_t at = 0; at < html_.size(); ++line) {
      const std::size_t end = std::min(html_.find('\n', at), html_.size());
      if (!count_characters(std::string_view(html_).substr(at, end - at))) break;
      at = end + 1;
    }
    outline_.not_utf8.push_back(line);
  }

  const std::string& html_;
  const std::string lower_;
  const PageAddress& address_;
  const Lines lines_;
  const Markup markup_;
  const FormOwners owners_;
  const std::vector<Around> around_;
  PageOutline outline_;
  std::set<std::size_t> word_places_;
  std::set<std::size_t> submitted_;  // forms of which a button was read
  // An element: the indices of its form and of itself there.
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> selects_;
  std::map<std::size_t, std::size_t> list_at_;  // an element with data-each: its index in `lists`
};

}  // namespace

bool is_filled_at_first(const OutlineControl& control) {
  const auto& [type, attributes, options, line, selected, is_fallback] = control.written;
  if (!control.sends || control.kind == ControlKind::Button) return false;
  if (control.kind == ControlKind::Check)
    return attributes.contains("checked") &&
           (!attributes.contains("value") || !control.value.empty());
  if (type == "color" || type == "range") return true;
  if (control.kind != ControlKind::Choice && control.kind != ControlKind::Choices)
    return !control.value.empty();
  if (!selected.empty()) return !selected.back().empty();
  return control.kind == ControlKind::Choice && !options.empty() && !options.front().empty();
}

PageOutline outline_of(const std::string& html, const PageAddress& address) {
  return OutlineReader(html, address).read();
}

}  // namespace actiond
