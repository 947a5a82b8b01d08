// A form without code: one that a page says is for the inbox, and that is an action all the same.
//
//   <form method="post" action="/actions/contact" data-inbox data-thanks="/thanks.html">
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "action/action.h"
#include "action/page_check.h"
#include "forms/control_rules.h"
#include "mail/address.h"
#include "page/outline.h"
#include "store/inbox.h"

namespace actiond {

// Controls that a form without code may have, and bytes of its name.
constexpr std::size_t most_controls = 100, most_name_bytes = 64;

struct InboxForm {
  std::string name;  // of its action
  std::string page;  // below the static root; of several the first that tells of no error
  std::size_t line;
  std::string place;  // where its author wrote it
  Level level;
  std::string thanks;           // where the visitor goes then; empty: the page itself
  std::string trap;             // the field that people do not see; empty: none
  std::string answer;           // the text of the mail that thanks the sender; empty: none
  std::vector<Address> notify;  // are told of each message by mail
  bool is_searched;             // a search finds its messages
  std::optional<std::chrono::days> kept_for;  // then a message is deleted; nothing: never
  std::vector<ControlRules> controls;
  std::vector<std::string> more_pages = {};  // with the same form

  struct Message {
    std::vector<MessageField> fields;
    std::vector<std::pair<std::size_t, File>> files;  // each with the number of its field
  };
  // A message, or the mistake at each wrong field.
  std::variant<Message, FieldErrors> read(const FieldValues& values) const;
  // As it was typed where the form asks for an address.
  std::optional<Address> sender_in(const std::vector<MessageField>& fields) const;
};

// As the settings say it for all forms.
struct InboxSettings {
  std::vector<Address> owners;                    // are told of messages, if a form says so
  std::int64_t most_file_bytes;                   // of a file
  std::set<std::string, std::less<>> texts = {};  // of mails, by name
  // Where a line of a page was written: "contact.html:12".
  std::function<std::string(const std::string& page, std::size_t line)> place =
      [](const std::string& page, std::size_t line) { return fmt::format("{}:{}", page, line); };
};

// Whether what is typed into it is an address to answer to.
bool asks_for_address(const ControlRules& control);

// Adds what is wrong to `findings`, and then answers null.
std::shared_ptr<InboxForm> read_inbox_form(const OutlineForm& written, const std::string& page,
                                           const InboxSettings& settings, PageFindings& findings);

// Whether a message means the same to both, whatever their markup looks like.
bool asks_the_same(const InboxForm& one, const InboxForm& other);

// The action keeps the form.
Action action_of(const std::shared_ptr<const InboxForm>& form);

// Tells the owners of a message.
void tell_of(const InboxForm& form, const std::vector<MessageField>& fields, std::int64_t id,
             Transaction& tx, Time now);

// "form contact in contact.html: 4 fields, public"; "in a.html and b.html", "in a.html and 2 more
// pages"
std::string to_text(const InboxForm& form);

}  // namespace actiond
