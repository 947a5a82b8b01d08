#include "action/page_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string_view>

#include "action/field_check.h"
#include "action/misspelt_check.h"
#include "action/note.h"
#include "action/problem_answers.h"
#include "action/sending_check.h"
#include "action/spam.h"
#include "action/value_check.h"
#include "base/encoding.h"
#include "base/program_name.h"
#include "http/media_type.h"
#include "page/outline.h"

namespace actiond {
namespace {

// Of the permissions that plans give (payment/).
constexpr std::string_view plan_prefix = "plan:";

using Names = std::set<std::string_view>;
using Targets = std::vector<const Action*>;

bool is_utf8_label(const std::string& label) {
  return is_utf8({.type = "text/html", .parameters = {{"charset", to_lower(label)}}});
}

class PageChecker {
 public:
  PageChecker(const std::string& page, const PageOutline& outline, const Catalogue& catalogue)
      : page_(page), outline_(outline), catalogue_(catalogue) {}

  PageFindings check() {
    states_ = catalogue_.permissions();
    states_.insert({"signed-in", "signed-out", "paid", "unpaid"});
    check_text();
    for (const OutlineForm& form : outline_.forms) check_form(form);
    check_own_actions();
    check_filled();
    std::ranges::stable_sort(found_, {}, &PageFinding::line);
    return std::move(found_);
  }

 private:
  void report(std::size_t line, std::string what, std::string mend) {
    found_.push_back({page_, line, std::move(what), std::move(mend)});
  }

  void check_text() {
    for (const std::size_t line : outline_.not_utf8)
      report(line, "The page is not UTF-8.", "Store it as UTF-8: that is what nginx says it is.");
    for (const auto& [label, line] : outline_.charsets)
      if (!is_utf8_label(label))
        report(line, fmt::format("The page says that it is {}.", label),
               "Store it as UTF-8, and write <meta charset=\"utf-8\">.");
    for (const auto& [href, line] : outline_.bases)
      report(line,
             fmt::format("<base href=\"{}\"> has no effect: the site's policy forbids it.", href),
             "Remove it, and write links from the root or relative to the page.");
    for (const auto& [word, line] : outline_.words)
      report(line, fmt::format("{} stands where it is no value of a control.", word),
             "nginx replaces it all the same: in text write the brace as &#123;.");
    for (const auto& [name, line] : outline_.viewers)
      if (name != "name" && name != "email")
        report(line, fmt::format("data-user=\"{}\" is filled by nothing.", name),
               "data-user is name or email.");
    for (const auto& [state, line] : outline_.shown_to)
      if (!states_.contains(state) && !state.starts_with(plan_prefix))
        report(line, fmt::format("data-show=\"{}\" is filled by nothing.", state),
               "data-show is signed-in, signed-out, paid, unpaid, plan:NAME, or a permission that "
               "an action asks for.");
  }

  void check_form(const OutlineForm& form) {
    Targets targets;
    for (const auto& [name, line] : form.targets) {
      const Action* action = catalogue_.find(name);
      const bool is_built_in = !form.posts && (name.empty() || name == "me");
      if (action != nullptr) targets.push_back(action);
      // Of a form without code inbox/inbox_forms.h says what is wrong.
      if (action != nullptr || is_built_in || form.attributes.contains(inbox_attribute)) continue;
      has_lost_form_ = true;
      report(line, fmt::format("The form is for the action \"{}\", which does not exist.", name),
             in_shell("actions") + " lists those that do.");
    }
    if (targets.empty()) return;
    for (const Action* action : targets) {
      shown_.insert(action);
      if (!action->form.page.empty() && action->form.page == page_) has_own_.insert(action);
    }
    // Asks, and changes nothing.
    if (!form.posts && std::ranges::all_of(targets, &Action::is_view)) return;
    if (!form.posts)
      return report(form.line,
                    fmt::format("The form for {} is not posted: its fields go into the address.",
                                targets.front()->name),
                    "Write method=\"post\".");
    if (!form.charset.empty() && !is_utf8_label(form.charset))
      report(form.line, fmt::format("The form is sent as {}.", form.charset),
             "Remove accept-charset: actions take UTF-8 alone.");
    std::ranges::move(check_fields(page_, form, targets), std::back_inserter(found_));
    std::ranges::move(check_values(page_, form, targets), std::back_inserter(found_));
    std::ranges::move(check_sending(page_, form, targets), std::back_inserter(found_));
  }

  void check_own_actions() {
    for (const Action& action : catalogue_.actions()) {
      if (action.form.page != page_) continue;
      shown_.insert(&action);
      own_.insert(&action);
      // A form for an action that does not exist is most likely the one.
      if (!action.is_view() && !has_own_.contains(&action) && !has_lost_form_)
        report(1, fmt::format("{} shows its form here, and the page has none for it.", action.name),
               fmt::format("Add one: {} prints it.", form_command(action)));
    }
  }

