// A declaration is checked and becomes an Action: for action/declare.h, and for nobody else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "action/action.h"
#include "action/facets.h"
#include "action/spam.h"

namespace actiond::declaration {

template <class F>
constexpr Facet facet_of = Facet::Unknown;
template <class F>
requires requires { F::facet; }
constexpr Facet facet_of<F> = F::facet;

template <Facet facet, class... Facets>
constexpr int count_of = (0 + ... + int(facet_of<Facets> == facet));

// The function in the facet `Kind`, or None.
struct None {};
template <template <class> class Kind, class... Facets>
struct FunctionIn {
  using Type = None;
};
template <template <class> class Kind, class F, class... Rest>
struct FunctionIn<Kind, F, Rest...> : FunctionIn<Kind, Rest...> {};
template <template <class> class Kind, class Function, class... Rest>
struct FunctionIn<Kind, Kind<Function>, Rest...> {
  using Type = Function;
};

// The answer of a check: std::variant<Checked, FieldErrors>.
template <class Answer>
struct Check {
  static constexpr bool fits = false;
};
template <class Outcome>
struct Check<std::variant<Outcome, FieldErrors>> {
  static constexpr bool fits = true;
  using Checked = Outcome;
};

// Whether the functions of a declaration can be called with what they will get; `Proof` is nothing,
// User or PaidUser.
template <class... Proof>
struct Proofs {
  template <class Input, class Run>
  static constexpr bool runs =
      std::is_invocable_r_v<Result, const Run&, const Proof&..., const Input&, Transaction&>;

  template <class Input, class Function>
  static constexpr bool checks = [] {
    if constexpr (std::is_invocable_v<const Function&, const Proof&..., const Input&, Reader&>)
      return Check<
          std::invoke_result_t<const Function&, const Proof&..., const Input&, Reader&>>::fits;
    return false;
  }();

  template <class Input, class Function, class Run>
  static constexpr bool runs_checked = [] {
    if constexpr (checks<Input, Function>) {
      using Answer = std::invoke_result_t<const Function&, const Proof&..., const Input&, Reader&>;
      using Checked = typename Check<Answer>::Checked;
      return std::is_invocable_r_v<Result, const Run&, const Proof&..., const Input&,
                                   const Checked&, Transaction&>;
    }
    return true;  // the check is told first
  }();

  template <class Input, class Loader>
  static constexpr bool loads =
      std::is_invocable_r_v<Input, const Loader&, const Proof&..., Reader&> ||
      std::is_invocable_r_v<Shown<Input>, const Loader&, const Proof&..., Reader&>;
};

// Whether `Limit` names a member of `Input`, if it names any.
template <class Limit, class Input>
constexpr bool limits = true;
template <class Other, class Input>
constexpr bool limits<LimitByAccount<Other>, Input> = std::is_same_v<Other, Input>;
template <class Other, class Input>
constexpr bool limits<LimitByNetwork<Other>, Input> = std::is_same_v<Other, Input>;

// One declaration, judged.  The rules that are the same at each level are asserted here.
template <class Proofs, class Input, class Run, class... Facets>
struct Declared {
  using Function = typename FunctionIn<Before, Facets...>::Type;
  using Loader = typename FunctionIn<Load, Facets...>::Type;

  static constexpr bool all_known = ((facet_of<Facets> != Facet::Unknown) && ...);
  static_assert(
      all_known,
      "behind the handler stand facets alone: Load{...}, Before{...}, LimitByAccount{...}, "
      "LimitByOwnAccount{}, LimitByNetwork{...}, Audited{...}, SpamTrap{...}, Repeatable{}, "
      "Fills{...}");
  static constexpr bool none_twice =
      !all_known || ((count_of<facet_of<Facets>, Facets...> == 1) && ...);
  static_assert(none_twice,
                "an action has one facet of a kind: one Load, one Before, one limit, "
                "one Audited, one SpamTrap, one Fills");
  static constexpr bool limit_fits = (limits<Facets, Input> && ...);
  static_assert(limit_fits, "a limit names a member of the input of its action's own form");

  static constexpr bool has_check = count_of<Facet::Before, Facets...> > 0;
  static constexpr bool check_fits = !has_check || Proofs::template checks<Input, Function>;
  static constexpr bool run_fits = has_check || Proofs::template runs<Input, Run>;
  static constexpr bool checked_run_fits =
      !has_check || Proofs::template runs_checked<Input, Function, Run>;
  static constexpr bool has_load = count_of<Facet::Load, Facets...> > 0;
  static constexpr bool load_fits = !has_load || Proofs::template loads<Input, Loader>;
  static constexpr bool limits_own = (std::is_same_v<Facets, LimitByOwnAccount> || ...);
  static constexpr bool has_trap = count_of<Facet::SpamTrap, Facets...> > 0;

