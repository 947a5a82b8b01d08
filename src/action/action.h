// An action as it is run and shown: its name, form and steps, without the types of its input.
// Declared with the functions of action/declare.h.
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/access.h"
#include "action/content.h"
#include "action/facets.h"
#include "data/store.h"
#include "forms/field.h"
#include "forms/form.h"

namespace actiond {

// Asks the Gate inside the transaction, and then runs the handler with its checked input.
using Call = std::function<std::variant<Result, Refusal>(const Gate&, Transaction&)>;

// The name of an action, and the line that declares it.  The builtins stand for
// std::source_location, which clang 14 does not have.
struct DeclaredName {
  template <std::convertible_to<std::string_view> Text>
  DeclaredName(const Text& name, const char* in = __builtin_FILE(), int at = __builtin_LINE())
      : text(name), file(in), line(at) {}

  std::string place() const;  // "src/guestbook.cpp:34"

  std::string_view text;
  const char* file;
  int line;
};

// The values of the form, and what else the page shows.
struct Loaded {
  std::optional<FieldValues> values = {};  // nothing: the fields as the page's author wrote them
  Content content = {};
};

// The answer of a view, or of a page that shows what is there.
using Opened = std::variant<Loaded, NotFound, FieldErrors, Download, Leave>;

// Each try of the action is counted before anything is checked, and no longer counts against its
// account once it succeeds: access/attempts.h.
struct GuessLimit {
  enum class Of {
    Account,  // and of the sender's network
    Network,  // alone, for successes too
    Mails,    // to the account, and from the network
    Codes,    // typed for one mail; the account is the code
  };
  // The account that a try is at; nothing when a field is wrong and so nothing will be checked.
  std::function<std::optional<std::string>(const FieldValues&, const std::optional<Identity>&)>
      account;
  Of of;
};

struct Signing;

// An action, or a view, which only reads.  Each function asks the Gate that it is given for the
// proof that the declaration names, so none of them runs for a visitor without it.
struct Action {
  // The Data is of an answer for which nothing has to be written.
  using Entered = std::variant<Call, FieldErrors, Data>;
  using Read =
      std::function<std::variant<Entered, Refusal>(const Gate&, const FieldValues&, Reader&)>;
  using Show =
      std::function<std::variant<Opened, Refusal>(const Gate&, const FieldValues& query, Reader&)>;
  using Prepare = std::function<void(Store&, const FieldValues& query)>;

  std::string name;
  Guard guard;
  FormDescription form;        // its page is the view's as well
  FormDescription query = {};  // what may stand behind the '?'
  Read read = nullptr;         // empty: a view
  Show show = nullptr;         // empty: the page as its author wrote it
  Prepare prepare = nullptr;   // writes what a view needs before it reads; empty: nothing
  bool read_takes_long = false;
  std::optional<bool> audited = std::nullopt;  // nothing: the default of its level
  std::optional<GuessLimit> guess_limit = std::nullopt;
  std::optional<std::string> spam_trap = std::nullopt;  // the name of the field that is the trap
  std::optional<Inbox> inbox = std::nullopt;
  bool is_searched = true;                   // what of it is held, or lies in the inbox
  bool is_repeatable = false;                // the same submission, sent again, runs again
  std::vector<std::string> more_pages = {};  // of a form without code that stands in several
  Isolation isolation = Isolation::Serializable;
  Fills fills = {};
  std::string declared = {};                                      // where, "src/guestbook.cpp:34"
  std::optional<std::chrono::seconds> cached_for = std::nullopt;  // of a public view, by nginx
  std::vector<std::string> leads_to = {};            // hosts that a Leave goes to, by https
  std::shared_ptr<const Signing> signing = nullptr;  // of a webhook: its body is no form

  Level level() const { return guard.level; }
  bool is_view() const { return !read; }
  // Whether `page` has its form.
  bool stands_in(std::string_view page) const;
  // Whether GET answers anything.
  bool is_shown() const { return show || !form.page.empty(); }
  // Whether a POST comes to slow work: a try is written down before it is made, and a file is
  // synced before the transaction.
  bool takes_long() const { return guess_limit || read_takes_long || has_file_field(form); }
  // Whether each of its effects counts for the sender's network, which has so many
  // (access/attempts.h): anybody may bring one about, and no limit of its own bounds them.
  bool has_price() const { return level() == Level::Public && !guess_limit && !signing; }
  // Whether each of its effects leaves a row in the audit.
  bool is_audited() const { return audited.value_or(level() != Level::Public); }
};

// Throws std::logic_error for messages that would be gone at once.
void require_life(std::string_view action, const Inbox& inbox);

// `leave`, if `action` names its host among those that it leads to; else throws std::logic_error.
const Leave& named(const Leave& leave, const Action& action);

}  // namespace actiond
