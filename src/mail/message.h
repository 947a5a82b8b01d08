// A mail as it is sent: RFC 5322 with plain text in UTF-8.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "mail/address.h"
#include "mail/template.h"

namespace actiond {

struct MailMessage {
  Mailbox from;
  Address to;
  std::optional<Address> reply_to;
  Time date;
  std::string id;  // "17.dGhlIHJhbmRvbQ@example.com"; the same at each try
  MailText text;
  bool is_answer = false;
};

// The same bytes for the same message.  Lines end in CRLF and have at most 998 bytes.
std::string to_rfc5322(const MailMessage& message);

}  // namespace actiond
