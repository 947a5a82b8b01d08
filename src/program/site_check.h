// The pages on disk compared with the actions of this site (action/page_check.h), and its message
// files with the English ones (program/messages.h).
#pragma once

#include "action/page_check.h"
#include "program/settings.h"

namespace actiond {

struct SiteCheck {
  std::size_t pages;
  PageFindings findings;
};

// The same, and its site with the actions that its pages bring as they are now: forms without code,
// the inbox, payments.  Throws std::runtime_error for a page that cannot be read.
Settings with_pages(Settings settings);

// The same, and with the secrets that its actions need when they run.  Throws std::runtime_error
// for a file that cannot be read, or that others can.
Settings with_secrets(Settings settings);

// Those that sign events.  Throws as `with_secrets`.
std::vector<std::string> read_webhook_secrets(const StripeSettings& stripe);

// Those of `settings.site.inbox_forms`, a line each.
std::string inbox_forms_text(const Settings& settings);

// Throws std::runtime_error for a page or a message file that cannot be read.
SiteCheck check_site(const Settings& settings);

// Throws std::runtime_error for the first page that is missing or lacks a frame, since an action
// that shows its form there would answer 500, and for a form without code that can be no action.
void require_pages(const SiteCheck& checked, const Settings& settings);

// Two lines for a terminal: where and what, then how to mend it.
std::string to_text(const PageFinding& finding, const Settings& settings);

}  // namespace actiond
