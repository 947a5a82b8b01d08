// An action is declared in one call, and its level is the proof that its handler asks for:
//
//   Result send_feedback(const Feedback&, Transaction&);
//   Result book_places(const Visitor&, const Booking&, Transaction&);
//   Result save_profile(const User&, const Profile&, Transaction&);
//   Result order_report(const PaidUser&, const Report&, Transaction&);
//   Result cancel_entry(const With<Committee>&, const Cancel&, Transaction&);
//
//   public_action("feedback", form, send_feedback, SpamTrap{"homepage"});
//   public_action("book", form, book_places);  // and is told who is signed in
//   protected_action("profile", form, save_profile, Load{load_profile});
//   paid_action("premium", form, order_report);
//   permitted_action<Committee>("cancel", form, cancel_entry);
//
// A view only reads, and is guarded in the same way:
//
//   Shown list_adverts(const Search&, Reader&);
//   Shown list_entries(const With<Committee>&, const Search&, Reader&);
//
//   public_view("adverts", "adverts.html", search, list_adverts, Fills{…}, Cached{…});
//   permitted_view<Committee>("entries", "entries.html", search, list_entries, Fills{…});
//
// A function without the proof of its level does not compile.  The facets behind it are those of
// action/facets.h.
#pragma once

#include <string_view>

#include "action/action.h"
#include "action/binding.h"
#include "action/declaration.h"
#include "action/facets.h"
#include "action/list_of.h"

