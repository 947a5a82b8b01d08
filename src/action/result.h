// The result of an action: returned, never thrown.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "access/attempts.h"
#include "access/ticket.h"
#include "base/pairs.h"
#include "data/store.h"
#include "forms/field.h"

namespace actiond {

// Done; the visitor goes on to a page of this site (303 See Other), where the note stands once, in
// <output name="note">.
struct Redirect {
  std::string to;
  std::string note = {};  // a text, or the name of one in the site's messages: "note.saved"
  // The address of the account that the visitor has just proven to own: others cannot lock this
  // browser out there any more (access/device.h).
  std::string proven_account = {};
  // Becomes the browser's, for `ticket_life`; an action that gives one is Repeatable.
  std::optional<Ticket> ticket = {};
};

// Done; the page shows these values in its <output name="…"> elements.
struct Data {
  Pairs<std::map<std::string, std::string>> values;
};

// Done; the visitor goes on to another site (303 See Other): to one of Action::leads_to.
struct Leave {
  std::string address;
};

// A mail with a result.  Ordered in the same transaction, and told whether its address and the
// visitor's network may be sent one more: then it counts as those of LimitMails do.
struct LimitedMail {
  std::string to;
  std::function<void(Transaction&, bool is_allowed)> order;
};

// Done; the visitor is signed in as `user_id` with a new session, and the old one has ended.
struct StartSession {
  std::int64_t user_id;
  std::string to;
  // As of a Redirect; where a try at the account was counted, that names it.
  std::string proven_account = {};
  // Called in the same transaction if the account has not known this browser, which is told as
  // sessions tell it ("Firefox, Linux"), or "" where that would be what a client calls itself.
  std::function<void(Transaction&, const std::string& browser)> in_new_browser = nullptr;
  std::optional<LimitedMail> mail = {};
};

// Done; the visitor's session has ended.
struct EndSession {
  std::string to;
};

// Tried too often; nothing was written.  429 with Retry-After, RFC 6585.
struct TryLater {
  std::chrono::seconds wait;
  Attempt::Kind of = Attempt::Kind::Secret;  // the limit that was reached
};

// There is no such row, or it is not this visitor's; nothing was written.  404.
struct NotFound {};

using Result =
    std::variant<Redirect, Data, FieldErrors, StartSession, EndSession, TryLater, NotFound, Leave>;

// Whether the visitor is signed in as somebody else afterwards, or as nobody.
inline bool changes_session(const Result& result) {
  return std::holds_alternative<StartSession>(result) || std::holds_alternative<EndSession>(result);
}

// Whether it leaves nothing written.
inline bool is_refusal(const Result& result) {
  return std::holds_alternative<FieldErrors>(result) || std::holds_alternative<TryLater>(result) ||
         std::holds_alternative<NotFound>(result);
}

// The path that the visitor is sent to; null: none.
inline const std::string* destination(const Result& result) {
  return std::visit(
      [](const auto& one) -> const std::string* {
        if constexpr (requires { one.to; }) return &one.to;
        return nullptr;
      },
      result);
}

}  // namespace actiond
