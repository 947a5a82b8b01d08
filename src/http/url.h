// Addresses as a browser reads them: WHATWG URL, section 4.4, for http and https.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace actiond {

struct Url {
  std::string scheme;  // in lower case; empty: that of the base
  std::string host;    // with its port unless that is the scheme's; empty: that of the base
  std::string path;    // begins with '/', its dot segments resolved; percent-encoded as it came
  std::string rest;    // query and fragment, with '?' or '#'
};

// `reference` against a base on this site, of which the path is given.  Nothing when it names
// another scheme, or no host where it should.
std::optional<Url> resolve_url(std::string_view reference, std::string_view base_path);

// The host and port of "https://example.com:8443", as in `Url`.
std::string host_of(std::string_view origin);

}  // namespace actiond
