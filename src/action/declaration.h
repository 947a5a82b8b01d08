// Judges a declaration: whether its functions fit its level.  For action/declare.h alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "access/own.h"
#include "action/action.h"
#include "action/facets.h"

namespace actiond::declaration {

template <class F>
constexpr Facet facet_of = Facet::Unknown;
template <class F>
requires requires { F::facet; }
constexpr Facet facet_of<F> = F::facet;
template <>
constexpr Facet facet_of<Isolation> = Facet::Isolate;

template <Facet facet, class... Facets>
constexpr int count_of = (0 + ... + int(facet_of<Facets> == facet));

// The function in the facet Before, and the facet Load; or None.
struct None {};
template <class... Facets>
struct CheckIn {
  using Type = None;
};
template <class F, class... Rest>
struct CheckIn<F, Rest...> : CheckIn<Rest...> {};
template <class Function, class... Rest>
struct CheckIn<Before<Function>, Rest...> {
  using Type = Function;
};
template <class... Facets>
struct LoadIn {
  using Type = None;
};
template <class F, class... Rest>
struct LoadIn<F, Rest...> : LoadIn<Rest...> {};
template <class Loader, class Query, class... Rest>
struct LoadIn<Load<Loader, Query>, Rest...> {
  using Type = Load<Loader, Query>;
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

// Whether Proof says more than that somebody is signed in, and yet `Function` would be satisfied
// with that: it does not say which permissions it relies on.
template <class Function, class Proof, class... Arguments>
constexpr bool is_satisfied_with_less = false;
template <class Function, Permission... Permissions, class... Arguments>
constexpr bool is_satisfied_with_less<Function, With<Permissions...>, Arguments...> =
    std::is_invocable_v<const Function&, const User&, Arguments...>;

// Calls of the functions of a declaration with the proof of its level; `Proof` is nothing, Visitor,
// User, PaidUser or With.
template <class... Proof>
struct Proofs {
  template <class Function, class... Arguments>
  static constexpr bool calls = std::is_invocable_v<const Function&, const Proof&..., Arguments...>;
  template <class Answer, class Function, class... Arguments>
  static constexpr bool answers =
      std::is_invocable_r_v<Answer, const Function&, const Proof&..., Arguments...>;
  template <class Function, class... Arguments>
  static constexpr bool is_weak = (is_satisfied_with_less<Function, Proof, Arguments...> || ... ||
                                   false);

  template <class Input, class Run>
  static constexpr bool runs =
      answers<Result, Run, const Input&, Transaction&> && !is_weak<Run, const Input&, Transaction&>;

  template <class Input, class Function>
  static constexpr bool checks = [] {
    if constexpr (calls<Function, const Input&, Reader&>)
      return Check<std::invoke_result_t<const Function&, const Proof&..., const Input&,
                                        Reader&>>::fits &&
             !is_weak<Function, const Input&, Reader&>;
    return false;
  }();

  template <class Input, class Function, class Run>
  static constexpr bool runs_checked = [] {
    if constexpr (checks<Input, Function>) {
      using Answer = std::invoke_result_t<const Function&, const Proof&..., const Input&, Reader&>;
      using Checked = typename Check<Answer>::Checked;
      return answers<Result, Run, const Input&, const Checked&, Transaction&> &&
             !is_weak<Run, const Input&, const Checked&, Transaction&>;
    }
    return true;  // the check is told first
  }();

  // `Asking` is what stands between the proof and the Reader: the query, or nothing.
  template <class Input, class Loader, class... Asking>
  static constexpr bool loads_with =
      (answers<Input, Loader, const Asking&..., Reader&> ||
       answers<Filled<Input>, Loader, const Asking&..., Reader&> ||
       answers<std::variant<Input, NotFound>, Loader, const Asking&..., Reader&> ||
       answers<std::optional<Own<Input>>, Loader, const Asking&..., Reader&> ||
       answers<std::variant<Filled<Input>, NotFound>, Loader, const Asking&..., Reader&>)&&  //
      !is_weak<Loader, const Asking&..., Reader&>;
  template <class Input, class Loader, class Query>
  static constexpr bool loads_as(const Load<Loader, Query>*) {
    return std::is_same_v<Query, NoQuery> ? loads_with<Input, Loader>
                                          : loads_with<Input, Loader, Query>;
  }
  template <class Input, class Facet>
  static constexpr bool loads = loads_as<Input>(static_cast<const Facet*>(nullptr));

