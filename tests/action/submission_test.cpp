#include "action/submission.h"

#include <doctest/doctest.h>

#include <set>

#include "forms/fields.h"
#include "http/words.h"
#include "support.h"

namespace actiond {
namespace {

const KeyRing keys({KeyRing::new_key()});

struct Sent {
  const char* header = nullptr;
  FieldValues values = {};
  const char* action = "comments";
  std::optional<std::int64_t> user = std::nullopt;
};

std::variant<std::optional<Submission>, Problem> recognised(const Sent& sent,
                                                            const KeyRing& ring = keys) {
  std::vector<Header> headers;
  if (sent.header) headers.push_back({"idempotency-key", sent.header});
  return recognise(test::make_request("POST", "/", headers), sent.values, sent.action, sent.user,
                   ring);
}

Submission submission(const Sent& sent, const KeyRing& ring = keys) {
  return *std::get<std::optional<Submission>>(recognised(sent, ring));
}

TEST_CASE("the key of a page tells who it was shown to, and at which address") {
  const std::string id(32, 'a');
  for (const auto& [key, from, address] :
       std::vector<std::tuple<std::string, SentFrom, std::string>>{
           {id, SentFrom::Page, ""},
           {id + "s", SentFrom::PageOfUser, ""},
           {id + "/en/a.html", SentFrom::Page, "/en/a.html"},
           {id + "s/actions/book?id=2", SentFrom::PageOfUser, "/actions/book?id=2"},
           {"a/b.html", SentFrom::NoPage, "/b.html"},
           {id + "S/b.html", SentFrom::NoPage, "/b.html"},
           {"{once}", SentFrom::NoPage, ""}}) {
    CAPTURE(key);
    const FieldValues values{{"_once", key}};
    CHECK(sent_from(values) == from);
    CHECK(address_sent_from(values) == address);
  }
  CHECK(address_sent_from({}).empty());
}

TEST_CASE("a submission without a key is none") {
  for (const Sent& sent :
       {Sent{}, Sent{.values = {{"message", "x"}}}, Sent{.values = {{"_once", ""}}},
        Sent{.values = {{"_Once", "k"}}}, Sent{.header = ""}})
    CHECK_FALSE(std::get<std::optional<Submission>>(recognised(sent)));
}

TEST_CASE("the same submission is recognised, by field or by header") {
  const Sent by_field{.values = {{"message", "x"}, {"_once", "k"}}};
  CHECK(submission(by_field).id == submission(by_field).id);
  CHECK(submission(by_field).fingerprint == submission(by_field).fingerprint);
  const Sent by_header{.header = "k", .values = {{"message", "x"}}};
  CHECK(submission(by_header).id == submission(by_header).id);
}

TEST_CASE("a page that was edited is another submission, a script's key is not") {
  const Sent first{.values = {{"message", "x"}, {"_once", "k"}}};
  const Sent edited{.values = {{"message", "y"}, {"_once", "k"}}};
  CHECK(submission(first).id != submission(edited).id);
  const Sent sent{.header = "k", .values = {{"message", "x"}}};
  const Sent other{.header = "k", .values = {{"message", "y"}}};
  CHECK(submission(sent).id == submission(other).id);
}

TEST_CASE("another key, action or user is another submission") {
  std::set<std::string> ids;
  const Sent all[] = {{.header = "k"},
                      {.header = "l"},
                      {.header = "k", .action = "order"},
                      {.header = "k", .user = 1},
                      {.header = "k", .user = 2},
                      {.header = "1:k"},
                      // The parts run into each other otherwise.
                      {.header = "2k", .user = 1},
                      {.header = "k", .user = 12}};
  for (const Sent& sent : all) ids.insert(submission(sent).id);
  CHECK(ids.size() == std::size(all));
}

TEST_CASE("other fields have another fingerprint, the key among them does not count") {
  std::set<std::string> fingerprints;
  const Sent all[] = {{.header = "k"},
                      {.header = "k", .values = {{"a", "1"}}},
                      {.header = "k", .values = {{"a", "2"}}},
                      {.header = "k", .values = {{"b", "1"}}},
                      {.header = "k", .values = {{"a", "1"}, {"b", ""}}},
                      {.header = "k", .values = {{"a", "1b"}}},
                      {.header = "k", .values = {{"a1", ""}}}};
  for (const Sent& sent : all) fingerprints.insert(submission(sent).fingerprint);
  CHECK(fingerprints.size() == std::size(all));
  CHECK(submission({.header = "k", .values = {{"a", "1"}, {"_once", "x"}}}).fingerprint ==
        submission({.header = "k", .values = {{"a", "1"}}}).fingerprint);
}

TEST_CASE("the order of the fields says nothing, that of the values of one name does") {
  const auto fingerprint = [](const FieldValues& values) {
    return submission({.header = "k", .values = values}).fingerprint;
  };
  CHECK(fingerprint({{"a", "1"}, {"b", "2"}}) == fingerprint({{"b", "2"}, {"a", "1"}}));
  CHECK(fingerprint({{"a", "1"}, {"b", "x"}, {"a", "2"}}) ==
        fingerprint({{"b", "x"}, {"a", "1"}, {"a", "2"}}));
  CHECK(fingerprint({{"a", "1"}, {"a", "2"}}) != fingerprint({{"a", "2"}, {"a", "1"}}));
}

TEST_CASE("what is stored of a submission can be made by nobody without the key") {
  const Sent sent{.header = "k", .values = {{"password", "secret"}}};
  const Submission one = submission(sent), other = submission(sent, KeyRing({KeyRing::new_key()}));
  CHECK(one.id.size() == 32);
  CHECK(one.fingerprint.size() == 32);
  CHECK(one.id != other.id);
  CHECK(one.fingerprint != other.fingerprint);
}

TEST_CASE("a key of 255 printable characters is allowed, a longer or other one is 400") {
  CHECK(submission({.header = std::string(255, 'k').c_str()}).id.size() == 32);
  for (const std::string& key : {std::string(256, 'k'), std::string("a b"), std::string("a\tb"),
                                 std::string("\xC3\xA9"), std::string("\x7F")}) {
    CAPTURE(key);
    const auto refused = recognised({.header = key.c_str()});
    REQUIRE(std::holds_alternative<Problem>(refused));
    CHECK(std::get<Problem>(refused).status == 400);
    CHECK(test::contains(in_english(std::get<Problem>(refused).detail), "255"));
  }
}

TEST_CASE("a result stored is the result read") {
  CHECK(std::get<Redirect>(result_from_text(to_text(Redirect{"/a\"b"}))).to == "/a\"b");
  CHECK(std::get<Data>(result_from_text(to_text(Data{{{"a", "\n1"}, {"b", ""}}}))).values ==
        std::map<std::string, std::string>{{"a", "\n1"}, {"b", ""}});
  const auto start = std::get<StartSession>(result_from_text(to_text(StartSession{7, "/x"})));
  CHECK(start.user_id == 7);
  CHECK(start.to == "/x");
  CHECK(std::get<EndSession>(result_from_text(to_text(EndSession{"/y"}))).to == "/y");
}

TEST_CASE("a ring with a newer key still knows the name that each older key gave") {
  const Key newer = KeyRing::new_key(), newest = KeyRing::new_key();
  const KeyRing rotated({newest, newer, keys.signing()});
  for (const Sent& sent :
       {Sent{.header = "k"}, Sent{.values = {{"message", "x"}, {"_once", "k"}}}}) {
    const Submission before = submission(sent);
    const Submission now = submission(sent, rotated);
    CHECK(before.others.empty());
    REQUIRE(now.others.size() == 2);
    CHECK(now.id != before.id);
    CHECK(now.id == submission(sent, KeyRing({newest})).id);
    CHECK(now.others[0].id == submission(sent, KeyRing({newer})).id);
    CHECK(now.others[1].id == before.id);
    CHECK(now.others[1].fingerprint == before.fingerprint);
  }
}

}  // namespace
}  // namespace actiond
