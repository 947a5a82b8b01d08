#include "account/actions.h"
#include "action/declare.h"

namespace actiond::account {
namespace {

struct Nothing {};

const Form<Nothing> form{};

Result end_session(const User&, const Nothing&, Transaction&) { return EndSession{"/"}; }

}  // namespace

Action sign_out() { return protected_action("sign-out", form, end_session); }

}  // namespace actiond::account
