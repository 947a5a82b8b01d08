#include "access/session.h"

#include <doctest/doctest.h>

#include "access/token.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "support.h"

namespace actiond {
namespace {

const Key first{"first", random_bytes(32)};
const Key second{"second", random_bytes(32)};
const KeyRing ring({first, second});
const SessionId session_id = SessionId::make();

std::string payload() { return to_base64url(session_id.bytes); }

// A token that `key` made for `purpose`; "session." is the session's own.
std::string forge(const std::string& purpose, const std::string& signed_part, const Key& key) {
  return signed_part + "." + to_base64url(hmac_sha256(key.secret, purpose + signed_part));
}

TEST_CASE("a signed session is allowed and names its row") {
  const std::string token = sign(session_id, ring);
  CHECK(token.starts_with("v1.first." + payload() + "."));
  REQUIRE(verify(token, ring));
  CHECK(verify(token, ring)->bytes == session_id.bytes);
}

TEST_CASE("sessions differ and are 128 bits") {
  CHECK(SessionId::make().bytes.size() == 16);
  CHECK(SessionId::make().bytes != SessionId::make().bytes);
}

TEST_CASE("every flipped bit of a token is forbidden") {
  const std::string token = sign(session_id, ring);
  for (std::size_t at = 0; at < token.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = token;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      CAPTURE(flipped);
      CHECK_FALSE(verify(flipped, ring));
    }
}

TEST_CASE("every truncated or lengthened token is forbidden") {
  const std::string token = sign(session_id, ring);
  for (std::size_t length = 0; length < token.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(verify(token.substr(0, length), ring));
    CHECK_FALSE(verify(token.substr(token.size() - length), ring));
  }
  for (const std::string more : {".", "A", "=", " ", "\n", ".A", ";"}) {
    CAPTURE(more);
    CHECK_FALSE(verify(token + more, ring));
    CHECK_FALSE(verify(more + token, ring));
  }
}

TEST_CASE("a session signed with the older key of the ring is allowed") {
  CHECK(verify(sign(session_id, KeyRing({second})), ring));
}

TEST_CASE("a session signed with a dropped key is forbidden") {
  const std::string token = sign(session_id, KeyRing({second}));
  CHECK_FALSE(verify(token, KeyRing({first})));
}

TEST_CASE("a session that names another key than signed it is forbidden") {
  CHECK_FALSE(verify(forge("session.", "v1.second." + payload(), first), ring));
  CHECK_FALSE(verify(forge("session.", "v1.third." + payload(), first), ring));
  CHECK_FALSE(verify(forge("session.", "v1.." + payload(), first), ring));
}

TEST_CASE("a token made for another purpose is forbidden as a session") {
  const std::string signed_part = "v1.first." + payload();
  REQUIRE(verify(forge("session.", signed_part, first), ring));
  for (const std::string purpose : {"", "session", "Session.", "reset.", "email.", "session.v1."}) {
    CAPTURE(purpose);
    CHECK_FALSE(verify(forge(purpose, signed_part, first), ring));
  }
}

TEST_CASE("a token of another version or shape is forbidden, though a key signed it") {
  for (const std::string& signed_part :
       {"v2.first." + payload(), "V1.first." + payload(), "first." + payload(),
        std::string("v1.first"), std::string("v1.first."),
        "v1.first." + to_base64url(session_id.bytes + "x"),
        "v1.first." + to_base64url(session_id.bytes.substr(1)), "v1.first." + payload() + "=",
        "v1.first." + payload() + "." + payload(), "v1.first.x." + payload()}) {
    CAPTURE(signed_part);
    CHECK_FALSE(verify(forge("session.", signed_part, first), ring));
  }
}

TEST_CASE("a token without its MAC, or with a second spelling of it, is forbidden") {
  const std::string token = sign(session_id, ring);
  const std::string signed_part = token.substr(0, token.rfind('.'));
  CHECK_FALSE(verify(signed_part + ".", ring));
  CHECK_FALSE(verify(signed_part, ring));
  CHECK_FALSE(verify(token + "=", ring));
  for (const std::string text :
       {"", ".", "..", "...", "v1", "v1.", "v1..", "v1...", "v1.first..", "null"}) {
    CAPTURE(text);
    CHECK_FALSE(verify(text, ring));
  }
}

TEST_CASE("access ends at its moment") {
  const Time now(std::chrono::seconds(1'000'000));
  const auto until = [&](Time end) { return Identity{1, "", "", {{"paid", end}}}.has_access(now); };
  CHECK_FALSE(Identity{1, "", "", {}}.has_access(now));
  CHECK_FALSE(until(now - std::chrono::seconds(1)));
  CHECK_FALSE(until(now));
  CHECK(until(now + std::chrono::seconds(1)));
  CHECK(until(forever));
}

TEST_CASE("a grant of another name is no access, and access no grant of another name") {
  const Time now(std::chrono::seconds(1'000'000));
  const Identity editor{1, "", "", {{"editor", forever}}};
  CHECK(editor.has("editor", now));
  for (const std::string_view other : {"", "edito", "editors", "Editor", "paid"})
    CHECK_FALSE(editor.has(other, now));
  CHECK_FALSE(editor.has_access(now));
  CHECK_FALSE(editor.access_until());
  CHECK_FALSE(Identity{1, "", "", {{"paid", forever}}}.has("editor", now));
}

TEST_CASE("of several grants of one name the longest counts") {
  const Time now(std::chrono::seconds(1'000'000));
  const Time ended = now - std::chrono::seconds(1);
  for (const std::vector<Grant>& grants :
       {std::vector<Grant>{{"paid", ended}, {"paid", forever}},
        std::vector<Grant>{{"paid", forever}, {"paid", ended}}}) {
    const Identity identity{1, "", "", grants};
    CHECK(identity.has_access(now));
    CHECK(identity.access_until() == forever);
  }
}

TEST_CASE("a token tells whether the key that signs now has signed it") {
  const KeyRing before({second});
  CHECK_FALSE(is_signed_by_old_key(sign(session_id, ring), ring));
  CHECK(is_signed_by_old_key(sign(session_id, before), ring));
  CHECK_FALSE(is_signed_by_old_key(sign(session_id, before), before));
}

}  // namespace
}  // namespace actiond
