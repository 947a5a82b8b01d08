#include "http/answer.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "action/result_answer.h"
#include "support.h"

namespace actiond {
namespace {

using nlohmann::json;
using test::header;

const char* const text_type = "text/plain; charset=utf-8";

bool has(const Response& response, std::string_view part) {
  return response.body.find(part) != std::string::npos;
}

TEST_CASE("a redirect is 303 for a browser and says where to a program") {
  const Redirect redirect{"/thanks.html"};
  const Response html = to_response(redirect, Media::Html);
  CHECK(html.status() == 303);
  CHECK(header(html, "Location") == "/thanks.html");

  const Response program = to_response(redirect, Media::Json);
  CHECK(program.status() == 200);
  CHECK(header(program, "Content-Type") == json_type);
  CHECK(program.body == "{\"ok\":true,\"location\":\"/thanks.html\"}\n");

  const Response shell = to_response(redirect, Media::Text);
  CHECK(shell.status() == 200);
  CHECK(header(shell, "Content-Type") == text_type);
  CHECK(shell.body == "ok\n");
}

TEST_CASE("a redirect to another site is forbidden in every form") {
  for (const std::string to : {"//evil.example", "https://evil.example/", "/\\evil.example", "",
                               "thanks.html", "/a\r\nX-Evil: 1"})
    for (const Media media : {Media::Html, Media::Json, Media::Text}) {
      CAPTURE(to);
      CHECK_THROWS_AS(to_response(Redirect{to}, media), std::invalid_argument);
    }
}

TEST_CASE("data is a page, an object or a line") {
  const Data data{{{"report", "17"}, {"title", "<b>\"x\"</b>"}}};
  const Response html = to_response(data, Media::Html);
  CHECK(html.status() == 200);
  CHECK(header(html, "Content-Type") == html_type);
  CHECK(has(html, "<dt>report</dt><dd>17</dd>"));
  CHECK(has(html, "<dd>&lt;b&gt;&quot;x&quot;&lt;/b&gt;</dd>"));
  CHECK_FALSE(has(html, "<b>"));

  const Response program = to_response(data, Media::Json);
  CHECK(program.status() == 200);
  CHECK(json::parse(program.body) ==
        json{{"ok", true}, {"data", {{"report", "17"}, {"title", "<b>\"x\"</b>"}}}});

  CHECK(to_response(data, Media::Text).body == "ok report=17 title=\"<b>\\\"x\\\"</b>\"\n");
}

TEST_CASE("a value stays one word of one line for a shell") {
  struct Row {
    std::string value;
    std::string word;
  };
  for (const Row& row :
       {Row{"17", "17"}, Row{"a-b_c.d/e:f", "a-b_c.d/e:f"}, Row{"\xC3\xA9", "\xC3\xA9"},
        Row{"", "\"\""}, Row{"a b", "\"a b\""}, Row{"a\nok b=c", "\"a\\nok b=c\""},
        Row{"a\"b", "\"a\\\"b\""}, Row{"a'b", "\"a'b\""}, Row{"a\\b", "\"a\\\\b\""},
        Row{"a\tb\r", "\"a\\tb\\r\""}}) {
    CAPTURE(row.value);
    CHECK(to_response(Data{{{"x", row.value}}}, Media::Text).body ==
          std::string("ok x=") + row.word + "\n");
  }
}

TEST_CASE("text that is not UTF-8 fails no answer") {
  CHECK(json::accept(to_response(Data{{{"x", "a\xFF"}}}, Media::Json).body));
  CHECK(json::accept(to_response(Problem{400, "\xC3"}, Media::Json, "id").body));
  CHECK(to_response(Data{{{"x", "a \xFF"}}}, Media::Text).status() == 200);
}

TEST_CASE("a problem for a program is RFC 9457") {
  const Response plain = to_response(Problem{403, "Not from here."}, Media::Json, "id1");
  CHECK(plain.status() == 403);
  CHECK(header(plain, "Content-Type") == "application/problem+json");
  CHECK(json::parse(plain.body) == json{{"type", "about:blank"},
                                        {"title", "Forbidden"},
                                        {"status", 403},
                                        {"detail", "Not from here."},
                                        {"requestId", "id1"}});

  const Response fields =
      to_response(Problem{.status = 422, .detail = "Wrong.", .errors = {{"message", "Required."}}},
                  Media::Json, "id2");
  CHECK(json::parse(fields.body)["errors"] == json{{"message", "Required."}});
  CHECK(json::parse(fields.body)["title"] == "Unprocessable Content");
}

TEST_CASE("a problem for a shell is a line, or a line a field") {
  CHECK(to_response(Problem{403, "Not from here."}, Media::Text, "id1").body ==
        "error Not from here. (request id1)\n");
  // A quoted value makes no line of its own, and no command for a terminal.
  CHECK(to_response(Problem{400, "\"a\nok\r\t\x1b[31m\xE9\x7f \xC2\x9B\" twice, \xE2\x82\xAC."},
                    Media::Text, "id1")
            .body ==
        "error \"a\uFFFDok\uFFFD\uFFFD\uFFFD[31m\uFFFD\uFFFD \uFFFD\" twice, \u20AC. "
        "(request id1)\n");
  const Problem fields{.status = 422,
                       .detail = "Wrong.",
                       .errors = {{"", "All wrong."}, {"email", "Bad."}, {"message", "Required."}}};
  const Response response = to_response(fields, Media::Text, "id1");
  CHECK(response.status() == 422);
  CHECK(response.body == "error All wrong.\nerror email: Bad.\nerror message: Required.\n");
}

TEST_CASE("a problem for a browser is a page with the messages and the request id") {
  const Response page = to_response(
      Problem{.status = 422, .detail = "<i>", .errors = {{"a<b", "\"Bad\""}}}, Media::Html, "id<1");
  CHECK(page.status() == 422);
  CHECK(header(page, "Content-Type") == html_type);
  CHECK(has(page, "<!DOCTYPE html>"));
  CHECK(has(page, "<h1>Unprocessable Content</h1>"));
  CHECK(has(page, "<p>&lt;i&gt;</p>"));
  CHECK(has(page, "<li>a&lt;b: &quot;Bad&quot;</li>"));
  CHECK(has(page, "id&lt;1"));
}

TEST_CASE("the reason for the log is in no answer") {
  for (const Media media : {Media::Html, Media::Json, Media::Text}) {
    const Response response = to_response(
        Problem{.status = 500, .detail = "Ours.", .reason = "disk on fire"}, media, "id1");
    CHECK(has(response, "id1"));
    CHECK_FALSE(has(response, "fire"));
  }
}

TEST_CASE("405 says what is allowed and 503 when to come again, and nobody else does") {
  for (const Media media : {Media::Html, Media::Json, Media::Text}) {
    const Response wrong =
        to_response(Problem{.status = 405, .detail = "x", .allow = "GET, POST"}, media, "id");
    CHECK(header(wrong, "Allow") == "GET, POST");
    CHECK(header(wrong, "Retry-After") == "");
    const Response busy = to_response(Problem{503, "x"}, media, "id");
    CHECK(header(busy, "Retry-After") == "5");
    CHECK(header(busy, "Allow") == "");
  }
}

TEST_CASE("a title is no markup") {
  CHECK(plain_page("</title><script>", "").find("<script>") == std::string::npos);
}

}  // namespace
}  // namespace actiond
