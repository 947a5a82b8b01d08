// A mail as a handler orders it: which text, to whom, filled with what.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "mail/address.h"

namespace actiond {

using MailValues = std::map<std::string, std::string>;

struct Mail {
  Address to;
  std::string text;        // conf/mail/TEXT.txt
  MailValues values = {};  // what stands there for {name}
  // BCP 47, as a page's `lang`: with "de" conf/mail/TEXT.de.txt, if there is one.
  std::string language = {};
  std::optional<Address> reply_to = {};
  bool is_answer = false;               // to something that `to` sent, and that nobody has read
  std::optional<Time> due_at = {};      // it is not sent before
  std::optional<Time> expires_at = {};  // from then on it is not sent any more
};

// As one column holds them.
std::string to_json(const MailValues& values);
MailValues mail_values_from_json(std::string_view json);

}  // namespace actiond
