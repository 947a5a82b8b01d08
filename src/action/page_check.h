// The pages of a site compared with the forms of its actions, before a visitor finds out.  Pure:
// program/site_check.h reads the pages.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "action/catalogue.h"

namespace actiond {

struct PageFinding {
  std::string page;  // below the static root
  std::size_t line;  // 0: the page is not there
  std::string what;
  std::string mend;
  // The page cannot be put together, or a form without code in it can be no action.
  bool is_fatal = false;

  bool is_missing_page() const { return line == 0; }
  // No visitor could be shown the page, or use its form.
  bool stops_start() const { return is_missing_page() || is_fatal; }
  // "feedback.html:12", or the page alone when it is not there.
  std::string place() const { return is_missing_page() ? page : page + ":" + std::to_string(line); }
};
using PageFindings = std::vector<PageFinding>;

// The texts of pages by their name below the static root.
using PageTexts = std::map<std::string, std::string, std::less<>>;

// `hosts` are those of the site, as `host_of` (http/url.h) has them.  In the order of pages and
// lines.  It reports
// - a page of an action that is not there, or has no form for it;
// - a form for an action that does not exist, that is not posted, or has no submission key;
// - a form that a browser sends in a way that its action refuses;
// - a field that no action of the form declares, and a required one or a spam trap that it lacks;
// - names in data-each, data-field, data-error-for, data-user, data-show and <output> that nothing
//   fills, and words of `Fresh` (page/page.h) where they are no value;
// - a misspelt name of such an attribute, whose value would be right;
// - an encoding that is not UTF-8, a <base>, and a page that cannot be read at all.
PageFindings check_pages(const PageTexts& pages, const Catalogue& catalogue,
                         const std::vector<std::string>& hosts);

// Of each action the fields that every form for it hides, or that its buttons bring: a plain page
// with its form (catalogue.h) hides them too.
using HiddenFields = std::map<std::string, std::set<std::string>, std::less<>>;
HiddenFields find_hidden_fields(const PageTexts& pages, const Catalogue& catalogue,
                                const std::vector<std::string>& hosts);

}  // namespace actiond
