#include "action/note.h"

#include "access/token.h"
#include "http/cookie.h"

namespace actiond {
namespace {

constexpr std::string_view purpose = "note.";
// For a page that comes slowly; a note that is not shown by then says nothing to anybody.
constexpr std::chrono::seconds life(60);

}  // namespace

std::string carry_note(std::string_view note, bool https, const KeyRing& keys) {
  return set_note_cookie(sign_token(purpose, note, keys), life, https);
}

std::string take_note_away(bool https) {
  return set_note_cookie("", std::chrono::seconds(0), https);
}

std::optional<std::string> carried_note(const Request& request, const KeyRing& keys) {
  const auto token = note_cookie(request);
  return token ? verify_token(purpose, *token, keys) : std::nullopt;
}

}  // namespace actiond
