// Facets: what an action may be declared with besides its form and handler.  Each stands behind the
// handler at most once, in any order.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "action/asked.h"
#include "base/pairs.h"

namespace actiond {

enum class Facet {
  Unknown,
  Load,
  Before,
  Limit,
  Audit,
  SpamTrap,
  Inbox,
  Repeat,
  Isolate,
  Fills,
  Cached
};

// Fills the page when it is opened with GET.
//
//   Profile load_profile(const User&, Reader&);                          Load{load_profile}
//   std::variant<Advert, NotFound> load(const User&, const Which&, Reader&);   Load{which, load}
//
// `which` is what may stand behind the '?': Asked<Which>.  Load{by_id, own<Advert>} opens the form
// with the visitor's own row (access/own.h).  The loader of a page that shows more
// than its form answers Filled<Profile>, or std::variant<Filled<Profile>, NotFound>.  A public
// action's has no User, and const Visitor& in its place if its handler has it.
template <class Loader, class Query = NoQuery>
struct Load {
  static constexpr Facet facet = Facet::Load;
  explicit Load(Loader with) : load(with) {}
  Load(Asked<Query> may_be_asked, Loader with) : asked(may_be_asked), load(with) {}
  Asked<Query> asked = {};
  Loader load;
};
template <class Loader>
Load(Loader) -> Load<Loader>;
template <class Loader, class Query>
Load(Asked<Query>, Loader) -> Load<Loader, Query>;

// Slow work, such as hashing a password: runs before the transaction, so that it holds up no other
// writer.  The handler gets its outcome behind the input; FieldErrors are answered at once.
//
//   std::variant<Checked, FieldErrors> check(const SignIn&, Reader&);          Before{check}
//   Result sign_in(const SignIn&, const Checked&, Transaction&);
template <class Check>
struct Before {
  static constexpr Facet facet = Facet::Before;
  Check check;
};
template <class Check>
Before(Check) -> Before<Check>;

// Guessing is limited: see access/attempts.h for how much is allowed.
//
// For each account, named by a member of the input, and for each network: where a secret can be
// guessed.  A browser that signed in before is counted apart, so that others cannot lock it out.
template <class Input>
struct LimitByAccount {
  static constexpr Facet facet = Facet::Limit;
  std::string Input::*account;
};
template <class Input>
LimitByAccount(std::string Input::*) -> LimitByAccount<Input>;

// For the account that is signed in, and for each network: where its user says a secret again.
struct LimitByOwnAccount {
  static constexpr Facet facet = Facet::Limit;
};

// For each network alone, successes included: where an answer tells whether an account exists, or
// where each success costs the site something, such as an account made.
template <class Input>
struct LimitByNetwork {
  static constexpr Facet facet = Facet::Limit;
  std::string Input::*account;  // becomes known to the browser when a try at it succeeds
};
template <class Input>
LimitByNetwork(std::string Input::*) -> LimitByNetwork<Input>;

// For each account, and for each network, successes included: where a mail is sent to whoever has
// the address that a member of the input names.
template <class Input>
struct LimitMails {
  static constexpr Facet facet = Facet::Limit;
  std::string Input::*account;
};
template <class Input>
LimitMails(std::string Input::*) -> LimitMails<Input>;

// For each mail: where the code that it says is typed, in the browser that asked for it
// (access/ticket.h).  A member of the input is the code; without one nothing is counted.
template <class Input>
struct LimitCodes {
  static constexpr Facet facet = Facet::Limit;
  std::string Input::*code;
};
template <class Input>
LimitCodes(std::string Input::*) -> LimitCodes<Input>;

// Whether each effect leaves a row in the audit.  By default those of protected and paid actions
// do, those of public actions do not.
struct Audited {
  static constexpr Facet facet = Facet::Audit;
  bool yes = true;
};

// The same submission, sent again, runs again instead of getting the earlier answer: where running
// twice does no harm, and the answer must not be had without what it was given for, as a session.
struct Repeatable {
  static constexpr Facet facet = Facet::Repeat;
};

// Isolation::ReadCommitted of data/store.h is a facet as well: the handler does not run again when
// others write what it reads, since its author has looked at what that does.

// Holds what looks like spam: action/spam.h.  For public actions without passwords and files.
struct SpamTrap {
  static constexpr Facet facet = Facet::SpamTrap;
  std::string_view field;  // people do not see it and leave it empty
};

// A message of the inbox for each effect, committed with what the handler wrote: what was sent, but
// for passwords.  A file lies there under a name of its own, for the owner alone.
//
//   public_action("feedback", form, send_feedback, Inbox{.notifies = true});
struct Inbox {
  static constexpr Facet facet = Facet::Inbox;
  bool notifies = false;    // the owner gets a mail: `notify` of the settings
  bool is_searched = true;  // a search finds its messages
  std::optional<std::chrono::days> kept_for = std::nullopt;  // nothing: until they are deleted
};

// The names that the action fills in its page, so that `actiond check` finds those that nothing
// fills: of Data and Content, and of the lists with their columns.
//
// The addresses `previous-page` and `next-page` of a list's pages are known.
//
//   Fills{.outputs = {"report"}}                Fills{.lists = {reports.columns()}}
//   Fills{.lists = {{"sessions", {"browser", "seen"}}}}
struct Fills {
  static constexpr Facet facet = Facet::Fills;
  std::vector<std::string_view> outputs = {};
  // With their columns; of several a CSV has the first.
  Pairs<std::vector<std::pair<std::string_view, std::vector<std::string_view>>>> lists = {};
};

// Of a public view: nginx may answer others with the same page, list or text for so long, from a
// second to a day.  Visitors who are signed in, or to whom a note is carried, never get it.
//
//   public_view("adverts", "adverts.html", search, list_adverts, Cached{std::chrono::seconds(60)});
struct Cached {
  static constexpr Facet facet = Facet::Cached;
  std::chrono::seconds time;
};

}  // namespace actiond
