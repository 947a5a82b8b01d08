#include "page/page.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "page/edits.h"
#include "page/errors.h"
#include "page/fresh.h"
#include "page/links.h"
#include "page/markup.h"
#include "page/parts.h"
#include "page/rows.h"
#include "page/values.h"

namespace actiond {
namespace {

using Forms = std::vector<std::size_t>;

Forms forms_of(const PageParts& parts, std::string_view action) {
  const auto found = parts.forms_by_action.find(action);
  if (found == parts.forms_by_action.end()) return {};
  return {found->second.begin(), found->second.end()};
}

Forms forms_to_fill(const PageParts& parts, const Filling& filling, const SentValues& sent) {
  const Forms all = forms_of(parts, filling.action);
  if (all.size() == 1 || !filling.values || !filling.errors) return all;
  const Forms likely = likely_forms(parts, all, sent);
  return likely.empty() ? all : likely;
}

void show_data(const PageParts& parts, const std::map<std::string, std::string>& data,
               Edits& edits) {
  for (const auto& [name, value] : data) {
    const auto [begin, end] = parts.outputs.equal_range(name);
    for (auto output = begin; output != end; ++output) edits.write(output->second, value);
  }
}

const Words& words_of(const PageParts& parts, const Languages* languages) {
  return languages ? languages->of(parts.lang) : Words::english();
}

bool is_shown(const std::string& state, const Viewer* viewer) {
  const auto may = [viewer](std::string_view name) {
    return viewer && viewer->permissions.contains(name);
  };
  if (state == "signed-in") return viewer != nullptr;
  if (state == "signed-out") return viewer == nullptr;
  if (state == "unpaid") return !may("paid");
  return may(state);
}

void show_viewer(const PageParts& parts, const Viewer* viewer, Edits& edits) {
  for (const auto& [state, tag] : parts.shown) {
    if (is_shown(state, viewer))
      edits.remove(tag, "hidden");
    else
      edits.add(tag, "hidden");
  }
  if (!viewer) return;
  for (const Span& span : parts.viewer_names) edits.write(span, viewer->name);
  for (const Span& span : parts.viewer_emails) edits.write(span, viewer->email);
}

}  // namespace

Page::Page(std::string html, const PageAddress& address)
    : html_(address.path.empty() ? std::move(html) : with_links_from_root(html, address.path)),
      address_(address),
      parts_(std::make_unique<const PageParts>(read_parts(html_, address.hosts))) {}
Page::~Page() = default;
Page::Page(Page&&) noexcept = default;
Page& Page::operator=(Page&&) noexcept = default;

std::string Page::fill(const Filling& filling) const {
  Edits edits(html_);
  static const FieldValues none;
  const SentValues sent(filling.values ? *filling.values : none);
  const Forms forms = forms_to_fill(*parts_, filling, sent);
  const auto fill_forms = [&](const Forms& filled, std::string_view action, const auto& values) {
    const bool is_only = forms_of(*parts_, action).size() == 1;
    for (const std::size_t form : filled) fill_values(parts_->forms[form], values, is_only, edits);
  };
  if (filling.values) fill_forms(forms, filling.action, sent);
  if (filling.own_values)
    fill_forms(forms_of(*parts_, filling.own_action), filling.own_action,
               SentValues(*filling.own_values));
  if (filling.fresh) fill_fresh(parts_->fresh, *filling.fresh, sent, edits);
  if (filling.errors)
    show_errors(*parts_, forms.empty() ? nowhere : forms.front(), *filling.errors, filling.link,
                words_of(*parts_, filling.languages), edits);
  if (filling.data) show_data(*parts_, *filling.data, edits);
  show_viewer(*parts_, filling.viewer, edits);
  fill_places(html_, parts_->places, {filling, sent, forms, address_}, edits);
  return edits.apply();
}

const std::string& Page::lang() const { return parts_->lang; }

bool Page::shows(std::string_view output) const { return parts_->outputs.contains(output); }

}  // namespace actiond
