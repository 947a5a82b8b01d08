#include "http/same_site.h"

#include <doctest/doctest.h>

#include "http/words.h"
#include "support.h"

namespace actiond {
namespace {

const std::vector<std::string> origins{"http://localhost:8080", "https://example.com"};

const char* const absent = nullptr;

struct Visit {
  const char* method;
  const char* site;  // Sec-Fetch-Site
  const char* origin;
  bool cookie;
  bool bearer;
};

std::optional<std::string> refusal(const Visit& visit) {
  std::vector<Header> headers;
  if (visit.site) headers.push_back({"sec-fetch-site", visit.site});
  if (visit.origin) headers.push_back({"origin", visit.origin});
  if (visit.cookie) headers.push_back({"cookie", "theme=dark; session=x"});
  if (visit.bearer) headers.push_back({"authorization", "Bearer token"});
  const auto refused =
      cross_site_refusal(test::make_request(visit.method, "/actions/x", headers), origins);
  if (!refused) return std::nullopt;
  return in_english(*refused);
}

// The contract for each Sec-Fetch-Site (a row) with each Origin (a column): '+' allowed,
// '-' forbidden, 'c' forbidden only with a session cookie and without a bearer token.
const char* const origin_columns[] = {absent,
                                      "http://localhost:8080",
                                      "https://example.com",
                                      "https://localhost:8080",
                                      "http://localhost:8081",
                                      "http://localhost",
                                      "https://evil.example",
                                      "null",
                                      "",
                                      "https://example.com.evil.example",
                                      "https://example.com/",
                                      "HTTPS://example.com",
                                      "https://example.com https://evil.example"};
struct SiteRow {
  const char* site;
  const char* verdicts;
};
const SiteRow site_rows[] = {
    {absent, "c++----------"},        {"same-origin", "+++++++++++++"},
    {"same-site", "-------------"},   {"cross-site", "-------------"},
    {"none", "-++----------"},        {"", "-------------"},
    {"Same-Origin", "-------------"}, {"same-origin, cross-site", "-------------"},
};

TEST_CASE("every combination of what a browser says is allowed or forbidden as the contract says") {
  for (const std::string method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get", "BREW", ""})
    for (const SiteRow& row : site_rows)
      for (std::size_t column = 0; column < std::size(origin_columns); ++column)
        for (const bool cookie : {false, true})
          for (const bool bearer : {false, true}) {
            const Visit visit{method.c_str(), row.site, origin_columns[column], cookie, bearer};
            const char verdict = row.verdicts[column];
            CAPTURE(method);
            CAPTURE(std::string(row.site ? row.site : "absent"));
            CAPTURE(std::string(visit.origin ? visit.origin : "absent"));
            CAPTURE(cookie);
            CAPTURE(bearer);
            CHECK(refusal(visit).has_value() ==
                  (verdict == '-' || (verdict == 'c' && cookie && !bearer)));
          }
}

TEST_CASE("reading is allowed from everywhere") {
  for (const char* method : {"GET", "HEAD"})
    for (const SiteRow& row : site_rows)
      for (const char* origin : origin_columns)
        CHECK_FALSE(refusal({method, row.site, origin, true, false}));
}

TEST_CASE("only a bearer token counts as one") {
  const auto refused = [](const std::string& authorization) {
    const Request request = test::make_request(
        "POST", "/actions/x", {{"cookie", "session=x"}, {"authorization", authorization}});
    return cross_site_refusal(request, origins).has_value();
  };
  for (const char* other : {"Basic YTpi", "Bearertoken", "Bearer=x", ""}) {
    CAPTURE(other);
    CHECK(refused(other));
  }
  // One that is wrong is the only thing looked at, too.
  for (const char* bearer : {"Bearer x", "bearer x", "Bearer\tx", "Bearer", "Bearer "}) {
    CAPTURE(bearer);
    CHECK_FALSE(refused(bearer));
  }
}

TEST_CASE("a session cookie of either name counts, good or bad, once or twice") {
  for (const std::string cookie :
       {"session=", "__Host-session=x", "a=b;session=x", "session=x; session=y"}) {
    CAPTURE(cookie);
    CHECK(cross_site_refusal(test::make_request("POST", "/", {{"cookie", cookie}}), origins));
  }
  CHECK_FALSE(
      cross_site_refusal(test::make_request("POST", "/", {{"cookie", "sessions=x"}}), origins));
}

TEST_CASE("a refusal reports what came, what was expected and which setting to change") {
  const auto by_origin = refusal({"POST", absent, "https://evil.example", false, false});
  REQUIRE(by_origin);
  for (const std::string part : {"\"https://evil.example\"", "http://localhost:8080",
                                 "https://example.com", "site.origins"}) {
    CAPTURE(part);
    CHECK(by_origin->find(part) != std::string::npos);
  }
  CHECK(refusal({"POST", "none", "https://evil.example", false, false}) == by_origin);
  CHECK(refusal({"POST", "none", absent, true, false}) ==
        "The request came with Sec-Fetch-Site \"none\"; only \"same-origin\" may act, or \"none\" "
        "with Origin: http://localhost:8080 or https://example.com.");
  CHECK(refusal({"POST", "cross-site", absent, false, false})->find("\"cross-site\"") !=
        std::string::npos);
  CHECK(refusal({"POST", absent, absent, true, false})->find("Origin: http://localhost:8080") !=
        std::string::npos);
}

TEST_CASE("headers that a client invents change nothing") {
  for (const std::string name :
       {"x-forwarded-host", "host", "referer", "x-original-url", "x-http-method-override",
        "x-forwarded-proto", "x-middleware-subrequest"}) {
    CAPTURE(name);
    const Request request = test::make_request(
        "POST", "/actions/x", {{name, "https://evil.example"}, {"origin", "https://evil.example"}});
    CHECK(cross_site_refusal(request, origins));
  }
}

}  // namespace
}  // namespace actiond
