// The mails that a site under test would send.
#pragma once

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

#include "site_under_test.h"
#include "store/outbox.h"

namespace actiond::test {

// The oldest first.
inline std::vector<OutgoingMail> waiting_mails(SiteUnderTest& site) {
  std::vector<OutgoingMail> mails;
  for (const OutboxEntry& entry : outbox(site.database.reader()))
    if (entry.state == MailState::Waiting)
      mails.push_back(*find_unsent_mail(site.database.reader(), entry.id));
  return mails;
}

// Those with that text.
inline std::vector<OutgoingMail> waiting_mails(SiteUnderTest& site, std::string_view text) {
  std::vector<OutgoingMail> mails = waiting_mails(site);
  std::erase_if(mails, [text](const OutgoingMail& mail) { return mail.mail.text != text; });
  return mails;
}

// A value of the last mail with that text.
inline std::string mailed(SiteUnderTest& site, std::string_view text, const std::string& value) {
  const auto mails = waiting_mails(site, text);
  REQUIRE_FALSE(mails.empty());
  return mails.back().mail.values.at(value);
}

}  // namespace actiond::test
