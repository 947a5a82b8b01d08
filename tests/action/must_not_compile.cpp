// Each mistake in a declaration or around a proof must not compile, and the compiler must say the
// words behind its number: tests/action/must_not_compile reads them here.  CASE 0 has no mistake.
#include <string>

#include "access/session.h"
#include "action/declare.h"

namespace actiond {

struct Report {
  std::string topic;
};
struct Profile {
  std::string name;
};
struct Checked {};

const Form<Report> form{"x.html", {{"topic", &Report::topic}}};

Result for_nobody(const Report&, Transaction&) { return Redirect{"/"}; }
Result for_user(const User&, const Report&, Transaction&) { return Redirect{"/"}; }
Result for_payer(const PaidUser&, const Report&, Transaction&) { return Redirect{"/"}; }
Result checked(const Report&, const Checked&, Transaction&) { return Redirect{"/"}; }
Result checked_user(const User&, const Report&, const Checked&, Transaction&) {
  return Redirect{"/"};
}
Report load(const User&, Reader&) { return {}; }
std::variant<Checked, FieldErrors> check(const Report&, Reader&) { return Checked{}; }
std::variant<Checked, FieldErrors> check_user(const User&, const Report&, Reader&) {
  return Checked{};
}

const Identity identity{1, "ada@example.com", "Ada", forever};

#if CASE == 0
Action open() { return public_action("x", form, for_nobody, SpamTrap{"trap"}); }
Action slow() { return public_action("x", form, checked, Before{check}); }
Action closed() { return protected_action("x", form, for_user, Audited{}, Load{load}); }
Action paid() { return paid_action("x", form, for_payer, LimitByOwnAccount{}); }
Action both() { return paid_action("x", form, checked_user, Load{load}, Before{check_user}); }
const Form<Profile> other{"x.html", {{"name", &Profile::name}}};
Result payer_as_user(const PaidUser& user, Transaction& tx) { return for_user(user, Report{}, tx); }

// A handler that does not fit its level.
#elif CASE == 1  // handler of a paid action is Result(const PaidUser&, const Input&, Transaction&)
Action forgotten() { return paid_action("x", form, for_nobody); }
#elif CASE == 2  // handler of a protected action is Result(const User&, const Input&, Transaction&)
Action forgotten() { return protected_action("x", form, for_nobody); }
#elif CASE == 3  // handler of a protected action is Result(const User&, const Input&, Transaction&)
Action too_weak() { return protected_action("x", form, for_payer); }
#elif CASE == 4  // the handler of a public action is Result(const Input&, Transaction&)
Action too_weak() { return public_action("x", form, for_user); }
#elif CASE == 5  // the handler of a public action is Result(const Input&, Transaction&)
Result changes(Report&, Transaction&) { return Redirect{"/"}; }
Action non_const() { return public_action("x", form, changes); }
#elif CASE == 6  // the handler of a public action is Result(const Input&, Transaction&)
void answers_nothing(const Report&, Transaction&) {}
Action no_result() { return public_action("x", form, answers_nothing); }
#elif CASE == 7  // the handler of a public action is Result(const Input&, Transaction&)
Result takes_another(const Profile&, Transaction&) { return Redirect{"/"}; }
Action other_input() { return public_action("x", form, takes_another); }
#elif CASE == 8  // no matches converting function 'own'
Result own(const Report&, Transaction&) { return Redirect{"/"}; }
Action own() { return protected_action("x", form, own); }  // named alike, and without the proof

// A facet that does not fit.
#elif CASE == 9  // a public action has no Load
Action loads_nobody() { return public_action("x", form, for_nobody, Load{load}); }
#elif CASE == 10  // is Input(const User&, Reader&) or Shown<Input>(const User&, Reader&)
Report load_without_user(Reader&) { return {}; }
Action loads() { return protected_action("x", form, for_user, Load{load_without_user}); }
#elif CASE == 11  // is Input(const PaidUser&, Reader&) or Shown<Input>(const PaidUser&, Reader&)
Profile load_another(const User&, Reader&) { return {}; }
Action loads() { return paid_action("x", form, for_payer, Load{load_another}); }
#elif CASE == 12  // is Input(const User&, Reader&) or Shown<Input>(const User&, Reader&)
Report load_for_payer(const PaidUser&, Reader&) { return {}; }
Action loads() { return protected_action("x", form, for_user, Load{load_for_payer}); }
#elif CASE == 13  // behind the handler stand facets alone
Action bare_loader() { return protected_action("x", form, for_user, load); }
#elif CASE == 14  // is std::variant<Checked, FieldErrors>(const Input&, Reader&)
Checked answers_no_errors(const Report&, Reader&) { return {}; }
Action checks() { return public_action("x", form, checked, Before{answers_no_errors}); }
#elif CASE == 15  // is std::variant<Checked, FieldErrors>(const User&, const Input&, Reader&)
Action checks() { return protected_action("x", form, checked_user, Before{check}); }
#elif CASE == 16  // Result(const Input&, const Checked&, Transaction&)
Action ignores_check() { return public_action("x", form, for_nobody, Before{check}); }
#elif CASE == 17  // Result(const PaidUser&, const Input&, const Checked&, Transaction&)
Action ignores_check() { return paid_action("x", form, for_payer, Before{check_user}); }
#elif CASE == 18  // an action has one facet of a kind
Action twice() { return protected_action("x", form, for_user, Audited{}, Audited{false}); }
#elif CASE == 19  // a public action has no own account to limit
Action limited() { return public_action("x", form, for_nobody, LimitByOwnAccount{}); }
#elif CASE == 20  // a limit names a member of the input of its action's own form
Action limited() { return public_action("x", form, for_nobody, LimitByAccount{&Profile::name}); }
#elif CASE == 21  // only a public action has a SpamTrap
Action trapped() { return protected_action("x", form, for_user, SpamTrap{"trap"}); }

// No level at all; the form of another input.
#elif CASE == 22  // 'action' was not declared in this scope
Action without_level() { return action("x", form, for_nobody); }
#elif CASE == 23  // could not convert
const Form<Report> crossed{"x.html", {{"topic", &Profile::name}}};

// A proof that the gate did not make.
#elif CASE == 24  // 'actiond::User::User(const actiond::Identity&)' is private
Result forged(Transaction& tx) { return for_payer(PaidUser{identity}, Report{}, tx); }
#elif CASE == 25  // 'actiond::User::User(const actiond::Identity&)' is private
struct Fake : User {
  Fake() : User(identity) {}
};
#elif CASE == 26  // no matching function for call to 'actiond::PaidUser::PaidUser(
Result promoted(const User& user, Transaction& tx) {
  return for_payer(PaidUser(user), Report{}, tx);
}
#elif CASE == 27  // cannot derive from 'final' base 'actiond::PaidUser'
struct Fake : PaidUser {};
#elif CASE == 28  // use of deleted function 'actiond::User::User(const actiond::User&)'
User kept_for_later(const User& user) { return user; }
#elif CASE == 29  // invalid initialization of reference of type 'const actiond::PaidUser&'
Result unproven(const User& user, Transaction& tx) { return for_payer(user, Report{}, tx); }
#else
#error "no such case: this would pass for the wrong reason"
#endif

}  // namespace actiond
