#include <algorithm>

#include "pool/status/counters.h"

namespace actiond {

std::size_t status_index(int status) {
  const auto found = std::lower_bound(counted_statuses.begin(), counted_statuses.end(), status);
  const bool is_there = found != counted_statuses.end() && *found == status;
  return is_there ? static_cast<std::size_t>(found - counted_statuses.begin()) : 0;
}

Reason reason_of(int status, std::string_view text) {
  if (text.starts_with("bearer token")) return Reason::WrongToken;
  switch (status) {
    case 400: return Reason::Malformed;
    case 401: return Reason::NotSignedIn;
    case 402: return Reason::NoAccess;
    case 403: return text == "cross-site" ? Reason::CrossSite : Reason::NotPermitted;
    case 404: return Reason::NoAction;
    case 405: return Reason::WrongMethod;
    case 409: return Reason::Conflict;
    case 413: return Reason::TooLarge;
    case 415: return Reason::WrongType;
    case 422: return Reason::InvalidFields;
    case 429: return Reason::TooManyTries;
    case 500: return Reason::Failed;
    case 503: return Reason::Busy;
    default: break;
  }
  if (status >= 400) return Reason::Other;
  // A browser is led to where it can sign in, or pay.
  if (text == "not signed in") return Reason::NotSignedIn;
  if (text == "no access") return Reason::NoAccess;
  return Reason::None;
}

}  // namespace actiond
