// The newsletter: whoever asks for it is mailed a link, and is on the list once its page was sent.
#include "actions.h"

namespace site {
namespace {

struct Wish {
  std::string email;
};
const Form<Wish> form{
    "newsletter.html",
    {{"email", &Wish::email, {.required = true, .max = 200, .format = Format::Email}}}};

Result ask(const Visitor& visitor, const Wish& wish, Transaction& tx) {
  const auto to = Address::parse(wish.email);
  if (!to) return form.error(&Wish::email, "field.email");
  const std::string code = to_base64url(random_bytes(16));
  tx.run(
      "INSERT INTO readers (email, code) VALUES (?, ?) "
      "ON CONFLICT (email) DO UPDATE SET code = excluded.code",
      wish.email, code);
  order_mail(tx, {.to = *to,
                  .text = "newsletter",
                  .values = {{"code", code}},
                  .language = visitor.language()});
  return Redirect{"/newsletter.html", "Open the link that we have mailed to you."};
}

struct Reading {
  std::string code;
};
const Asked<Reading> by_code{{{"code", &Reading::code, {.required = true}}}};
const Form<Reading> confirming{"confirm.html", by_code.fields};

Reading open_link(const Reading& asked, Reader&) { return asked; }

Result confirm_reader(const Reading& reading, Transaction& tx) {
  if (tx.change("UPDATE readers SET confirmed = 1 WHERE code = ?", reading.code) == 0)
    return NotFound{};
  return Redirect{"/newsletter.html", "You get the next letter."};
}

}  // namespace

Action newsletter() { return public_action("newsletter", form, ask, LimitMails{&Wish::email}); }

Action confirm() {
  return public_action("confirm", confirming, confirm_reader, Load{by_code, open_link});
}

}  // namespace site
