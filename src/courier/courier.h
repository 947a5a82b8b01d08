// The courier: takes the mails of the outbox that are due, and hands them to a carrier.
//
// At least once: a mail is marked as sent after its carrier took it, so one that is killed between
// the two is sent again when its lease has ended, with the same Message-ID.  Several couriers may
// work at once.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/clock.h"
#include "courier/breaker.h"
#include "courier/carrier.h"
#include "mail/message.h"
#include "store/outbox.h"

namespace actiond {

static_assert(2 * longest_delivery <= mail_lease);

struct Sender {
  Mailbox from;
  std::string origin;  // "https://example.com": what links begin with, {origin} in a text
};

// The host of an origin without its port, for Message-IDs and EHLO.
std::string_view mail_host(std::string_view origin);

// Throws std::runtime_error when the text is missing or lacks a value.
MailMessage message_of(const OutgoingMail& mail, const MailTemplates& templates,
                       const Sender& sender);

class Courier {
 public:
  // All but `sender` and `clock` must outlive this.
  Courier(Store& store, const MailTemplates& templates, Carrier& carrier, Sender sender,
          WallClock clock);

  // Sends some of what is due, until `is_stopping`; answers whether there may be more.  Throws
  // Unavailable.
  bool round(
      Breaker::Clock::time_point now,
      const std::function<bool()>& is_stopping = [] { return false; });

 private:
  Delivery deliver(const OutgoingMail& mail);
  void note(const OutgoingMail& mail, const Delivery& delivery, Breaker::Clock::time_point now);

  Store& store_;
  const MailTemplates& templates_;
  Carrier& carrier_;
  const Sender sender_;
  const WallClock clock_;
  Breaker breaker_;
};

}  // namespace actiond
