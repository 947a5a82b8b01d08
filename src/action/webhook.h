// Webhooks: events that another service posts.  The sender proves itself by a signature over the
// raw body, and the level of such an action is that proof.
//
//   Data take_event(const Signed& event, Transaction& tx);
//
//   webhook_action("stripe", {stripe_signature, secrets}, take_event);
//
// It answers 200 with the values, 400 to what is not signed, 413 to more than `max_event_bytes`,
// and 503 when nothing can be stored: the service sends it again.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "action/action.h"
#include "base/time.h"
#include "http/problem.h"
#include "http/request.h"

namespace actiond {

constexpr std::size_t max_event_bytes = 256 * 1024;
constexpr std::size_t max_signature_bytes = 4 * 1024;  // of the header
constexpr std::chrono::seconds signature_life(300);    // and no more ahead of our clock

// A signature as its headers say it.
struct Signature {
  Time made_at;
  std::string before_body;        // what is signed in front of the body
  std::vector<std::string> macs;  // HMAC-SHA256, 32 bytes each: one of them has to fit
};

// How a service signs.
struct SignatureScheme {
  // Nothing when the headers say no signature.
  std::optional<Signature> (*read)(const Request&);
  // The key that a secret stands for; nothing when it is no secret of this scheme.
  std::optional<std::string> (*key)(std::string_view secret);
};

// Stripe-Signature: t=1700000000,v1=HEX                 https://docs.stripe.com/webhooks/signature
extern const SignatureScheme stripe_signature;
// webhook-id, webhook-timestamp, webhook-signature: v1,BASE64      https://www.standardwebhooks.com
extern const SignatureScheme standard_signature;
// Paddle-Signature: ts=1700000000;h1=HEX
// https://developer.paddle.com/webhooks/signature-verification
extern const SignatureScheme paddle_signature;

struct Signing {
  SignatureScheme scheme;
  std::vector<std::string> secrets;  // each of them is good; none: nothing is
};

// The body, of which the headers are looked at first, and then its signature, before anybody
// parses it.
std::variant<std::string, Problem> read_signed(Request& request, const Signing& signing, Time now);
// When it is no JSON.  Only of one that is signed, and not known: it takes longer than the
// signature.
std::optional<Problem> malformed(std::string_view event);

class Signed;

// An event of which nothing is known.
inline std::optional<Data> nothing_known(const Signed&, Reader&) { return std::nullopt; }

// `known` answers at once an event that came before: it need not wait for others that write.
template <class Take, class Known = decltype(&nothing_known)>
Action webhook_action(const DeclaredName& name, Signing signing, Take take,
                      Known known = nothing_known);

// Proof that the sender knows a secret.
class Signed {
 public:
  std::string_view body() const { return body_; }
  Time at() const { return at_; }  // when it came

 private:
  template <class Take, class Known>
  friend Action webhook_action(const DeclaredName& name, Signing signing, Take take, Known known);
  Signed(std::string_view body, Time at) : body_(body), at_(at) {}

  std::string_view body_;
  Time at_;
};

template <class Take, class Known>
Action webhook_action(const DeclaredName& name, Signing signing, Take take, Known known) {
  static_assert(std::is_invocable_r_v<Data, const Take&, const Signed&, Transaction&>,
                "a webhook is Data(const Signed&, Transaction&)");
  static_assert(std::is_invocable_r_v<std::optional<Data>, const Known&, const Signed&, Reader&>,
                "an event is known by std::optional<Data>(const Signed&, Reader&)");
  Action action{std::string(name.text), guard_of<Visitor>, {}};
  action.declared = name.place();
  action.signing = std::make_shared<const Signing>(std::move(signing));
  action.is_repeatable = true;
  action.read = [take, known](const Gate& gate, const FieldValues& body, Reader& db) {
    return gate.enter<Visitor>([&](const Visitor& sender) -> Action::Entered {
      if (auto data = known(Signed(body.front().value, sender.asked_at()), db))
        return *std::move(data);
      return Call([take, body = body.front().value](const Gate& now, Transaction& tx) {
        return now.enter<Visitor>([&](const Visitor& again) -> Result {
          return take(Signed(body, again.asked_at()), tx);
        });
      });
    });
  };
  return action;
}

}  // namespace actiond
