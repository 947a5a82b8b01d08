#include "http/response.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace actiond {
namespace {

using namespace std::string_literals;

TEST_CASE("a response keeps its headers in order, repeated ones repeated") {
  Response response(200);
  response.set_header("Content-Type", "text/html");
  response.set_header("X-1", "a b;c=\"d\"");
  response.set_header("X-1", "");
  CHECK(response.headers() ==
        std::vector<std::pair<std::string, std::string>>{
            {"Content-Type", "text/html"}, {"X-1", "a b;c=\"d\""}, {"X-1", ""}});
}

TEST_CASE("a header that would end its line is forbidden") {
  for (const std::string& value : {"\r"s, "\n"s, "\0"s, "a\r\nX-Evil: 1"s, "a\n"s, "\nb"s, "a\0b"s,
                                   "/x\r\n\r\n<script>"s, "a\rb"s}) {
    CAPTURE(value);
    Response response(200);
    CHECK_THROWS_AS(response.set_header("Location", value), std::invalid_argument);
    CHECK(response.headers().empty());
  }
}

TEST_CASE("a header whose name is no token is forbidden") {
  for (const std::string& name :
       {""s, " "s, "X Y"s, "X:"s, "X\r\nY"s, "X\0"s, "X\n"s, "\xC3\xA9"s, "X_Y"s}) {
    CAPTURE(name);
    CHECK_THROWS_AS(Response(200).set_header(name, "x"), std::invalid_argument);
  }
}

TEST_CASE("a header that commands nginx is forbidden in any case") {
  for (const std::string name : {"X-Accel-Redirect", "x-accel-redirect", "X-ACCEL-EXPIRES",
                                 "X-Accel-Buffering", "x-Accel-Charset", "X-Accel-"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(Response(200).set_header(name, "/private"), std::invalid_argument);
  }
}

TEST_CASE("every status of the contract has its phrase, any other is a mistake") {
  struct Row {
    int status;
    std::string phrase;
  };
  for (const Row& row :
       {Row{200, "OK"}, Row{303, "See Other"}, Row{400, "Bad Request"}, Row{401, "Unauthorized"},
        Row{402, "Payment Required"}, Row{403, "Forbidden"}, Row{404, "Not Found"},
        Row{405, "Method Not Allowed"}, Row{413, "Content Too Large"},
        Row{415, "Unsupported Media Type"}, Row{422, "Unprocessable Content"},
        Row{500, "Internal Server Error"}, Row{503, "Service Unavailable"}}) {
    CAPTURE(row.status);
    CHECK(reason_phrase(row.status) == row.phrase);
  }
  CHECK_THROWS_AS(reason_phrase(418), std::invalid_argument);
}

}  // namespace
}  // namespace actiond
