#include "inbox/inbox_forms.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "action/problem_answers.h"
#include "base/encoding.h"
#include "http/local_path.h"
#include "inbox/inbox_pages.h"

namespace actiond {
namespace {

class InboxFormsFinder {
 public:
  InboxFormsFinder(const PageTexts& pages, const Catalogue& in_code, const InboxSettings& settings)
      : pages_(pages), in_code_(in_code), settings_(settings) {
    found_.has_pages = pages.contains(inbox_page) && pages.contains(inbox_message_page);
    found_.owners = settings.owners;
  }

  void look_at(const std::string& page, const OutlineForm& written) {
    if (!written.attributes.contains(inbox_attribute)) return;
    auto form = read_inbox_form(written, page, settings_, found_.findings);
    if (!form) return;
    if (!is_local_path(path_of_page(page)))
      return report(*form, "The name of the page has a character that no address here may have.",
                    "Name the page otherwise.");
    require_thanks(*form);
    if (const Action* action = in_code_.find(form->name))
      return report(
          *form, fmt::format("The action {} is in C++ already: {}.", form->name, action->declared),
          "Give the form another name, or remove its data-inbox.");
    const auto same =
        std::ranges::find_if(forms_, [&](const auto& known) { return known->name == form->name; });
    if (same == forms_.end())
      forms_.push_back(std::move(form));
    else if (asks_the_same(**same, *form))
      join(**same, std::move(*form));
    else
      report(*form,
             fmt::format("Another form has the name {}, and other rules: {}.", form->name,
                         (*same)->place),
             "Give each form a name of its own.");
  }

  void report(const std::string& page, std::size_t line, std::string what, std::string mend) {
    found_.findings.push_back({page, line, std::move(what), std::move(mend), true});
  }

  InboxForms take() && {
    found_.forms.assign(forms_.begin(), forms_.end());
    return std::move(found_);
  }

 private:
  void report(const InboxForm& form, std::string what, std::string mend) {
    report(form.page, form.line, std::move(what), std::move(mend));
  }

  // A page of an error is not the one that a form is found at.
  static void join(InboxForm& known, InboxForm other) {
    const bool is_there =
        known.page == other.page || std::ranges::count(known.more_pages, other.page) > 0;
    if (is_there) return;
    const bool is_first = is_page_of_problem(known.page) && !is_page_of_problem(other.page);
    if (is_first) {
      std::swap(known.page, other.page);
      std::swap(known.line, other.line);
      std::swap(known.place, other.place);
    }
    auto& more = known.more_pages;
    more.insert(is_first ? more.begin() : more.end(), std::move(other.page));
  }

  void require_thanks(const InboxForm& form) {
    const std::string page = page_at(form.thanks);
    if (!page.ends_with(".html") || pages_.contains(page)) return;
    report(form, fmt::format("There is no page for data-thanks=\"{}\".", form.thanks),
           "Add it to the static pages, or name one that is there.");
  }

  const PageTexts& pages_;
  const Catalogue& in_code_;
  const InboxSettings& settings_;
  std::vector<std::shared_ptr<InboxForm>> forms_;
  InboxForms found_;
};

}  // namespace

InboxForms find_inbox_forms(const PageTexts& pages, const std::vector<std::string>& hosts,
                            const Catalogue& in_code, const InboxSettings& settings) {
  InboxFormsFinder finder(pages, in_code, settings);
  for (const auto& [page, text] : pages) {
    if (to_lower(text).find(inbox_attribute) == std::string::npos) continue;
    std::optional<PageOutline> outline;
    try {
      outline = outline_of(text, {path_of_page(page), hosts});
    } catch (const std::invalid_argument& error) {
      finder.report(page, 1, fmt::format("The page cannot be filled in: {}.", error.what()),
                    "Make it shorter, or divide it.");
      continue;
    }
    for (const OutlineForm& form : outline->forms) finder.look_at(page, form);
  }
  return std::move(finder).take();
}

}  // namespace actiond
