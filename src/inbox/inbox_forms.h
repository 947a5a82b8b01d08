// The forms without code of all pages of a site.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "action/catalogue.h"
#include "action/page_check.h"
#include "inbox/inbox_form.h"

namespace actiond {

struct InboxForms {
  std::vector<std::shared_ptr<const InboxForm>> forms;
  PageFindings findings;             // each stops a start and a reload
  bool has_pages = false;            // those at which the owner reads (inbox/inbox_pages.h)
  std::vector<Address> owners = {};  // of the settings
};

// `hosts` are those of the site, as `host_of` (http/url.h) has them.  A form takes no name that an
// action of `in_code` has, and none that another form has, unless both ask for the same.
InboxForms find_inbox_forms(const PageTexts& pages, const std::vector<std::string>& hosts,
                            const Catalogue& in_code, const InboxSettings& settings);

}  // namespace actiond
