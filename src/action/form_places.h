// Where the form of an action stands: in a page of its own, in one that another action fills when
// it is opened, or in several, of which the answer is the one that it was sent from.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "action/catalogue.h"
#include "http/request.h"

namespace actiond {

struct FormPlace {
  std::string page = {};  // below the static root; empty: none
  // A local path, with the query of an action that fills the page.
  std::string address = {};
  const Action* filled_by = nullptr;  // another action than the form's; null: none
  FieldValues query = {};             // of it
};

class FormPlaces {
 public:
  // `catalogue` must outlive this.  `origins` are those of this site, as browsers write them.
  FormPlaces(const Catalogue& catalogue, std::vector<std::string> origins);

  // One of the action's pages, never another: that of the `Referer` (RFC 9110 section 10.1.3), if
  // it is on this site, else the first.
  FormPlace of(const Action& action, const Request& request) const;
  // That of the mark in the key; nothing: it has none, or that of another page.
  std::optional<FormPlace> marked(const Action& action, const FieldValues& values) const;
  // Of an action that is shown with GET, as it was asked for.
  FormPlace shown(const Action& action, FieldValues query) const;

  // Stands behind the key in a page that is filled: its address, where that of the request which it
  // answers may be another.  "": it says enough, or there is no room.
  std::string mark_of(const FormPlace& place) const;

 private:
  std::optional<FormPlace> find(const Action& action, std::string_view address) const;
  FormPlace make(const Action& action, std::string page, const Action* filled_by,
                 std::string_view query) const;
  const Action* filler_of(std::string_view page) const;

  const Catalogue& catalogue_;
  const std::vector<std::string> origins_;
  std::map<std::string_view, const Action*> fillers_;  // by page
  std::set<std::string_view> marked_;                  // pages
};

// The page that comes back for what was sent from `page`, one of the action's that no other action
// fills: the first of them in its language, no page of an error if there is another.  Whoever sends
// may name any of them, and nginx may have a gate before it, which this answer does not pass; so
// which ones come back follows from the names alone.  `lang_of` answers nothing for a page that is
// gone.
using LangOf = std::function<std::optional<std::string>(const std::string& page)>;
std::string page_that_comes_back(const Action& action, const std::string& page,
                                 const LangOf& lang_of);

}  // namespace actiond