namespace actiond {

// `Run` has a default so that a handler may share its name with other functions, such as the one
// that declares it: the one of exactly this signature is meant.
template <class Input, class Run = Result (*)(const Input&, Transaction&), class... Facets>
Action public_action(const DeclaredName& name, const Form<Input>& form, Run run, Facets... facets) {
  constexpr bool asks_who = declaration::asks_who<Input, Run, Facets...>;
  using Proofs = std::conditional_t<asks_who, declaration::Proofs<Visitor>, declaration::Proofs<>>;
  using Declared = declaration::Declared<Proofs, Input, Run, Facets...>;
  static_assert(Declared::load_fits,
                "the Load of a public action is Input(Reader&) or Filled<Input>(Reader&), with "
                "const Query& before the Reader if it is asked for, and const Visitor& in front if "
                "the handler has it");
  static_assert(!Declared::limits_own,
                "a public action has no own account to limit: use LimitByAccount{&Input::member} "
                "or LimitByNetwork{&Input::member}");
  static_assert(Declared::check_fits,
                "the check Before a public action is "
                "std::variant<Checked, FieldErrors>(const Input&, Reader&)");
  static_assert(Declared::run_fits,
                "the handler of a public action is Result(const Input&, Transaction&), with "
                "const Visitor& in front if it asks who sends it");
  static_assert(Declared::checked_run_fits,
                "the handler of a public action with Before is "
                "Result(const Input&, const Checked&, Transaction&)");
  if constexpr (!Declared::fits || Declared::limits_own)
    return {};
  else if constexpr (asks_who)
    return declaration::make<Visitor>(name, form, run, facets...);
  else
    return declaration::make<>(name, form, run, facets...);
}

template <class Input, class Run = Result (*)(const User&, const Input&, Transaction&),
          class... Facets>
Action protected_action(const DeclaredName& name, const Form<Input>& form, Run run,
                        Facets... facets) {
  using Declared = declaration::Declared<declaration::Proofs<User>, Input, Run, Facets...>;
  static_assert(!Declared::has_trap, "only a public action has a SpamTrap");
  static_assert(Declared::load_fits,
                "the Load of a protected action is "
                "Input(const User&, Reader&) or Filled<Input>(const User&, Reader&), with "
                "const Query& before the Reader if it is asked for");
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
Action paid_action(const DeclaredName& name, const Form<Input>& form, Run run, Facets... facets) {
  using Declared = declaration::Declared<declaration::Proofs<PaidUser>, Input, Run, Facets...>;
  static_assert(!Declared::has_trap, "only a public action has a SpamTrap");
  static_assert(Declared::load_fits,
                "the Load of a paid action is "
                "Input(const PaidUser&, Reader&) or Filled<Input>(const PaidUser&, Reader&), with "
                "const Query& before the Reader if it is asked for");
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

template <Permission... Permissions, class Input,
          class Run = Result (*)(const With<Permissions...>&, const Input&, Transaction&),
          class... Facets>
Action permitted_action(const DeclaredName& name, const Form<Input>& form, Run run,
                        Facets... facets) {
  using Proof = With<Permissions...>;
  using Declared = declaration::Declared<declaration::Proofs<Proof>, Input, Run, Facets...>;
  static_assert(!Declared::has_trap, "only a public action has a SpamTrap");
  static_assert(Declared::load_fits,
                "the Load of a permitted action is Input(const With<...>&, Reader&) or "
                "Filled<Input>(const With<...>&, Reader&) with the permissions of its action, and "
                "const Query& before the Reader if it is asked for");
  static_assert(Declared::check_fits,
                "the check Before a permitted action is std::variant<Checked, FieldErrors>("
                "const With<...>&, const Input&, Reader&) with the permissions of its action");
  static_assert(Declared::run_fits,
                "the handler of a permitted action is Result(const With<...>&, const Input&, "
                "Transaction&) with the permissions of its action");
  static_assert(Declared::checked_run_fits,
                "the handler of a permitted action with Before is Result(const With<...>&, "
                "const Input&, const Checked&, Transaction&) with the permissions of its action");
  if constexpr (Declared::fits && !Declared::has_trap)
    return declaration::make<Proof>(name, form, run, facets...);
  else
    return {};
}

template <class Query, class Show, class... Facets>
Action public_view(const DeclaredName& name, std::string_view page, const Asked<Query>& asked,
                   Show show, Facets... facets) {
  constexpr bool shows = declaration::Proofs<>::shows<Show, Query>;
  static_assert(shows,
                "a public view is Shown(const Query&, Reader&), with no_query Shown(Reader&)");
  if constexpr (shows && declaration::DeclaredView<Facets...>::fits)
    return declaration::make_view<>(name, page, asked, show, facets...);
  else
    return {};
}

template <class Query, class Show, class... Facets>
Action protected_view(const DeclaredName& name, std::string_view page, const Asked<Query>& asked,
                      Show show, Facets... facets) {
  constexpr bool shows = declaration::Proofs<User>::shows<Show, Query>;
  static_assert(shows,
                "a protected view is Shown(const User&, const Query&, Reader&), with no_query "
                "Shown(const User&, Reader&)");
  if constexpr (shows && declaration::is_for_visitor<Facets...>)
    return declaration::make_view<User>(name, page, asked, show, facets...);
  else
    return {};
}

template <class Query, class Show, class... Facets>
Action paid_view(const DeclaredName& name, std::string_view page, const Asked<Query>& asked,
                 Show show, Facets... facets) {
  constexpr bool shows = declaration::Proofs<PaidUser>::shows<Show, Query>;
  static_assert(shows,
                "a paid view is Shown(const PaidUser&, const Query&, Reader&), with no_query "
                "Shown(const PaidUser&, Reader&)");
  if constexpr (shows && declaration::is_for_visitor<Facets...>)
    return declaration::make_view<PaidUser>(name, page, asked, show, facets...);
  else
    return {};
}

template <Permission... Permissions, class Query, class Show, class... Facets>
Action permitted_view(const DeclaredName& name, std::string_view page, const Asked<Query>& asked,
                      Show show, Facets... facets) {
  constexpr bool shows = declaration::Proofs<With<Permissions...>>::template shows<Show, Query>;
  static_assert(shows,
                "a permitted view is Shown(const With<...>&, const Query&, Reader&) with the "
                "permissions of its declaration, with no_query Shown(const With<...>&, Reader&)");
  if constexpr (shows && declaration::is_for_visitor<Facets...>)
    return declaration::make_view<With<Permissions...>>(name, page, asked, show, facets...);
  else
    return {};
}

// A view that forgot its query: the compiler says what is missing.
template <declaration::NoAsked Third, class... Rest>
Action public_view(std::string_view, std::string_view, const Third&, const Rest&...) {
  return declaration::view_without_query<Third>();
}
template <declaration::NoAsked Third, class... Rest>
Action protected_view(std::string_view, std::string_view, const Third&, const Rest&...) {
  return declaration::view_without_query<Third>();
}
template <declaration::NoAsked Third, class... Rest>
Action paid_view(std::string_view, std::string_view, const Third&, const Rest&...) {
  return declaration::view_without_query<Third>();
}
template <Permission..., declaration::NoAsked Third, class... Rest>
Action permitted_view(std::string_view, std::string_view, const Third&, const Rest&...) {
  return declaration::view_without_query<Third>();
}

}  // namespace actiond
