#include "http/cookie.h"

#include <doctest/doctest.h>

#include "support.h"

namespace actiond {
namespace {

Request with_cookie(const std::string& cookie, bool https = false) {
  Request request = test::make_request("GET", "/", {{"cookie", cookie}});
  request.https = https;
  return request;
}

std::string found(const Request& request) {
  return std::string(session_cookie(request).value_or("nothing"));
}

TEST_CASE("the session cookie is found among others") {
  struct Row {
    std::string cookie;
    std::string value;
  };
  for (const Row& row :
       {Row{"session=x", "x"}, Row{"a=b; session=x; c=d", "x"}, Row{"a=b;session=x;", "x"},
        Row{" \t session=x ", "x"}, Row{"session=", ""}, Row{"session=a=b", "a=b"},
        Row{"session=\"x\"", "\"x\""}, Row{";;session=x;;", "x"}}) {
    CAPTURE(row.cookie);
    CHECK(found(with_cookie(row.cookie)) == row.value);
  }
}

TEST_CASE("a name that is not byte for byte the session's is another cookie") {
  for (const std::string cookie :
       {"", "session", "Session=x", "SESSION=x", "sessions=x", "xsession=x", "session =x",
        "session-id=x", "%73ession=x", "__Host-session=x", "a=session=x", "a=b,session=x",
        "session\x00=x"}) {
    CAPTURE(cookie);
    CHECK(found(with_cookie(cookie)) == "nothing");
  }
}

TEST_CASE("a doubled session cookie is signed out") {
  for (const std::string cookie :
       {"session=x; session=x", "session=x; session=y", "session=x; a=b; session="}) {
    CAPTURE(cookie);
    CHECK(found(with_cookie(cookie)) == "nothing");
    CHECK(carries_session_cookie(with_cookie(cookie)));
  }
}

TEST_CASE("over https only the __Host- cookie is the session's") {
  CHECK(found(with_cookie("session=x", true)) == "nothing");
  CHECK(found(with_cookie("__Host-session=x", true)) == "x");
  CHECK(found(with_cookie("__host-session=x", true)) == "nothing");
  CHECK(found(with_cookie("session=x; __Host-session=y", true)) == "y");
}

TEST_CASE("a session cookie of either name is carried") {
  for (const bool https : {false, true}) {
    CHECK(carries_session_cookie(with_cookie("session=", https)));
    CHECK(carries_session_cookie(with_cookie("a=b; __Host-session=x", https)));
    CHECK_FALSE(carries_session_cookie(with_cookie("a=b; Session=x", https)));
  }
  CHECK_FALSE(carries_session_cookie(test::make_request("GET", "/")));
}

TEST_CASE(
    "the cookie set is kept from scripts and other sites, and from http when it came by https") {
  CHECK(set_session_cookie("v1.x", std::chrono::hours(1), false) ==
        "session=v1.x; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
  CHECK(set_session_cookie("v1.x", std::chrono::hours(1), true) ==
        "__Host-session=v1.x; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure");
  CHECK(set_session_cookie("", std::chrono::seconds(0), false) ==
        "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

}  // namespace
}  // namespace actiond
