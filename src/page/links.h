// The links of a page, where the page is shown under an address that is not its own.
#pragma once

#include <string>
#include <string_view>

namespace actiond {

// `html` with each link that is relative to `address`, the page's own path, made relative to the
// site's root: in attributes (HTML's index of attributes whose value is a URL), `srcset`, `meta
// refresh` and CSS.  A query or a fragment alone stays: it leads to the page as it is shown.
// Rewritten rather than left to a <base>, which the site's CSP forbids, and which would lead each
// fragment away from the page; one of the author's own is resolved as well.
std::string with_links_from_root(const std::string& html, std::string_view address);

}  // namespace actiond
