// Addresses made of values, for the attributes of a page that are links.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "page/attribute.h"
#include "page/page.h"

namespace actiond {

// The value of that name, or null.
using ValueOf = std::function<const std::string*(std::string_view name)>;

// The address that the attribute gets, or nothing: then it is left out.
//
// A value behind other text is percent-encoded, so that it stays in the part of the address where
// the author put it.  One at the start is the whole address: a path of this site, a relative one,
// http(s) to a host of the site or, unless a form is sent there, https to one of `linked_hosts`; in
// `href` also mailto: and tel:.  A host that the author wrote needs no list.
std::optional<std::string> filled_link(const FilledAttribute& attribute, const ValueOf& value_of,
                                       const PageAddress& address);

// Whether the address is one of this site, or of a host that the author wrote, whatever the values
// are: all of them stand behind its '?' or '#'.
bool is_settled(const FilledAttribute& attribute);

}  // namespace actiond
