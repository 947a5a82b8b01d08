#include "page/errors.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "page/markup.h"

namespace actiond {
namespace {

// A wrong field of the page, or of none: then `field` is null.
struct Wrong {
  const PageField* field;
  std::string message;
};

const PageField* find_field(const PageParts& parts, std::size_t form, std::string_view name) {
  if (form == nowhere) return nullptr;
  const auto found = parts.forms[form].fields.find(name);
  return found == parts.forms[form].fields.end() ? nullptr : &found->second;
}

const MessagePlace* find_place(const PageParts& parts, std::size_t form, const std::string& name) {
  for (const std::size_t where : {form, nowhere}) {
    const auto found = parts.message_places.find({where, name});
    if (found != parts.message_places.end()) return &found->second;
  }
  return nullptr;
}

// Puts the message next to its field; the id of its element, or nothing when there is no room.
std::string_view show_message(const MessagePlace* place, const PageField* field,
                              std::string_view message, Edits& edits) {
  if (place) {
    edits.write(place->content, message);
    edits.set(place->tag, "id", place->id);
    edits.remove(place->tag, "hidden");
    return place->id;
  }
  if (!field || !field->behind) return {};
  edits.insert(*field->behind, "<span class=\"field-error\" id=\"" + field->message_id + "\">" +
                                   to_html(message) + "</span>");
  return field->message_id;
}

bool lists(std::string_view ids, std::string_view id) {
  while (!ids.empty()) {
    const auto end = std::ranges::find_if(ids, is_html_space);
    const auto length = static_cast<std::size_t>(end - ids.begin());
    if (ids.substr(0, length) == id) return true;
    ids.remove_prefix(std::min(length + 1, ids.size()));
  }
  return false;
}

void mark_wrong(const PageField& field, std::string_view message_id, Edits& edits) {
  edits.set(field.controls.front(), "id", field.id);
  for (const Tag& control : field.controls) {
    edits.set(control, "aria-invalid", "true");
    const std::string_view described = control.value("aria-describedby");
    if (message_id.empty() || lists(described, message_id)) continue;
    const std::string_view space = trimmed(described).empty() ? "" : " ";
    edits.set(control, "aria-describedby",
              std::string(trimmed(described)).append(space).append(message_id));
  }
}

// Opens what hides an element of a page.
class Opener {
 public:
  Opener(const std::vector<Cover>& covers, Edits& edits) : covers_(covers), edits_(edits) {}

  // `cover` is the innermost one, or `nowhere`.
  void open(std::size_t cover) {
    for (; cover != nowhere && opened_.insert(cover).second; cover = covers_[cover].outer) {
      const Tag& tag = covers_[cover].tag;
      if (!tag.has("data-show")) edits_.remove(tag, "hidden");
      edits_.remove(tag, "inert");
      if (tag.name != "details" && tag.name != "dialog") continue;
      edits_.add(tag, "open");
      // Of those that share a name, a browser opens one alone.
      edits_.remove(tag, "name");
    }
  }

 private:
  const std::vector<Cover>& covers_;
  Edits& edits_;
  std::set<std::size_t> opened_;
};

// At the start of the form, or in front of the popover that it stands in: no markup opens that.
std::size_t place_of_summary(const PageParts& parts, std::size_t form) {
  if (form == nowhere) return parts.main;
  std::size_t place = parts.forms[form].tag.span.end;
  for (std::size_t cover = parts.forms[form].cover; cover != nowhere;
       cover = parts.covers[cover].outer)
    if (parts.covers[cover].tag.has("popover")) place = parts.covers[cover].tag.span.begin;
  return place;
}

// One element of a page can have the focus.
void move_focus(const PageParts& parts, const Tag* to, Edits& edits) {
  for (const Tag& tag : parts.autofocus)
    if (!to || tag.span.begin != to->span.begin) edits.remove(tag, "autofocus");
  if (to) edits.add(*to, "autofocus");
}

std::string link_html(const Link& link, const Words& words) {
  return " <a href=\"" + to_html(link.to) + "\" target=\"_blank\">" +
         to_html(words.say(link.text)) + "</a>";
}

std::string summary(const std::string& id, const std::vector<Wrong>& wrong, const Link* link,
                    const Words& words, bool has_focus) {
  std::string html = "<div class=\"error-summary\" role=\"alert\" tabindex=\"-1\" id=\"" + id + '"';
  html += has_focus ? " autofocus>" : ">";
  html += "<h2>" + to_html(words.say("summary.heading")) + "</h2><ul>";
  for (const auto& [field, message] : wrong) {
    if (!field) html += "<li>" + to_html(message) + (link ? link_html(*link, words) : "") + "</li>";
    if (!field) continue;
    html += "<li><a href=\"#" + to_percent_encoded(field->id) + "\">";
    if (!field->label.empty()) html += to_html(field->label) + ": ";
    html += to_html(message) + "</a></li>";
  }
  return html + "</ul></div>";
}

}  // namespace

void show_errors(const PageParts& parts, std::size_t form, const FieldErrors& errors,
                 const Link* link, const Words& words, Edits& edits) {
  if (errors.messages.empty()) return;
  if (parts.title) edits.insert(*parts.title, to_html(words.say("summary.title_start")));
  std::vector<Wrong> wrong;
  Opener opener(parts.covers, edits);
  if (form != nowhere) opener.open(parts.forms[form].cover);
  for (const auto& [name, named] : errors.messages) {
    std::string message = words.say(named);
    const PageField* field = find_field(parts, form, name);
    const MessagePlace* place = find_place(parts, form, name);
    const std::string_view message_id = show_message(place, field, message, edits);
    if (field) mark_wrong(*field, message_id, edits);
    if (place) opener.open(place->cover);
    for (const std::size_t cover : field ? field->covers : std::vector<std::size_t>())
      opener.open(cover);
    wrong.push_back({field, std::move(message)});
  }
  std::ranges::stable_sort(wrong, {}, [](const Wrong& one) {
    return one.field ? one.field->controls.front().span.begin : nowhere;
  });
  const PageField* first = wrong.front().field;
  move_focus(parts, first ? &first->controls.front() : nullptr, edits);
  edits.insert(place_of_summary(parts, form),
               summary(parts.summary_id, wrong, link, words, first == nullptr));
}

}  // namespace actiond
