#include "pool/fastcgi/records.h"

#include <doctest/doctest.h>

#include <functional>

#include "pool/fastcgi/fastcgi.h"
#include "served/fastcgi.h"
#include "support.h"

using namespace actiond;
namespace fcgi = actiond::http::fastcgi;

namespace {

const std::string pairs = fcgi::pair("A", "1") + fcgi::pair("EMPTY", "");
const std::string head = fcgi::begin_request(true) + fcgi::record(fcgi::parameters, pairs) +
                         fcgi::record(fcgi::parameters, "");

std::string body(RequestRecords& records) {
  std::string all(records.body_bytes(), '\0');
  records.read_body(all.data(), all.size());
  return all;
}

bool is_taken(std::string_view bytes) { return RequestRecords().take(bytes); }

// What the records carry when they are whole; "refused" or "unfinished" when they are not.
std::string parameters(const std::string& pairs_sent) {
  RequestRecords records;
  if (!records.take(fcgi::begin_request() + fcgi::record(fcgi::parameters, pairs_sent) +
                    fcgi::record(fcgi::parameters, "")))
    return "refused";
  const auto all = records.parameters();
  if (!all) return "malformed";
  std::string text;
  for (const auto& [name, value] : *all) text.append(name).append("=").append(value).append(";");
  return text;
}

}  // namespace

TEST_CASE("a request is put together from pieces of any size") {
  std::string padded = fcgi::record(fcgi::input, "message=");
  padded[6] = 3;
  const std::string bytes =
      head + padded + "???" + fcgi::record(fcgi::input, "hi") + fcgi::record(fcgi::input, "");
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    RequestRecords records;
    CHECK_FALSE(records.has_begun());
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      CHECK_FALSE(records.has_body());
      REQUIRE(records.take(std::string_view(bytes).substr(at, piece)));
      CHECK(records.has_begun());
    }
    CHECK(records.has_parameters());
    CHECK(records.has_body());
    CHECK(records.keeps_connection());
    CHECK(records.id() == 1);
    CHECK(*records.parameters() == RequestRecords::Parameters{{"A", "1"}, {"EMPTY", ""}});
    CHECK(body(records) == "message=hi");
    CHECK(records.body_bytes() == 0);
  }
}

TEST_CASE("a body that nobody wants is not kept") {
  RequestRecords records;
  REQUIRE(records.take(head + fcgi::record(fcgi::input, "one")));
  records.discard_body();
  REQUIRE(records.take(fcgi::record(fcgi::input, "two")));
  CHECK(records.body_bytes() == 0);
  CHECK_FALSE(records.has_body());
  REQUIRE(records.take(fcgi::record(fcgi::input, "")));
  CHECK(records.has_body());
}

TEST_CASE("a connection serves one request after the other") {
  RequestRecords records;
  for (const std::string text : {"first", "second"}) {
    REQUIRE(records.take(head + fcgi::record(fcgi::input, text) + fcgi::record(fcgi::input, "")));
    CHECK(body(records) == text);
    records.clear();
    CHECK_FALSE(records.has_begun());
  }
}

TEST_CASE("what no web server sends is refused") {
  const auto with = [](std::string bytes, std::size_t at, char value) {
    bytes[at] = value;
    return bytes;
  };
  CHECK(is_taken(head));
  CHECK_FALSE(is_taken(with(head, 0, 2)));                              // version
  CHECK_FALSE(is_taken(with(head, 1, 9)));                              // FCGI_GET_VALUES
  CHECK_FALSE(is_taken(with(head, 9, 2)));                              // the role of an authorizer
  CHECK_FALSE(is_taken(fcgi::record(fcgi::parameters, pairs)));         // before its beginning
  CHECK_FALSE(is_taken(head + fcgi::begin_request()));                  // two at a time
  CHECK_FALSE(is_taken(head + fcgi::record(fcgi::parameters, pairs)));  // after their end
  CHECK_FALSE(is_taken(head + with(fcgi::record(fcgi::input, "x"), 3, 2)));  // of another request
  CHECK_FALSE(is_taken(head + fcgi::record(fcgi::abort, "")));
  CHECK_FALSE(is_taken(head + fcgi::record(fcgi::input, "") + fcgi::record(fcgi::input, "x")));
  CHECK_FALSE(is_taken(fcgi::record(fcgi::begin, "short")));
}

TEST_CASE("name-value pairs, section 3.4") {
  const std::string long_value(300, 'v');
  CHECK(parameters(fcgi::pair("A", "1") + fcgi::pair("", "x")) == "A=1;=x;");
  CHECK(parameters(std::string("\x01\x80\x00\x01\x2C"
                               "A",
                               6) +
                   long_value) == "A=" + long_value + ";");
  for (const std::string& wrong : {std::string("\x05"),
                                   std::string("\x05\x01"
                                               "abc"),
                                   std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                                               "a"),
                                   std::string("\x80\x00", 2),
                                   std::string("\x01\x7F"
                                               "Ab")})
    CHECK(parameters(wrong) == "malformed");
}

TEST_CASE("parameters are limited, whatever the lengths in them say") {
  RequestRecords records;
  REQUIRE(records.take(fcgi::begin_request()));
  const std::string much = fcgi::record(fcgi::parameters, std::string(32 * 1024, 'x'));
  CHECK(records.take(much));
  CHECK(records.take(much));
  CHECK_FALSE(records.take(fcgi::record(fcgi::parameters, "x")));
}

TEST_CASE("an answer goes out in records that its length fits in") {
  const std::string answer(200'000, 'a');
  const std::string records = to_records(0x0102, answer);
  std::string content;
  std::size_t at = 0;
  const auto byte = [&](std::size_t offset) {
    return static_cast<std::size_t>(static_cast<unsigned char>(records.at(at + offset)));
  };
  while (byte(1) == fcgi::output) {
    CHECK(byte(2) * 256 + byte(3) == 0x0102);
    content += records.substr(at + 8, byte(4) * 256 + byte(5));
    at += 8 + byte(4) * 256 + byte(5);
  }
  CHECK(content == answer);
  CHECK(byte(1) == fcgi::end);
  CHECK(records.size() == at + 16);
}

TEST_CASE("a request is waited for from the time that nginx names, whatever number it is") {
  const auto deadline = [](const std::string& time) {
    RequestRecords records;
    REQUIRE(records.take(fcgi::begin_request() +
                         fcgi::record(fcgi::parameters, fcgi::pair("REQUEST_TIME", time)) +
                         fcgi::record(fcgi::parameters, "")));
    return to_request(records)->deadline;
  };
  CHECK(deadline("1700000000.250") == Time(std::chrono::seconds(1700000025)));
  CHECK(deadline("9223372036854775807") == Time::max());
  CHECK(deadline("9223372036854775783") == Time::max());
  CHECK(deadline("9223372036854775782") == Time::max());
  CHECK(deadline("-9223372036854775808") < Time());
  CHECK(deadline("soon") == Time::max());
}
