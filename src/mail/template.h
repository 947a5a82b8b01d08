// The texts of mails, a plain file each: conf/mail/NAME.txt, and NAME.de.txt in another language.
//
//   Subject: A message from {name}
//
//   {name} wrote at {origin}:
//
//   {message}
//
// A value stands for {name} wherever that is, and is never looked at again.  One that is empty
// takes the comma and the space before it along: "Hello {name}," is then "Hello,".
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "mail/mail.h"

namespace actiond {

struct MailText {
  HeaderText subject;
  std::string body;  // lines end in LF
};

class MailTemplate {
 public:
  // Throws std::runtime_error for what does not begin with a subject and an empty line.
  explicit MailTemplate(std::string_view file);

  // In the subject U+FFFD stands for a control character of a value, line ends included.  Throws
  // std::runtime_error when there is no value for a name.
  MailText fill(const MailValues& values) const;

 private:
  std::string subject_;
  std::string body_;
};

// The texts that the library sends, with values of its own; others are a site's answers to forms.
constexpr auto library_texts = std::to_array<std::string_view>(
    {"address-proven", "email-changed", "inbox-message", "inbox-messages", "new-sign-in",
     "new-token", "password-changed", "reset-password", "sign-in", "stripe-nightly",
     "verify-email"});

// Of the texts in a folder, without those in another language; without the folder there are none.
std::set<std::string, std::less<>> text_names(const std::filesystem::path& folder);

class MailTemplates {
 public:
  // Throws std::runtime_error, which names the file; without the folder there are none.
  explicit MailTemplates(const std::filesystem::path& folder);

  // In that language, of which "de-AT" falls back to "de" (RFC 4647 section 3.4), or else in the
  // one that NAME.txt has.  Throws std::runtime_error when there is none of that name.
  const MailTemplate& find(const std::string& name, std::string_view language) const;

 private:
  std::map<std::string, MailTemplate, std::less<>> templates_;  // by "NAME" and "NAME.de"
};

}  // namespace actiond
