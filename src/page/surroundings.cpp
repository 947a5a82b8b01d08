#include "page/surroundings.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/encoding.h"
#include "page/controls.h"

namespace actiond {
namespace {

// Only an element that has an end tag of its own can be copied, and in a row only one that stands
// in its text.  `outer` is the row, or null.
bool can_be_repeated(const Element& element, const Element* outer) {
  if (element.tag.value("data-each").empty() || !element.content || element.end == nowhere)
    return false;
  return !outer || (element.tag.span.begin >= outer->tag.span.end && element.end <= outer->end);
}

// Whether it hides what is in it, or keeps it from being used, until somebody opens it.  A place
// for a message is shown with it, and the viewer decides about data-show.
bool is_cover(const Tag& tag) {
  const bool is_closed = (tag.name == "details" || tag.name == "dialog") && !tag.has("open");
  const bool is_hidden = tag.has("hidden") && !tag.has("data-show") && !tag.has("data-error-for");
  return is_closed || is_hidden || tag.has("popover") || tag.has("inert");
}

}  // namespace

Surroundings look_around(const std::vector<Element>& elements) {
  Surroundings found;
  found.around.resize(elements.size());
  std::unordered_set<std::size_t> had_legend;
  for (std::size_t at = 0; at < elements.size(); ++at) {
    const Element& element = elements[at];
    const Tag& tag = element.tag;
    const std::size_t parent = element.parent;
    Around& around = found.around[at];
    if (parent != nowhere) around = found.around[parent];
    if (!element.is_html) continue;
    if (can_be_repeated(element, around.repeated == nowhere ? nullptr : &elements[around.repeated]))
      around.repeated = at;
    // Controls in a disabled fieldset's first legend stay enabled.
    if (tag.name == "legend" && parent != nowhere && elements[parent].tag.name == "fieldset" &&
        had_legend.insert(parent).second) {
      const std::size_t outer = elements[parent].parent;
      around.is_disabled = outer != nowhere && found.around[outer].is_disabled;
    }
    if (tag.name == "label") around.label = at;
    if (tag.name == "select") around.select = at;
    if (tag.name == "noscript") around.noscript = at;
    if (tag.name == "fieldset" && tag.has("disabled")) around.is_disabled = true;
    if (tag.name == "datalist") around.is_fallback = true;
    if (!is_cover(tag)) continue;
    found.covers.push_back({tag, around.cover});
    around.cover = found.covers.size() - 1;
  }
  return found;
}

FormOwners find_owners(const Markup& markup) {
  const std::vector<Element>& elements = markup.elements;
  const auto tag = [&](std::size_t at) -> const Tag& { return elements[at].tag; };
  FormOwners found;
  found.owners.assign(elements.size(), nowhere);
  std::vector<std::size_t> in_source(elements.size());
  std::unordered_map<std::string_view, std::size_t> by_id;
  std::unordered_map<std::size_t, std::size_t> form_at;
  for (std::size_t at = 0; at < elements.size(); ++at) {
    in_source[at] = at;
    if (tag(at).has("id")) by_id.emplace(tag(at).value("id"), at);
    if (!elements[at].is_html || tag(at).name != "form") continue;
    form_at[at] = found.forms.size();
    found.forms.push_back(at);
  }
  // A control belongs to the form that its `form` names, else to the one that was open, in source
  // order, when the parser met it; the tree does not matter.
  std::ranges::sort(in_source, {}, [&](std::size_t at) { return tag(at).span.begin; });
  std::size_t open = nowhere;
  auto end = markup.form_ends.begin();
  for (const std::size_t at : in_source) {
    for (; end != markup.form_ends.end() && *end < tag(at).span.begin; ++end) open = nowhere;
    const auto form = form_at.find(at);
    if (form != form_at.end()) open = form->second;
    found.owners[at] = open;
    if (!control_kind(tag(at)) || !tag(at).has("form")) continue;
    const auto named = by_id.find(tag(at).value("form"));
    const auto owner = named == by_id.end() ? form_at.end() : form_at.find(named->second);
    found.owners[at] = owner == form_at.end() ? nowhere : owner->second;
  }
  return found;
}

}  // namespace actiond
