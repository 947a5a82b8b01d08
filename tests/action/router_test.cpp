#include "action/router.h"

#include <doctest/doctest.h>

#include "action/declare.h"
#include "support.h"

namespace actiond {
namespace {

struct EmptyForm {};

Action made(std::string_view name, std::string_view page) {
  return public_action(name, Form<EmptyForm>{page, {}},
                       [](const EmptyForm&, Transaction&) -> Result { return Redirect{"/"}; });
}

struct Row {
  std::string method;
  std::string path;
  std::vector<Header> headers;
  int refusal;  // 0: none
  std::optional<Route::To> to = std::nullopt;
};

TEST_CASE(
    "path, method and headers decide where a request goes, and in which order it is refused") {
  const Catalogue catalogue({made("with-page", "x.html"), made("without", "")});
  const Router router(catalogue, {"https://example.com"});
  const Header foreign{"origin", "https://evil.example"};
  const Header own{"origin", "https://example.com"};
  using To = Route::To;
  for (const Row& row :
       {Row{"GET", "/actions/with-page", {}, 0, To::Show},
        Row{"HEAD", "/actions/with-page", {}, 0, To::Show},
        Row{"POST", "/actions/with-page", {own}, 0, To::Run},
        Row{"POST", "/actions/without", {}, 0, To::Run},
        Row{"GET", "/actions/me", {}, 0, To::BuiltIn}, Row{"GET", "/actions/", {}, 0, To::BuiltIn},
        Row{"HEAD", "/actions/openapi.json", {}, 0, To::BuiltIn},
        Row{"GET", "/actions/without", {}, 405}, Row{"POST", "/actions/me", {}, 405},
        Row{"PUT", "/actions/with-page", {own}, 405},
        Row{"PUT", "/actions/with-page", {foreign}, 403},
        Row{"POST", "/actions/with-page", {foreign}, 403},
        Row{"POST", "/actions/nothing", {foreign}, 404}, Row{"GET", "/actions", {}, 404},
        Row{"GET", "/", {}, 404}, Row{"POST", "/actions/with-page/", {}, 404},
        Row{"POST", "/actions/nothing", {own, own}, 400},
        Row{"POST", "/actions/with-page", {own, foreign}, 400}}) {
    CAPTURE(row.method);
    CAPTURE(row.path);
    CAPTURE(row.refusal);
    const Request request = test::make_request(row.method, row.path, row.headers);
    const Route route = router.find(request);
    CHECK((route.refusal ? route.refusal->status : 0) == row.refusal);
    if (row.to) CHECK(route.to == *row.to);
  }
}

TEST_CASE("a refused request is known by its action, unless a header was repeated") {
  const Catalogue catalogue({made("a", "x.html")});
  const Router router(catalogue, {"https://example.com"});
  const auto action_of = [&router](const std::string& method, std::vector<Header> headers) {
    return router.find(test::make_request(method, "/actions/a", std::move(headers))).action;
  };
  CHECK(action_of("PUT", {}) == catalogue.find("a"));
  CHECK(action_of("POST", {{"origin", "https://evil.example"}}) == catalogue.find("a"));
  CHECK(action_of("POST", {{"host", "a"}, {"host", "b"}}) == nullptr);
}

}  // namespace
}  // namespace actiond
