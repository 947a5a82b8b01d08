// Gives mails to a relay by SMTP, RFC 5321, over libcurl.
#pragma once

#include <memory>
#include <string>

#include "courier/carrier.h"
#include "courier/relay.h"

namespace actiond {

class CurlClient;

struct Credentials {
  std::string user;  // empty: none are asked for
  std::string password;
};

class SmtpCarrier final : public Carrier {
 public:
  // `name` is that of this host, for EHLO.  Connects to nothing yet.
  SmtpCarrier(Relay relay, Credentials credentials, std::string name,
              std::chrono::milliseconds limit = longest_delivery);
  ~SmtpCarrier() override;

  // Off the loopback interface a relay without TLS, or with a certificate that the machine does not
  // trust, is Unreachable.  The connection stays for the next mail.
  Delivery deliver(const Parcel& parcel) override;

 private:
  const Relay relay_;
  const Credentials credentials_;
  const std::string name_;
  const std::chrono::milliseconds limit_;
  const std::unique_ptr<CurlClient> client_;
};

}  // namespace actiond
