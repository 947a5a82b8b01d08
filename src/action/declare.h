// An action is declared in one call, and its level is the proof that its handler asks for:
//
//   Result send_feedback(const Feedback&, Transaction&);
//   Result save_profile(const User&, const Profile&, Transaction&);
//   Result order_report(const PaidUser&, const Report&, Transaction&);
//
//   public_action("feedback", form, send_feedback, SpamTrap{"homepage"});
//   protected_action("profile", form, save_profile, Load{load_profile});
//   paid_action("premium", form, order_report);
//
// A handler without the proof of its level does not compile.  The facets behind it are those of
// action/facets.h.
#pragma once

#include <string_view>

#include "action/action.h"
#include "action/declaration.h"
#include "action/facets.h"

namespace actiond {

// `Run` has a default so that a handler may share its name with other functions, such as the one
// that declares it: the one of exactly this signature is meant.
template <class Input, class Run = Result (*)(const Input&, Transaction&), class... Facets>
Action public_action(std::string_view name, const Form<Input>& form, Run run, Facets... facets) {
  using Declared = declaration::Declared<declaration::Proofs<>, Input, Run, Facets...>;
  static_assert(!Declared::has_load,
                "a public action has no Load: there is no User to load anything for");
  static_assert(!Declared::limits_own,
                "a public action has no own account to limit: use LimitByAccount{&Input::member} "
                "or LimitByNetwork{&Input::member}");
  static_assert(Declared::check_fits,
                "the check Before a public action is "
                "std::variant<Checked, FieldErrors>(const Input&, Reader&)");
  static_assert(Declared::run_fits,
                "the handler of a public action is Result(const Input&, Transaction&)");
  static_assert(Declared::checked_run_fits,
                "the handler of a public action with Before is "
                "Result(const Input&, const Checked&, Transaction&)");
  if constexpr (Declared::fits && !Declared::has_load && !Declared::limits_own)
    return declaration::make<>(name, form, run, facets...);
  else
    return {};
}

template <class Input, class Run = Result (*)(const User&, const Input&, Transaction&),
          class... Facets>
Action protected_action(std::string_view name, const Form<Input>& form, Run run, Facets... facets) {
  using Declared = declaration::Declared<declaration::Proofs<User>, Input, Run, Facets...>;
  static_assert(!Declared::has_trap, "only a public action has a SpamTrap");
  static_assert(Declared::load_fits,
                "the Load of a protected action is "
                "Input(const User&, Reader&) or Shown<Input>(const User&, Reader&)");
  static_assert(Declared::check_fits,
                "the check Before a protected action is "
                "std::variant<Checked, FieldErrors>(const User&, const Input&, Reader&)");
  static_assert(Declared::run_fits,
                "the handler of a protected action is "
                "Result(const User&, const Input&, Transaction&)");
  static_assert(Declared::checked_run_fits,
                "the handler of a protected action with Before is "
                "Result(const User&, const Input&, const Checked&, Transaction&)");
  if constexpr (Declared::fits && !Declared::has_trap)
    return declaration::make<User>(name, form, run, facets...);
  else
    return {};
}

template <class Input, class Run = Result (*)(const PaidUser&, const Input&, Transaction&),
          class... Facets>
Action paid_action(std::string_view name, const Form<Input>& form, Run run, Facets... facets) {
  using Declared = declaration::Declared<declaration::Proofs<PaidUser>, Input, Run, Facets...>;
  static_assert(!Declared::has_trap, "only a public action has a SpamTrap");
  static_assert(Declared::load_fits,
                "the Load of a paid action is "
                "Input(const PaidUser&, Reader&) or Shown<Input>(const PaidUser&, Reader&)");
  static_assert(Declared::check_fits,
                "the check Before a paid action is "
                "std::variant<Checked, FieldErrors>(const PaidUser&, const Input&, Reader&)");
  static_assert(Declared::run_fits,
                "the handler of a paid action is "
                "Result(const PaidUser&, const Input&, Transaction&)");
  static_assert(Declared::checked_run_fits,
                "the handler of a paid action with Before is "
                "Result(const PaidUser&, const Input&, const Checked&, Transaction&)");
  if constexpr (Declared::fits && !Declared::has_trap)
    return declaration::make<PaidUser>(name, form, run, facets...);
  else
    return {};
}

}  // namespace actiond
