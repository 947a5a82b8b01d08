// TLS, and the cookie's prefix that hangs on it.
#include <fmt/format.h>

#include "doctor/asking.h"
#include "program/origin.h"

namespace actiond::doctor {
namespace {

constexpr int renewal_days = 14;  // certificates are renewed a month before they end

}  // namespace

Findings check_tls(const Patient& patient) {
  Findings found;
  for (const std::string& text : patient.settings.origins) {
    if (!text.starts_with("https://") && !is_loopback_origin(text))
      found.push_back({fmt::format("{} is not https", text),
                       "Passwords and session cookies travel in the clear, and the cookie has no "
                       "__Host- prefix.",
                       "Give nginx a certificate, as docs/deploying.md says, and make the "
                       "origin https."});
  }
  for (const Origin& origin : answering_origins(patient)) {
    const bool https = ask_worker(patient, origin)["https"];
    if (https != origin.https)
      found.push_back(
          {fmt::format("{} arrives as {}", origin.text, https ? "https" : "http"),
           "The session cookie gets the wrong name: __Host-session is for https alone, "
           "and browsers drop it elsewhere.",
           "Pass `fastcgi_param HTTPS $https if_not_empty;`, and end TLS in this nginx."});
    if (!origin.https) continue;
    const HttpAnswer answer = send(origin, "GET", "/actions/me");
    if (!answer.certificate_trouble.empty())
      found.push_back({fmt::format("the certificate of {} is not trusted: {}", origin.text,
                                   answer.certificate_trouble),
                       "Browsers warn visitors away.",
                       "Renew it, with the whole chain in `ssl_certificate`, and reload nginx."});
    else if (answer.certificate_days < renewal_days)
      found.push_back({fmt::format("the certificate of {} ends in {} days", origin.text,
                                   answer.certificate_days),
                       "Then browsers warn visitors away.",
                       "See why it was not renewed, and reload nginx when it is."});
  }
  return found;
}

}  // namespace actiond::doctor
