// Stripe's API, https://docs.stripe.com/api, as the courier asks it: over TLS with a certificate
// that the machine trusts, by a restricted key.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "courier/breaker.h"

namespace actiond {

class CurlClient;

struct StripeAnswer {
  enum class Outcome {
    Found,
    Missing,  // there is no such object
    Failed,   // this request, for now
    Down      // whoever asks
  };
  Outcome outcome;
  std::string text;  // the object, or the reason on one line
  std::string by;    // Stripe's name for the request, in its own log: "req_…"
  Time at;           // by Stripe's clock, when it was asked or before
  long status = 0;   // of HTTP; 0: there was no answer
  // Of the request, that names what is not there; empty: none does.
  std::string missing_parameter = {};
};

struct StripeRequest {
  std::string path;
  std::string form = {};  // what is posted; empty: a GET
  std::string key = {};   // of a POST, which Stripe does once, however often it is sent
};

class StripeApi {
 public:
  using Clock = Breaker::Clock;

  struct From {
    std::string origin;  // "https://api.stripe.com"
    std::filesystem::path key;
    bool is_live;
  };
  // Connects to nothing yet.
  StripeApi(From from, WallClock clock, std::chrono::milliseconds limit = std::chrono::seconds(10));
  ~StripeApi();

  // Whether nobody is to ask at present.
  bool is_down(Clock::time_point now) const { return breaker_.is_open(now); }

  // The key is read each time: a new one counts at once.  Takes the limit at most, and throws
  // nothing that is about Stripe.  The log is told once that it is down, and once that it is back.
  StripeAnswer ask(const StripeRequest& request, Clock::time_point now);

 private:
  struct Transfer;

  StripeAnswer ask(const StripeRequest& request);
  void perform(const StripeRequest& request, const std::string& key, Transfer& transfer);
  StripeAnswer read(const Transfer& transfer) const;

  const From from_;
  const WallClock clock_;
  const std::chrono::milliseconds limit_;
  const std::unique_ptr<CurlClient> client_;
  Breaker breaker_;
  std::string trouble_;  // said already
};

}  // namespace actiond