  void check_filled() {
    Names outputs{note_output};
    std::map<std::string_view, Names> lists;
    for (const Action* action : shown_) {
      outputs.insert(action->fills.outputs.begin(), action->fills.outputs.end());
      if (action->spam_trap) outputs.insert(held_output);
      if (action->is_view()) outputs.insert({previous_page, next_page, as_csv});
      if (!own_.contains(action)) continue;
      for (const auto& [name, columns] : action->fills.lists)
        lists[name].insert(columns.begin(), columns.end());
    }
    if (is_page_of_problem(page_)) outputs.insert(problem_outputs.begin(), problem_outputs.end());
    for (const auto& [name, line] : outline_.outputs)
      if (!outputs.contains(name))
        report(line, fmt::format("<output name=\"{}\"> is filled by nothing.", name),
               "Name a value that an action of the page declares with Fills; one that a script "
               "fills says so with `for`.");
    for (const OutlineList& list : outline_.lists) check_list(list, lists);
    for (const OutlinePlace& place : outline_.places) check_place(place, outputs, lists);
    Askable askable{std::move(outputs), {}, {}, states_};
    for (const auto& [name, columns] : lists) {
      askable.lists.insert(name);
      askable.columns.insert(columns.begin(), columns.end());
    }
    std::ranges::move(check_misspelt(page_, outline_, askable), std::back_inserter(found_));
  }

  void check_list(const OutlineList& list, const std::map<std::string_view, Names>& lists) {
    const auto& [name, line] = list.name;
    if (!lists.contains(name))
      return report(line, fmt::format("data-each=\"{}\" is filled by nothing.", name),
                    "Name a list that the action of this page declares with Fills.");
    if (!list.can_be_repeated)
      report(line, fmt::format("data-each=\"{}\" stands on an element that has no end tag.", name),
             "Write its end tag, which minifiers leave out: only a whole element is repeated.");
  }

  void check_place(const OutlinePlace& place, const Names& outputs,
                   const std::map<std::string_view, Names>& lists) {
    const bool is_in_list = place.list.has_value();
    const std::string list = is_in_list ? outline_.lists[*place.list].name.name : "";
    const auto columns = lists.find(list);
    // A list that nothing fills is a finding already.
    if (is_in_list && columns == lists.end()) return;
    const bool is_condition = place.kind == OutlinePlace::Kind::Condition;
    const bool is_filled = outputs.contains(place.name) ||
                           (is_in_list && columns->second.contains(place.name)) ||
                           (is_condition && lists.contains(place.name));
    if (is_filled && place.kind == OutlinePlace::Kind::NeverFilled)
      return report(place.line,
                    fmt::format("{{{}}} in {} is never filled.", place.name, place.where),
                    "A browser would act on the value: write it into another attribute.");
    if (is_filled || place.kind == OutlinePlace::Kind::NeverFilled) return;
    if (is_in_list)
      return report(place.line, fmt::format("{} is no column of {}.", place.where, list),
                    fmt::format("Name one: {}.", fmt::join(columns->second, ", ")));
    report(place.line, fmt::format("{} is filled by nothing.", place.where),
           "Name a value that an action of the page declares with Fills.");
  }

  const std::string& page_;
  const PageOutline& outline_;
  const Catalogue& catalogue_;
  PageFindings found_;
  Names states_;
  std::set<const Action*> shown_, own_, has_own_;
  bool has_lost_form_ = false;
};

bool is_page_of_action(const Catalogue& catalogue, std::string_view page) {
  return std::ranges::any_of(catalogue.actions(),
                             [page](const Action& action) { return action.form.page == page; });
}

}  // namespace

PageFindings check_pages(const PageTexts& pages, const Catalogue& catalogue,
                         const std::vector<std::string>& hosts) {
  PageFindings found;
  for (const Action& action : catalogue.actions())
    if (!action.form.page.empty() && !pages.contains(action.form.page))
      found.push_back(
          {action.form.page, 0,
           fmt::format("There is no such page, and {} shows its form in it.", action.name),
           "Add it to the static pages, where it is one of the account from static/ of actiond, or "
           "declare the form without a page."});
  for (const auto& [name, text] : pages) {
    PageFindings more;
    try {
      const PageOutline outline = outline_of(text, {"/" + name, hosts});
      more = PageChecker(name, outline, catalogue).check();
    } catch (const std::invalid_argument& error) {
      // Too long or too deep: a page without forms is nginx's alone.
      if (is_page_of_action(catalogue, name) || text.find("/actions/") != text.npos)
        more = {{name, 1, fmt::format("The page cannot be filled in: {}.", error.what()),
                 "Make it shorter, or divide it."}};
    }
    found.insert(found.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  }
  return found;
}

}  // namespace actiond
