// The note of a Redirect, as the handler wrote it, on its way to the page that it leads to, which
// says it in its language.  A browser carries it there in a cookie, signed so that nobody else puts
// words into this site's mouth, and gives it back once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/key_ring.h"
#include "http/request.h"

namespace actiond {

constexpr std::string_view note_output = "note";  // <output name="note">

// The value of Set-Cookie that carries `note`, and the one that takes it away.
std::string carry_note(std::string_view note, bool https, const KeyRing& keys);
std::string take_note_away(bool https);

// The note that came with `request`, if this site made it.
std::optional<std::string> carried_note(const Request& request, const KeyRing& keys);

}  // namespace actiond
