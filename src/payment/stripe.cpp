#include "action/webhook.h"
#include "payment/effect.h"
#include "payment/fetch_rows.h"
#include "payment/payment_actions.h"

namespace actiond {

namespace {

const Data came_before{{{"outcome", "came before"}}};

// Most doubled events come long after the first, and end here; of two at once the transaction
// finds the second.
std::optional<Data> known_event(const Signed& sent, Reader& db) {
  const auto id = id_in_front(sent.body());
  return id && has_event(db, stripe_scheme, *id) ? std::optional(came_before) : std::nullopt;
}

}  // namespace

Action stripe(const Payments& payments) {
  const auto take = [payments](const Signed& sent, Transaction& tx) {
    const auto event = read_stripe_event(sent.body(), *payments);
    if (!event) return Data{{{"outcome", "no event of Stripe"}}};
    if (!begin_event(tx, stripe_scheme, event->id, event->type, sent.at())) return came_before;
    Effect effect(*payments, *event, sent.at(), tx);
    const std::string outcome = effect.apply();
    if (!effect.unclear().empty()) order_fetch(tx, effect.unclear(), event->id, sent.at());
    if (effect.is_left_open())
      forget_event(tx, stripe_scheme, event->id);
    else
      end_event(tx, stripe_scheme, event->id, outcome);
    return Data{{{"outcome", outcome}}};
  };
  return webhook_action(stripe_scheme, {stripe_signature, payments->secrets}, take, known_event);
}

}  // namespace actiond
