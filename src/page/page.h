// "The page is the template": a static page that comes back with values, messages, results and the
// viewer filled in.  It is spliced, not written anew: every byte that was not changed stays.
//
// Sources: WHATWG HTML 4.10 (forms; 4.10.17.3 which form owns a control, 4.10.22.4 what a form
// sends), 6.6.7 (autofocus), 13.1.2.3 (attributes), 13.2 (parsing).  WAI-ARIA 1.2 for aria-invalid
// and aria-describedby.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "forms/field.h"
#include "http/words.h"
#include "page/list.h"

namespace actiond {

struct PageParts;

// The user who looks at the page.
struct Viewer {
  std::string name;
  std::string email;
  bool has_access = false;
};

// The values that are new each time a page is shown.  The author writes a word as the value of a
// control: `{once}` for the submission key, `{shown}` for the time, `{next}` for the page that
// sign-in leads to.  nginx fills the words of a static page, `Page` those of a page that an action
// answers.
struct Fresh {
  std::string once;
  std::string shown;  // seconds since 1970
};

struct Link {
  Message text;
  std::string_view to;
};

struct Filling {
  // The forms to fill: those whose `action`, or a button's `formaction`, is /actions/ACTION.
  std::string_view action;
  // The values sent or loaded.  Without them the controls stay as the author wrote them.
  const FieldValues* values = nullptr;
  const FieldErrors* errors = nullptr;
  // For <output name=…>, by name.
  const std::map<std::string, std::string>* data = nullptr;
  // Null: signed out.
  const Viewer* viewer = nullptr;
  // For elements with data-each; one whose list is not here stays as the author wrote it.
  const Lists* lists = nullptr;
  // Null: the words stay.
  const Fresh* fresh = nullptr;
  // Behind the messages that belong to no field; opens in a new tab, so that the page stays.
  const Link* link = nullptr;
  // The messages are said in that of the page's `lang`.  Null: in English.
  const Languages* languages = nullptr;
};

// Where a page is found on the site.
struct PageAddress {
  std::string path;                // "/docs/contact.html"
  std::vector<std::string> hosts;  // of the site, as `host_of` (http/url.h) has them
};

// Parsed once and immutable afterwards: any number of threads may fill one page.
//
// Values.  The n-th control of a name that shows its value gets the n-th value; one that has none
// keeps what the author wrote.  A checkbox, radio button or option of a `select multiple` is on
// when its value was sent and off when not.  Left alone: passwords, files, buttons, the submission
// key `_once`, a `select` whose name was not sent (its placeholder was chosen), a hidden field that
// shares its name with a visible control, and a disabled checkbox.
//
// Several forms for one action.  Their hidden fields tell them apart and are left alone.  With
// errors, only the forms are filled that can have sent the values (`likely_forms`).  If none can,
// or without errors: all.
//
// Errors.  The page's title says so first.  They show in the first form filled.  A wrong control
// gets aria-invalid and the id of its message in aria-describedby; the message goes into the
// element with data-error-for, in the form or in none, else into a new <span class="field-error">
// behind the control and its label.  What hides either (<details>, <dialog>, `hidden`) is opened;
// of a popover, the summary leads out.  A summary with links leads the form (or <main>, or <body>,
// when no form is the action's).  Only one element can have the focus: the first wrong control, or
// the summary when no control is at fault.
//
// Viewer.  data-user="name | email" is written over when somebody is signed in.  data-show is two
// pairs of opposites: signed-in and signed-out, paid and unpaid.  Who is signed out has not paid.
//
// Fresh values.  A control whose whole value is one of the words, in any case and quoting, gets the
// fresh one; `{shown}` and `{next}` the one that was sent, if any, and `{next}` else none.
//
// Lists.  An element with data-each="NAME" stands for a row and comes back once for each row of
// that list, shown; the author writes it `hidden`, for a page without rows.  In it data-field="x"
// is written over, and a button or hidden input named x gets the value; nothing else in it is
// filled or takes a message, and ids in it would be doubled.
//
// Nothing is filled inside <template>, SVG, MathML, scripts, styles and comments.  An element that
// takes no text (a table row, a script) or whose content misnested tags tore apart gets none.
class Page {
 public:
  // Throws std::invalid_argument when the page is larger than 1 MiB or nests too deep; any other
  // text is a page.
  //
  // Relative links are resolved against `address`, since the page is shown under that of an action.
  // Without a path they stay as they are.
  explicit Page(std::string html, const PageAddress& address = {});
  ~Page();
  Page(Page&&) noexcept;
  Page& operator=(Page&&) noexcept;

  std::string fill(const Filling& filling) const;

  // Has an <output> of that name, so that data of that name is seen.
  bool shows(std::string_view output) const;

 private:
  std::string html_;
  std::unique_ptr<const PageParts> parts_;
};

}  // namespace actiond
