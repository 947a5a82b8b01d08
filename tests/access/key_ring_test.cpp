#include "access/key_ring.h"

#include <doctest/doctest.h>

#include "base/crypto.h"
#include "base/encoding.h"
#include "support.h"

namespace actiond {
namespace {

using test::repeat;

// "" when the ring is accepted.
std::string refusal(const std::string& text) {
  try {
    KeyRing::parse(text);
    return "";
  } catch (const WeakKey& weak) {
    return weak.what();
  }
}

std::string line(const std::string& id, const std::string& secret) {
  return id + " " + to_base64url(secret) + "\n";
}

const std::string good = random_bytes(32);
const std::string other = random_bytes(40);

TEST_CASE("a key ring keeps its keys in order") {
  const KeyRing ring =
      KeyRing::parse("# comment\n\n" + line("b2", good) + "\r\n" + line("a1", other));
  REQUIRE(ring.keys().size() == 2);
  CHECK(ring.signing().id == "b2");
  CHECK(ring.signing().secret == good);
  REQUIRE(ring.find("a1"));
  CHECK(ring.find("a1")->secret == other);
  for (const std::string unknown : {"", "a", "a11", "A1", "c3"})
    CHECK(ring.find(unknown) == nullptr);
}

TEST_CASE("a key ring is read in every shape an editor leaves it in") {
  for (const std::string& text :
       {line("a", good), "  a   " + to_base64url(good) + "  ", "a " + to_base64url(good) + "\r\n",
        line("a", good) + "\n\n# end"}) {
    CAPTURE(text);
    CHECK(refusal(text) == "");
  }
}

TEST_CASE("a ring written is the ring read") {
  const KeyRing ring({KeyRing::new_key(), KeyRing::new_key()});
  const KeyRing again = KeyRing::parse(ring.text());
  REQUIRE(again.keys().size() == 2);
  for (std::size_t at = 0; at < 2; ++at) {
    CHECK(again.keys()[at].id == ring.keys()[at].id);
    CHECK(again.keys()[at].secret == ring.keys()[at].secret);
  }
}

TEST_CASE("a key keeps when it was made, in a line that older programs skip") {
  const Time made = *from_rfc3339("2027-01-31T12:00:00Z");
  const KeyRing ring({KeyRing::new_key(made), KeyRing::new_key(), KeyRing::new_key(made)});
  const KeyRing again = KeyRing::parse(ring.text());
  CHECK(again.keys()[0].made == made);
  CHECK_FALSE(again.keys()[1].made);
  CHECK(again.keys()[2].made == made);
  CHECK(ring.text().find("\n# made 2027-01-31T12:00:00Z\n") != std::string::npos);
  // Of no key, or no time: a remark like any other.
  CHECK_FALSE(
      KeyRing::parse("# made 2027-01-31\n" + line("a", good) + "\n# made once").keys()[0].made);
}

TEST_CASE("a key that signs from a time on only verifies before it") {
  const Time from = *from_rfc3339("2027-01-31T12:00:00Z");
  Key later = KeyRing::new_key();
  later.signs_from = from;
  const Key present = KeyRing::new_key();
  KeyRing ring = KeyRing::parse(KeyRing({later, present}).text());
  CHECK(ring.keys()[0].signs_from == from);
  CHECK_FALSE(ring.keys()[1].signs_from);
  CHECK(ring.signing().id == present.id);  // nobody told it the time
  Time now = from - std::chrono::seconds(1);
  ring.follow([&now] { return now; });
  CHECK(ring.signing().id == present.id);
  CHECK(ring.find(later.id) != nullptr);
  now = from;
  CHECK(ring.signing().id == later.id);
  CHECK_THROWS_WITH_AS(KeyRing({later}), "every key of the ring signs later, and none now",
                       WeakKey);
  CHECK(refusal(line("a", good) + "# signs from soon\n" + line("b", other)) ==
        "line 2 says no time to sign from");
}

TEST_CASE("new keys differ and are strong") {
  const Key key = KeyRing::new_key();
  CHECK(key.secret.size() == 32);
  CHECK(key.secret != KeyRing::new_key().secret);
  CHECK(key.id != KeyRing::new_key().id);
}

TEST_CASE("a ring without a key is forbidden") {
  for (const std::string text : {"", "\n\n", "# only a comment", " \t\n"})
    CHECK(refusal(text) == "the key ring holds no key");
  CHECK_THROWS_AS(KeyRing({}), WeakKey);
}

TEST_CASE("a short key is reported by its id and length") {
  CHECK(refusal(line("a", good.substr(1))) == "key a is short: 31 bytes, at least 32 are needed");
  CHECK(refusal(line("b", other) + line("a", "x")) ==
        "key a is short: 1 bytes, at least 32 are needed");
}

TEST_CASE("a sample key is forbidden") {
  std::string counted, descending;
  for (int byte = 0; byte < 32; ++byte) counted += static_cast<char>(byte);
  for (int byte = 255; byte > 223; --byte) descending += static_cast<char>(byte);
  for (const std::string& secret : {std::string(32, '\0'), std::string(64, '\xFF'),
                                    repeat("secret", 8), repeat("\x01\x02\x03\x04", 8),
                                    std::string("please-change-this-secret-key-please-0123456789"),
                                    std::string("0123456789abcdef0123456789ABCDEF"),
                                    repeat(good.substr(0, 8), 4), counted, descending}) {
    CAPTURE(to_base64url(secret));
    CHECK(refusal(line("a", secret)) == "key a is a sample, not random bytes");
  }
}

TEST_CASE("two keys of one id are forbidden") {
  CHECK(refusal(line("a", good) + line("a", other)) == "key a is there twice");
}

TEST_CASE("a bad id is forbidden") {
  for (const std::string id : {"A", "a.b", "a-b", "a_b", "aaaaaaaaaaaaaaaaa", "\xC3\xA9"}) {
    CAPTURE(id);
    CHECK(refusal(line(id, good)) == "a key id is 1 to 16 of a-z and 0-9");
  }
  CHECK(refusal(line("aaaaaaaaaaaaaaa9", good)) == "");
}

TEST_CASE("a malformed line is reported by its number, and no secret with it") {
  const std::string secret = to_base64url(good);
  for (const std::string& bad :
       {secret, std::string("a"), "a:" + secret, "a\t" + secret, "a " + secret + " x",
        "a " + secret + "=", "a not/base64url+" + secret}) {
    CAPTURE(bad);
    CHECK(refusal("# first\n" + line("b", other) + bad) ==
          "line 3 is not \"ID SECRET\" in base64url");
  }
}

}  // namespace
}  // namespace actiond