  template <class Function, class... Asking>
  static constexpr bool shows_with = answers<Shown, Function, const Asking&..., Reader&> &&
                                     !is_weak<Function, const Asking&..., Reader&>;
  template <class Function, class Query>
  static constexpr bool shows =
      std::is_same_v<Query, NoQuery> ? shows_with<Function> : shows_with<Function, Query>;
};

// Whether the functions of a public action begin with const Visitor&.
template <class Input, class Run, class... Facets>
constexpr bool asks_who = [] {
  using Function = typename CheckIn<Facets...>::Type;
  if constexpr (count_of < Facet::Before, Facets... >> 0)
    return Proofs<Visitor>::checks<Input, Function> && !Proofs<>::checks<Input, Function>;
  return Proofs<Visitor>::runs<Input, Run> && !Proofs<>::runs<Input, Run>;
}();

// Whether `Limit` names a member of `Input`, if it names any.
template <class Limit, class Input>
constexpr bool limits = true;
template <class Other, class Input>
constexpr bool limits<LimitByAccount<Other>, Input> = std::is_same_v<Other, Input>;
template <class Other, class Input>
constexpr bool limits<LimitByNetwork<Other>, Input> = std::is_same_v<Other, Input>;
template <class Other, class Input>
constexpr bool limits<LimitMails<Other>, Input> = std::is_same_v<Other, Input>;
template <class Other, class Input>
constexpr bool limits<LimitCodes<Other>, Input> = std::is_same_v<Other, Input>;

// One declaration, judged.  The rules that are the same at each level are asserted here.
template <class Proofs, class Input, class Run, class... Facets>
struct Declared {
  using Function = typename CheckIn<Facets...>::Type;
  using Loader = typename LoadIn<Facets...>::Type;

  static constexpr bool all_known = ((facet_of<Facets> != Facet::Unknown) && ...);
  static_assert(
      all_known,
      "behind the handler stand facets alone: Load{...}, Before{...}, LimitByAccount{...}, "
      "LimitByOwnAccount{}, LimitByNetwork{...}, LimitMails{...}, LimitCodes{...}, Audited{...}, "
      "SpamTrap{...}, Inbox{...}, Repeatable{}, Isolation::ReadCommitted, Fills{...}");
  static constexpr bool none_twice =
      !all_known || ((count_of<facet_of<Facets>, Facets...> == 1) && ...);
  static_assert(none_twice,
                "an action has one facet of a kind: one Load, one Before, one limit, "
                "one Audited, one SpamTrap, one Inbox, one Fills");
  static constexpr bool limit_fits = (limits<Facets, Input> && ...);
  static_assert(limit_fits, "a limit names a member of the input of its action's own form");

  static constexpr bool has_check = count_of<Facet::Before, Facets...> > 0;
  static constexpr bool check_fits = !has_check || Proofs::template checks<Input, Function>;
  static constexpr bool run_fits = has_check || Proofs::template runs<Input, Run>;
  static constexpr bool checked_run_fits =
      !has_check || Proofs::template runs_checked<Input, Function, Run>;
  static constexpr bool has_load = count_of<Facet::Load, Facets...> > 0;
  static constexpr bool load_fits = [] {
    if constexpr (has_load) return Proofs::template loads<Input, Loader>;
    return true;
  }();
  static constexpr bool limits_own = (std::is_same_v<Facets, LimitByOwnAccount> || ...);
  static constexpr bool has_trap = count_of<Facet::SpamTrap, Facets...> > 0;

  static constexpr bool fits = all_known && none_twice && limit_fits && check_fits && run_fits &&
                               checked_run_fits && load_fits;
};

// The facets of a view, judged.
template <class... Facets>
struct DeclaredView {
  static constexpr bool all_known =
      ((facet_of<Facets> == Facet::Fills || facet_of<Facets> == Facet::Cached) && ...);
  static_assert(all_known,
                "behind the function of a view stand Fills{...} and, if it is public, Cached{...}");
  static constexpr bool none_twice =
      !all_known || ((count_of<facet_of<Facets>, Facets...> == 1) && ...);
  static_assert(none_twice, "a view has one Fills and one Cached");
  static constexpr bool is_cached = count_of<Facet::Cached, Facets...> > 0;

  static constexpr bool fits = all_known && none_twice;
};

// Of a view that is not public.
template <class... Facets>
constexpr bool is_for_visitor = [] {
  using Declared = DeclaredView<Facets...>;
  static_assert(!Declared::is_cached,
                "only a public view is Cached: the answer of any other depends on who asks");
  return Declared::fits && !Declared::is_cached;
}();

// The third argument of a view that is no query.
template <class Third>
constexpr bool is_query = false;
template <class Query>
constexpr bool is_query<Asked<Query>> = true;
template <class Third>
concept NoAsked = !is_query<Third>;

template <NoAsked Third>
Action view_without_query() {
  static_assert(is_query<Third>,
                "a view says what may be asked behind its page: Asked<Query>, or no_query");
  return {};
}

}  // namespace actiond::declaration
