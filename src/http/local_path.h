// Paths that a visitor may be redirected to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace actiond {

// Whether `path` may stand in a `Location`: it starts with one '/', and no browser reads another
// host into it.
bool is_local_path(std::string_view path);

// The local path that `text` is, or that it is percent-encoded whole, "%2Fdocs%2F": as the `next`
// of an address stands in the page that was asked for by it.
std::optional<std::string> local_path_in(std::string_view text);
// `path` as the `next` of an address, from which `local_path_in` reads it again: whole, when it has
// more than plain letters.
std::string as_next(std::string_view path);

// Where nginx serves a file of the static pages, "news/über.html": percent-encoded (RFC 3986
// section 2).
std::string path_of_page(std::string_view page);
// The file that it serves at `path`, which may have a query or a fragment.
std::string page_at(std::string_view path);

}  // namespace actiond
