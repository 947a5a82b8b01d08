// An action as it is run and shown: its name, form and steps, without the types of its input.
// Declared with the functions of action/declare.h.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "access/access.h"
#include "action/facets.h"
#include "action/result.h"
#include "data/store.h"
#include "forms/field.h"
#include "forms/form.h"
#include "page/list.h"

namespace actiond {

// The values and lists that a page is opened with.
struct Loaded {
  std::optional<FieldValues> values = {};  // nothing: the fields as the page's author wrote them
  Lists lists = {};
};

// `Proof` is nothing, User or PaidUser: the level of the action.
template <class... Proof>
struct Steps {
  // The handler, bound to its checked input, waiting for the transaction.
  using Call = std::function<Result(const Proof&..., Transaction&)>;

  std::function<std::variant<Call, FieldErrors>(const Proof&..., const FieldValues&, Reader&)> read;
  std::function<Loaded(const Proof&..., Reader&)> load = nullptr;  // empty without a loader
  bool read_takes_long = false;
};

// Each try of the action is counted before anything is checked, and no longer counts against its
// account once it succeeds: access/attempts.h.
struct GuessLimit {
  // The account that a try is at; nothing when a field is wrong and so nothing will be checked.
  std::function<std::optional<std::string>(const FieldValues&, const std::optional<Identity>&)>
      account;
  bool per_account;  // false: only the sender's network is limited, for successes too
};

struct Action {
  std::string name;
  FormDescription form;
  std::variant<Steps<>, Steps<User>, Steps<PaidUser>> steps;
  std::optional<bool> audited = std::nullopt;  // nothing: the default of its level
  std::optional<GuessLimit> guess_limit = std::nullopt;
  std::optional<std::string> spam_trap = std::nullopt;  // the name of the field that is the trap
  bool is_repeatable = false;  // the same submission, sent again, runs again
  Fills fills = {};

  Level level() const { return static_cast<Level>(steps.index()); }
  bool read_takes_long() const {
    return std::visit([](const auto& any) { return any.read_takes_long; }, steps);
  }
  // Whether a POST comes to slow work: a try is written down before it is made, and a file is
  // synced before the transaction.
  bool takes_long() const { return guess_limit || read_takes_long() || has_file_field(form); }
  // Whether each of its effects leaves a row in the audit.
  bool is_audited() const { return audited.value_or(level() != Level::Public); }
};

}  // namespace actiond
