// "The page is the template": a static page that comes back with values, messages, results and the
// viewer filled in.  It is spliced, not written anew: every byte that was not changed stays.
//
// Sources: WHATWG HTML 4.10 (forms; 4.10.17.3 which form owns a control, 4.10.22.4 what a form
// sends), 6.6.7 (autofocus), 13.1.2.3 (attributes), 13.2 (parsing).  WAI-ARIA 1.2 for aria-invalid
// and aria-describedby.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/list.h"
#include "forms/field.h"
#include "http/words.h"

namespace actiond {

struct PageParts;

// The user who looks at the page.
struct Viewer {
  std::string name;
  std::string email;
  std::set<std::string, std::less<>> permissions = {};  // with "paid"
};

// The values that are new each time a page is shown.  The author writes a word as the value of a
// control: `{once}` for the submission key, `{shown}` for the time, `{next}` for the page that
// sign-in leads to.  nginx fills the words of a static page, `Page` those of a page that an action
// answers.
struct Fresh {
  std::string once;
  std::string shown;      // seconds since 1970
  std::string next = {};  // a local path
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
  // For <output name=…>, data-field, data-if and attributes, by name.
  const std::map<std::string, std::string>* data = nullptr;
  // Null: signed out.
  const Viewer* viewer = nullptr;
  // For elements with data-each, by name.
  const Lists* lists = nullptr;
  // Null: the words stay.
  const Fresh* fresh = nullptr;
  // Behind the messages that belong to no field; opens in a new tab, so that the page stays.
  const Link* link = nullptr;
  // The messages are said in that of the page's `lang`.  Null: in English.
  const Languages* languages = nullptr;
  // Another action, to which the page belongs, with the values of its forms: filled as well.
  std::string_view own_action = {};
  const FieldValues* own_values = nullptr;
};

// Where a page is found on the site.
struct PageAddress {
  std::string path;                // "/docs/contact.html"
  std::vector<std::string> hosts;  // of the site, as `host_of` (http/url.h) has them
  // Of other sites that links and pictures made of values may lead to, over https.
  std::vector<std::string> linked_hosts = {};
};

// Parsed once and immutable afterwards: any number of threads may fill one page.
//
// Sent values.  The n-th control of a name that shows its value gets the n-th value; one that has
// none keeps what the author wrote.  A checkbox, radio button or option of a `select multiple` is
// on when its value was sent and off when not.  Left alone: passwords, files, buttons, the
// submission key `_once`, a `select` whose name was not sent (its placeholder was chosen), a hidden
// field that shares its name with a visible control, and a disabled checkbox.
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
// Viewer.  data-user="name | email" is written over when somebody is signed in.  data-show is
// signed-in or signed-out, unpaid, or the name of a permission, such as paid: who is signed out has
// none.
//
// Fresh values.  A control whose whole value is one of the words, in any case and quoting, gets the
// fresh one; `{shown}` and `{next}` the one that was sent, if any.
//
// Values.  With `data` or `lists` the page's own places are filled as well; without either, as for
// a visitor who asked for no values, they stay as the author wrote them.
//   data-field="x"   is written over, in a <time> to the minute; left alone when nothing gives x
//   data-if="x"      is left out when x is missing, empty, "0" or "false" as a value and has no
//   rows
//                    as a list; data-if="!x" is the opposite.  One that stays loses `hidden`.
//   attr="… {x} …"   is written over; removed when nothing gives x, so that no browser asks for
//                    "{picture}".  Names are [a-z][a-z0-9_-]*.  `checked`, `selected`, `disabled`,
//                    `hidden`, `open` and their like are there or not, as data-if is.  Addresses:
//                    page/filled_link.h.  Filled are the attributes that page/attribute.cpp lists:
//                    none that is a script or style, and none of <script>, <link>, <iframe>, …
//
// Lists.  An element with data-each="NAME" stands for a row and comes back once for each row of
// that list, shown; the author writes it `hidden`, for a page without rows.  One whose list is not
// given stays as it is, one without rows stays hidden, except an <option>, which is left out.  In a
// row the places are filled with the row's values, then with the page's; data-each in it, with the
// row's lists, then with the page's.  Its controls get the row's value of their name, an <option>
// made by a list is chosen as one that the author wrote.  Nothing else in it is filled or takes a
// message.  Ids in it are the author's to keep apart: id="item-{id}".
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

  // The `lang` of its <html>; "" when it has none.
  const std::string& lang() const;

  // Has an <output> of that name, so that data of that name is seen.
  bool shows(std::string_view output) const;

 private:
  std::string html_;
  PageAddress address_;
  std::unique_ptr<const PageParts> parts_;
};

}  // namespace actiond
