// The way on which mails leave the machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mail/address.h"

namespace actiond {

// Of a carrier, for one mail.
constexpr std::chrono::seconds longest_delivery(30);

struct Delivery {
  enum class Outcome {
    Delivered,
    Failed,      // this mail, for now
    Refused,     // this mail, for good
    Unreachable  // there is nobody to give a mail to: no other would get further
  };
  Outcome outcome;
  std::string reason = {};  // on one line; may quote a relay, which often names the recipient
  // Of a relay that `reason` quotes the codes alone, "550 5.1.1": RFC 5321 section 4.2, RFC 3463.
  std::optional<std::string> codes = {};
};

class Carrier {
 public:
  virtual ~Carrier() = default;

  struct Parcel {
    std::int64_t number;  // the same at each try
    const Address& from;
    const Address& to;
    std::string_view message;  // RFC 5322
  };
  // Takes `longest_delivery` at most.  Throws nothing that is about the mail.
  virtual Delivery deliver(const Parcel& parcel) = 0;
};

}  // namespace actiond