  static constexpr bool fits = all_known && none_twice && limit_fits && check_fits && run_fits &&
                               checked_run_fits && load_fits;
};

// == a declaration that fits becomes an action ====================================================

// Reads the fields and binds the handler to them.
template <class... Proof, class Input, class Run>
auto reading(const Form<Input>& form, const Run& run) {
  using Call = typename Steps<Proof...>::Call;
  return [form, run](const Proof&..., const FieldValues& values,
                     Reader&) -> std::variant<Call, FieldErrors> {
    auto input = form.read(values);
    if (auto* errors = std::get_if<FieldErrors>(&input)) return std::move(*errors);
    return Call([run, input = std::get<Input>(std::move(input))](
                    const Proof&... proof, Transaction& tx) { return run(proof..., input, tx); });
  };
}

// The same, with `check` in between.
template <class... Proof, class Input, class Run, class Function>
auto reading_and_checking(const Form<Input>& form, const Run& run, const Function& check) {
  using Call = typename Steps<Proof...>::Call;
  return [form, check, run](const Proof&... proof, const FieldValues& values,
                            Reader& db) -> std::variant<Call, FieldErrors> {
    auto input = form.read(values);
    if (auto* errors = std::get_if<FieldErrors>(&input)) return std::move(*errors);
    auto outcome = check(proof..., std::get<Input>(input), db);
    if (auto* errors = std::get_if<FieldErrors>(&outcome)) return std::move(*errors);
    return Call(
        [run, input = std::get<Input>(std::move(input)), checked = std::get<0>(std::move(outcome))](
            const Proof&... now, Transaction& tx) { return run(now..., input, checked, tx); });
  };
}

template <class Input>
Loaded to_loaded(const Form<Input>& form, const Input& input) {
  return {form.write(input), {}};
}
template <class Input>
Loaded to_loaded(const Form<Input>& form, Shown<Input> shown) {
  Loaded loaded{std::nullopt, std::move(shown.lists)};
  if (shown.input) loaded.values = form.write(*shown.input);
  return loaded;
}

template <class Input>
auto member_account(const Form<Input>& form, std::string Input::*account) {
  return [form, account](const FieldValues& values,
                         const std::optional<Identity>&) -> std::optional<std::string> {
    const auto input = form.read(values);
    if (std::holds_alternative<FieldErrors>(input)) return std::nullopt;
    return std::get<Input>(input).*account;
  };
}

template <class... Proof, class Input, class Run, class Function>
void add(Action& action, const Form<Input>& form, const Run& run, const Before<Function>& before) {
  auto& steps = std::get<Steps<Proof...>>(action.steps);
  steps.read = reading_and_checking<Proof...>(form, run, before.check);
  steps.read_takes_long = true;
}
template <class... Proof, class Input, class Run, class Loader>
void add(Action& action, const Form<Input>& form, const Run&, const Load<Loader>& facet) {
  std::get<Steps<Proof...>>(action.steps).load = [form, load = facet.load](const Proof&... proof,
                                                                           Reader& db) {
    return to_loaded(form, load(proof..., db));
  };
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>& form, const Run&, const LimitByAccount<Input>& limit) {
  action.guess_limit = GuessLimit{member_account(form, limit.account), true};
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>& form, const Run&, const LimitByNetwork<Input>& limit) {
  action.guess_limit = GuessLimit{member_account(form, limit.account), false};
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>& form, const Run&, LimitByOwnAccount) {
  const auto account = [form](
                           const FieldValues& values,
                           const std::optional<Identity>& visitor) -> std::optional<std::string> {
    if (!visitor || std::holds_alternative<FieldErrors>(form.read(values))) return std::nullopt;
    return visitor->email;
  };
  action.guess_limit = GuessLimit{account, true};
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, Audited audited) {
  action.audited = audited.yes;
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, Repeatable) {
  action.is_repeatable = true;
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, SpamTrap trap) {
  require_trap(action.name, action.form, trap.field);
  action.spam_trap = trap.field;
}

template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, const Fills& fills) {
  action.fills = fills;
}

template <class... Proof, class Input, class Run, class... Facets>
Action make(std::string_view name, const Form<Input>& form, const Run& run,
            const Facets&... facets) {
  Steps<Proof...> steps;
  if constexpr (count_of<Facet::Before, Facets...> == 0) steps.read = reading<Proof...>(form, run);
  Action action{std::string(name), form.describe(), std::move(steps)};
  (add<Proof...>(action, form, run, facets), ...);
  return action;
}

}  // namespace actiond::declaration
