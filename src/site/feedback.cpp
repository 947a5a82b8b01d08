#include "action/declare.h"
#include "site/actions.h"

namespace actiond::site {
namespace {

struct Feedback {
  std::string email;
  std::string message;
};

const Form<Feedback> form{"feedback.html",
                          {
                              {"email", &Feedback::email, {.max = 254, .format = Format::Email}},
                              {"message", &Feedback::message, {.required = true, .max = 2000}},
                          }};

Result send_feedback(const Feedback& input, Transaction& tx) {
  tx.run("INSERT INTO feedback (email, message) VALUES (?, ?)", input.email, input.message);
  return Redirect{"/feedback-thanks.html"};
}

}  // namespace

Action feedback() { return public_action("feedback", form, send_feedback, SpamTrap{"homepage"}); }

}  // namespace actiond::site
