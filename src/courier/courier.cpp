#include "courier/courier.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"

namespace actiond {
namespace {

constexpr int batch = 16;

}  // namespace

std::string_view mail_host(std::string_view origin) {
  origin.remove_prefix(origin.find("//") + 2);
  return origin.substr(0, origin.starts_with('[') ? origin.find(']') + 1 : origin.find(':'));
}

MailMessage message_of(const OutgoingMail& mail, const MailTemplates& templates,
                       const Sender& sender) {
  MailValues values = mail.mail.values;
  values["origin"] = sender.origin;
  return {.from = sender.from,
          .to = mail.mail.to,
          .reply_to = mail.mail.reply_to,
          .date = mail.made_at,
          .id = fmt::format("{}.{}@{}", mail.id, mail.token, mail_host(sender.origin)),
          .text = templates.find(mail.mail.text, mail.mail.language).fill(values),
          .is_answer = mail.mail.is_answer};
}

Courier::Courier(Store& store, const MailTemplates& templates, Carrier& carrier, Sender sender,
                 WallClock clock)
    : store_(store), templates_(templates), carrier_(carrier), sender_(std::move(sender)),
      clock_(std::move(clock)) {}

bool Courier::round(Breaker::Clock::time_point now, const std::function<bool()>& is_stopping) {
  if (breaker_.is_open(now)) return false;
  const int most = breaker_.is_tripped() ? 1 : batch;
  const Time taken_at = clock_();
  std::vector<OutgoingMail> mails;
  store_.run([&](Transaction& tx) { mails = take_mails(tx, taken_at, most); });
  for (const OutgoingMail& mail : mails) {
    // Another courier may have it at the end of the lease; the clock may have been set.
    const auto held = clock_() - taken_at;
    const bool has_time = held >= held.zero() && held + longest_delivery <= mail_lease;
    if (breaker_.is_open(now) || !has_time || is_stopping())
      store_.run([&](Transaction& tx) { give_back(tx, mail); });
    else
      note(mail, deliver(mail), now);
  }
  return static_cast<int>(mails.size()) == most && !breaker_.is_open(now) && !is_stopping();
}

Delivery Courier::deliver(const OutgoingMail& mail) {
  std::string message;
  try {
    message = to_rfc5322(message_of(mail, templates_, sender_));
  } catch (const std::runtime_error& error) {
    // A text that is missing or lacks a value: it may be mended until the mail is dead.
    return {Delivery::Outcome::Failed, to_one_line(error.what())};
  }
  return carrier_.deliver({mail.id, sender_.from.address(), mail.mail.to, message});
}

// The log says which mail it was and not to whom.
void Courier::note(const OutgoingMail& mail, const Delivery& delivery,
                   Breaker::Clock::time_point now) {
  using Outcome = Delivery::Outcome;
  const Time at = clock_();
  const std::string reason = delivery.codes.value_or(delivery.reason);
  if (delivery.outcome == Outcome::Unreachable) {
    breaker_.trip(now);
    log_event("error", "the relay cannot be reached", {{"reason", reason}});
    return store_.run([&](Transaction& tx) { give_back(tx, mail); });
  }
  breaker_.reset();
  store_.run([&](Transaction& tx) {
    switch (delivery.outcome) {
      case Outcome::Delivered: return mark_sent(tx, mail, at);
      case Outcome::Refused: return mark_refused(tx, mail, delivery.reason, at);
      default: return mark_failed(tx, mail, delivery.reason, at);
    }
  });
  const bool is_sent = delivery.outcome == Outcome::Delivered;
  log_event(is_sent ? "info" : "warning", is_sent ? "mail sent" : "mail failed",
            {{"mail", std::to_string(mail.id)}, {"text", mail.mail.text}, {"reason", reason}});
}

}  // namespace actiond
