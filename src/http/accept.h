// Which of the three answers the client prefers, RFC 9110 section 12.5.1, and in which language.
#pragma once

#include <string_view>

namespace actiond {

enum class Media { Json, Html, Text };

// The highest q wins, then the more specific range, then the one named first.  Json when nothing
// is preferred to it, nothing is acceptable, or `accept` makes no sense.
Media preferred_media(std::string_view accept);

// Whether text/csv, which only lists have, is preferred to these three.
bool prefers_csv(std::string_view accept);

// The language of `accept_language` with the highest q, of several the one named first; "" when it
// names none that is wanted, or any.  RFC 9110 section 12.5.4.
std::string_view preferred_language(std::string_view accept_language);

}  // namespace actiond
