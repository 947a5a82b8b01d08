// An action: a name, a level, a form and a handler, declared in one call.
//
//   Result send_feedback(const Feedback&, Transaction&);                      public_action
//   Result save_profile(const User&, const Profile&, Transaction&);           protected_action
//   Result order_report(const PaidUser&, const Report&, Transaction&);        paid_action
//
// A handler that does not ask for the proof of its level does not compile.
#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "access/access.h"
#include "action/result.h"
#include "data/database.h"
#include "forms/field.h"
#include "forms/form.h"
#include "page/list.h"

namespace actiond {

// What a loader answers for a page that shows lists: with `input`, in the form as well.
template <class Input>
struct Shown {
  std::optional<Input> input = {};
  Lists lists = {};
};

// The same without its Input.
struct Loaded {
  std::optional<FieldValues> values = {};
  Lists lists = {};
};

// The steps of an action without its Input; `Proof` is nothing, User or PaidUser.
template <class... Proof>
struct Steps {
  // What is left to do once the fields are right: the handler, waiting for its transaction.
  using Call = std::function<Result(const Proof&..., Transaction&)>;

  std::function<std::variant<Call, FieldErrors>(const Proof&..., const FieldValues&, Reader&)> read;
  // What the action's page shows when it is opened; empty without a loader.
  std::function<Loaded(const Proof&..., Reader&)> load = nullptr;
  bool read_takes_long = false;
};

// What else an action is declared with: `public_action("name", form, run, {.audit = true})`.
struct Options {
  // Whether its effect leaves a row in the audit; not said: of protected and paid actions it does.
  std::optional<bool> audit = {};
};

// Each try of the action counts before anything is checked, and until it succeeds: core/attempts.h.
struct GuessLimit {
  // The account that a try is at; nothing when a field is wrong and nothing will be checked.
  std::function<std::optional<std::string>(const FieldValues&, const std::optional<Identity>&)>
      account;
  bool per_account;  // else only its network counts
};

struct Action {
  std::string name;
  FormDescription form;
  std::variant<Steps<>, Steps<User>, Steps<PaidUser>> steps;
  Options options = {};
  std::optional<GuessLimit> guess_limit = std::nullopt;

  Level level() const { return static_cast<Level>(steps.index()); }
  bool is_audited() const { return options.audit.value_or(level() != Level::Public); }
};

template <class Run, class... Arguments>
concept Handler = std::is_invocable_r_v<Result, const Run&, Arguments...>;

template <class Load, class Input, class... Arguments>
concept Loader =
    std::is_invocable_r_v<Input, const Load&, Arguments...> || std::is_invocable_r_v < Shown<Input>,
const Load&, Arguments... > ;

// Slow work that must not hold up other writers, such as hashing a password: runs before the
// transaction and hands its outcome to the handler, as the parameter after the input.  What it
// finds wrong is answered at once.
//
//   std::variant<Checked, FieldErrors> check(const SignIn&, Reader&);
//   Result sign_in(const SignIn&, const Checked&, Transaction&);
template <class Check>
struct Before {
  Check check;
};

template <class Check, class... Arguments>
using Finding = std::variant_alternative_t<0, std::invoke_result_t<const Check&, Arguments...>>;

// The three declarations share these.
namespace declare {

template <class Input, class... Proof, class Run>
Action with_run(std::string_view name, const Form<Input>& form, Run run) {
  using Call = typename Steps<Proof...>::Call;
  const auto read = [form, run](const Proof&..., const FieldValues& values,
                                Reader&) -> std::variant<Call, FieldErrors> {
    auto input = form.read(values);
    if (auto* errors = std::get_if<FieldErrors>(&input)) return std::move(*errors);
    return Call([run, input = std::get<Input>(std::move(input))](
                    const Proof&... proof, Transaction& tx) { return run(proof..., input, tx); });
  };
  return {std::string(name), form.describe(), Steps<Proof...>{read}};
}

template <class Input, class... Proof, class Check, class Run>
Action with_before(std::string_view name, const Form<Input>& form, Before<Check> before, Run run) {
  using Call = typename Steps<Proof...>::Call;
  const auto read = [form, before, run](const Proof&... proof, const FieldValues& values,
                                        Reader& db) -> std::variant<Call, FieldErrors> {
    auto input = form.read(values);
    if (auto* errors = std::get_if<FieldErrors>(&input)) return std::move(*errors);
    auto outcome = before.check(proof..., std::get<Input>(input), db);
    if (auto* errors = std::get_if<FieldErrors>(&outcome)) return std::move(*errors);
    return Call(
        [run, input = std::get<Input>(std::move(input)), checked = std::get<0>(std::move(outcome))](
            const Proof&... now, Transaction& tx) { return run(now..., input, checked, tx); });
  };
  return {std::string(name), form.describe(), Steps<Proof...>{read, nullptr, true}};
}

template <class Input>
Loaded loaded(const Form<Input>& form, const Input& input) {
  return {form.write(input), {}};
}
template <class Input>
Loaded loaded(const Form<Input>& form, Shown<Input> shown) {
  Loaded all{std::nullopt, std::move(shown.lists)};
  if (shown.input) all.values = form.write(*shown.input);
  return all;
}

template <class... Proof, class Input, class Load>
Action with_load(Action action, const Form<Input>& form, Load load) {
  std::get<Steps<Proof...>>(action.steps).load = [form, load](const Proof&... proof, Reader& db) {
    return loaded(form, load(proof..., db));
  };
  return action;
}

inline Action with_options(Action action, Options options) {
  action.options = options;
  return action;
}

template <class Input>
Action with_limit(Action action, const Form<Input>& form, std::string Input::*email,
                  bool per_account) {
  const auto account = [form, email](const FieldValues& values,
                                     const std::optional<Identity>&) -> std::optional<std::string> {
    const auto input = form.read(values);
    if (std::holds_alternative<FieldErrors>(input)) return std::nullopt;
    return std::get<Input>(input).*email;
  };
  action.guess_limit = GuessLimit{account, per_account};
  return action;
}

}  // namespace declare

template <class Input, Handler<const Input&, Transaction&> Run>
Action public_action(std::string_view name, const Form<Input>& form, Run run,
                     Options options = {}) {
  return declare::with_options(declare::with_run<Input>(name, form, run), options);
}

template <class Input, class Check,
          Handler<const Input&, const Finding<Check, const Input&, Reader&>&, Transaction&> Run>
Action public_action(std::string_view name, const Form<Input>& form, Before<Check> before, Run run,
                     Options options = {}) {
  return declare::with_options(declare::with_before<Input>(name, form, before, run), options);
}

template <class Input, Handler<const User&, const Input&, Transaction&> Run>
Action protected_action(std::string_view name, const Form<Input>& form, Run run,
                        Options options = {}) {
  return declare::with_options(declare::with_run<Input, User>(name, form, run), options);
}

template <class Input, class Check,
          Handler<const User&, const Input&,
                  const Finding<Check, const User&, const Input&, Reader&>&, Transaction&>
              Run>
Action protected_action(std::string_view name, const Form<Input>& form, Before<Check> before,
                        Run run, Options options = {}) {
  return declare::with_options(declare::with_before<Input, User>(name, form, before, run), options);
}

// With a loader: the page opens with the form already filled in, or with lists.
template <class Input, Handler<const User&, const Input&, Transaction&> Run,
          Loader<Input, const User&, Reader&> Load>
Action protected_action(std::string_view name, const Form<Input>& form, Run run, Load load,
                        Options options = {}) {
  return declare::with_load<User>(protected_action(name, form, run, options), form, load);
}

template <class Input, Handler<const PaidUser&, const Input&, Transaction&> Run>
Action paid_action(std::string_view name, const Form<Input>& form, Run run, Options options = {}) {
  return declare::with_options(declare::with_run<Input, PaidUser>(name, form, run), options);
}

template <class Input, class Check,
          Handler<const PaidUser&, const Input&,
                  const Finding<Check, const PaidUser&, const Input&, Reader&>&, Transaction&>
              Run>
Action paid_action(std::string_view name, const Form<Input>& form, Before<Check> before, Run run,
                   Options options = {}) {
  return declare::with_options(declare::with_before<Input, PaidUser>(name, form, before, run),
                               options);
}

template <class Input, Handler<const PaidUser&, const Input&, Transaction&> Run,
          Loader<Input, const PaidUser&, Reader&> Load>
Action paid_action(std::string_view name, const Form<Input>& form, Run run, Load load,
                   Options options = {}) {
  return declare::with_load<PaidUser>(paid_action(name, form, run, options), form, load);
}

// The same action, with tries limited for each account and each network: for what guesses a secret.
// Whoever starts a session by it is known there afterwards, and no longer held up by what others
// try.
template <class Input>
Action limited_by_account(Action action, const Form<Input>& form, std::string Input::*email) {
  return declare::with_limit(std::move(action), form, email, true);
}

// For what asks whoever is signed in for a secret again: the account is the visitor's own.
template <class Input>
Action limited_by_own_account(Action action, const Form<Input>& form) {
  const auto account = [form](
                           const FieldValues& values,
                           const std::optional<Identity>& visitor) -> std::optional<std::string> {
    if (!visitor || std::holds_alternative<FieldErrors>(form.read(values))) return std::nullopt;
    return visitor->email;
  };
  action.guess_limit = GuessLimit{account, true};
  return action;
}

// For each network alone: for what tells whether there is such an account.
template <class Input>
Action limited_by_network(Action action, const Form<Input>& form, std::string Input::*email) {
  return declare::with_limit(std::move(action), form, email, false);
}

}  // namespace actiond
