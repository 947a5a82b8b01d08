// The worst that 1 MiB can be to each parser of what strangers send.
#include <doctest/doctest.h>

#include <iostream>

#include "access/device.h"
#include "access/session.h"
#include "base/crypto.h"
#include "cost/cost.h"
#include "forms/body.h"
#include "http/accept.h"
#include "http/cookie.h"
#include "http/local_path.h"
#include "pool/fastcgi/walker.h"
#include "support.h"

using namespace actiond;
using test::max_growth;
using test::mib;
using test::repeat;

namespace {

constexpr std::size_t max_heap_bytes = 8 * mib;
// Of a plain body of that size; 1 MiB takes about 3 ms, so this is 50 ms.
constexpr double max_ratio = 16;

// Takes whatever is called "a", so that nothing is passed over.
const FormDescription any{"", {{"a", Kind::List, {.max = mib}}}};

using Parse = void (*)(const std::string&);

// `head`, then `part` until there are `size` bytes with `tail`.
struct Case {
  std::string what;
  std::string head;
  std::string part;
  std::string tail = {};

  std::string of(std::size_t size) const {
    return head + repeat(part, (size - head.size() - tail.size()) / part.size()) + tail;
  }
};

void check(Parse parse, const std::vector<Case>& cases) {
  // Work that grows faster than the bytes does so at half the size, too.
  const std::string plain = "a=" + std::string(mib / 2 - 2, 'x');
  for (const Case& one : cases) {
    CAPTURE(one.what);
    const std::string most = one.of(mib), whole = one.of(mib / 2), half = one.of(mib / 4);
    CHECK(test::peak_heap_bytes([&] { parse(most); }) <= max_heap_bytes);
    CHECK(test::ratio([&] { parse(whole); }, [&] { parse_urlencoded(plain, any); }, max_ratio) <
          max_ratio);
    CHECK(test::ratio([&] { parse(whole); }, [&] { parse(half); }, max_growth) < max_growth);
  }
}

// As many names as a form may have that differ only at their end.
std::string alike_names(std::string_view before, std::string_view behind) {
  std::string fields;
  for (std::size_t at = 0; at < max_fields - 1; ++at)
    fields.append(before).append(200, 'n').append(std::to_string(at)).append(behind);
  return fields;
}

TEST_CASE("a urlencoded body costs about the same whatever it holds") {
  check([](const std::string& body) { parse_urlencoded(body, any); },
        {{"plain", "a=", "x"},
         {"nothing but separators", "", "&"},
         {"nothing but equals signs", "", "="},
         {"empty fields", "", "=&"},
         {"equal names", repeat("a=1&", max_fields - 1) + "a=", "x"},
         {"names that are nearly equal", alike_names("", "=1&") + "a=", "x"},
         {"all encoded", "a=", "%41"},
         {"spaces", "a=", "+"},
         {"long characters", "a=", "%F0%9F%98%80"},
         {"no such encoding at the end", "a=", "x", "%"}});
}

TEST_CASE("a JSON body costs about the same whatever it holds") {
  check([](const std::string& body) { parse_json(body, any); },
        {{"plain", "{\"a\":\"", "x", "\"}"},
         {"nested lists", "", "["},
         {"nested objects", "", "{\"a\":"},
         {"nested behind a field", "{\"a\":[", "["},
         {"equal names", "{\"a\":1", ",\"a\":1", "}"},
         {"names that are nearly equal", "{" + alike_names("\"", "\":1,") + "\"a\":\"", "x", "\"}"},
         {"empty texts", "{\"a\":[\"\"", ",\"\"", "]}"},
         {"fields that were not sent", "{\"a\":[null", ",null", "]}"},
         {"escapes", "{\"a\":\"", "\\u0041", "\"}"},
         {"halves of characters", "{\"a\":\"", "\\ud83d\\ude00", "\"}"},
         {"one long number", "{\"a\":1", "1", "}"},
         {"one long fraction", "{\"a\":0.", "1", "}"},
         {"one long exponent", "{\"a\":1e", "0", "}"},
         {"white space", "{", " ", "}"},
         {"no end", "{\"a\":\"", "x"}});
}

constexpr const char* disposition = "Content-Disposition: form-data; name=a";

std::string part_of(std::string_view header_line) {
  return "\r\n--b\r\n" + std::string(disposition) + "\r\n" + std::string(header_line) + "\r\n\r\n";
}

TEST_CASE("a multipart body costs about the same whatever it holds") {
  const std::string head = "--b\r\n" + std::string(disposition) + "\r\n\r\n";
  const std::string end = "\r\n--b--";
  const std::string short_part = "\r\n--b\r\n" + std::string(disposition) + "\r\n\r\n";
  const std::size_t room = max_part_header_bytes - 100;
  std::string parameters = "X: y";
  for (int at = 0; parameters.size() < room; ++at) parameters += ";" + std::to_string(at) + "=";
  check(
      [](const std::string& body) {
        parse_multipart(body, "multipart/form-data; boundary=b", any);
      },
      {{"plain", head, "x", end},
       {"empty parts", head, short_part, end},
       {"starts of a delimiter", head, "\r\n--", end},
       {"nearly delimiters", head, "\r\n--\r\n-b", end},
       {"line breaks", head, "\r", end},
       {"boundaries alone", "--b\r\n", "--b\r\n", end},
       {"a preamble of starts of a delimiter", "x", "\r\n--", end},
       {"blanks behind a boundary", "--b", " ",
        "\r\n" + std::string(disposition) + "\r\n\r\n" + end},
       {"headers of folds", head, part_of("X: y" + repeat("\r\n ", room / 3)), end},
       {"headers of escaped quotes", head, part_of("X: y; a=\"" + repeat("\\\"", room / 2) + "\""),
        end},
       {"headers of many parameters", head, part_of(parameters), end},
       {"headers of equal parameters", head, part_of("X: y" + repeat(";a=", room / 3)), end},
       {"headers of many lines", head, part_of("X: y" + repeat("\r\nX: y", room / 6)), end},
       {"headers of spaces", head, part_of("X: y;" + repeat(" ", room) + "a=b"), end},
       {"headers of quotes", head, part_of("X: y" + repeat("; a=\"", room / 5)), end},
       {"a header without end", "--b\r\n", "X: y\r\n"},
       {"no end", head, "x"},
       {"much behind the end", "--b--", "\r\n--b"}});
}

struct NoBytes final : FileBytes {
  void append(std::string_view) override {}
  std::size_t read(std::size_t, char*, std::size_t) const override { return 0; }
  void sync() override {}
};

TEST_CASE("a multipart body of files costs about the same whatever it holds") {
  static const FormDescription form = [] {
    FormDescription many;
    for (std::size_t at = 0; at < max_fields; ++at)
      many.fields.push_back({"f" + std::to_string(at), Kind::File, {.max = 2 * mib}});
    return many;
  }();
  const auto file = [](const std::string& name) {
    return "--b\r\nContent-Disposition: form-data; name=" + name + "; filename=f\r\n\r\nx";
  };
  std::string all;
  for (std::size_t at = 0; at < max_fields - 1; ++at)
    all += file("f" + std::to_string(at)) + "\r\n";
  const std::string end = "\r\n--b--";
  check(
      [](const std::string& body) {
        const auto source = [rest = std::string_view(body)](char* into, std::size_t size) mutable {
          const std::size_t read = rest.copy(into, size);
          rest.remove_prefix(read);
          return read;
        };
        parse_multipart(source, "multipart/form-data; boundary=b", form,
                        [] { return std::make_shared<NoBytes>(); });
      },
      {{"one file", file("f0"), "x", end},
       {"a thousand files", all + file("f999"), "x", end},
       {"files that nobody asked for", file("f0"), "\r\n" + file("g"), end},
       {"one file of line breaks", file("f0"), "\r\n", end},
       {"one file of carriage returns", file("f0"), "\r", end},
       {"one file of starts of a delimiter", file("f0"), "\r\n--", end}});
}

void read_cookies(const std::string& cookies) {
  Request request;
  request.headers.push_back({"cookie", cookies});
  session_cookie(request);
  device_cookie(request);
  carries_session_cookie(request);
}

TEST_CASE("cookies cost about the same whatever they are") {
  check(read_cookies, {{"plain", "a=", "x"},
                       {"sessions", "", "session=;"},
                       {"nothing but separators", "", ";"},
                       {"spaces", "", " "},
                       {"spaced separators", "", "; "},
                       {"short cookies", "", "a=;"}});
}

TEST_CASE("what a client accepts costs about the same whatever it is") {
  check([](const std::string& accept) { preferred_media(accept); },
        {{"plain", "text/html;q=0.5,", "x"},
         {"separators", "", ","},
         {"all we have", "", "application/json;q=0.1,text/html;q=0.2,text/plain;q=0.3,*/*,text/*,"},
         {"parameters", "text/html", ";a=b"},
         {"parameters that are empty", "text/html", ";"},
         {"a long weight", "text/html;q=0.", "1"},
         {"spaces", "text/html;", " ", "q=1"}});
}

TEST_CASE("a session's value costs about the same whatever it is") {
  static const KeyRing keys({{"k1", random_bytes(32)}});
  check(
      [](const std::string& token) {
        verify(token, keys);
        verify_device(token, "ada@example.com", keys);
      },
      {{"plain", "v1.k1.", "A", ".A"},
       {"dots", "v1.k1.", "."},
       {"a long key id", "v1.", "k", ".A.A"},
       {"a long signature", "v1.k1.A.", "A"}});
}

TEST_CASE("where to go next costs about the same whatever it is") {
  check([](const std::string& path) { is_local_path(path); },
        {{"plain", "/", "x"}, {"slashes", "/a", "/"}, {"all encoded", "/", "%41"}});
}

std::string record(char type, std::size_t size, const std::string& content) {
  return std::string{1, type, 0, 1, static_cast<char>(size >> 8), static_cast<char>(size & 0xFF),
                     0, 0} +
         content;
}

TEST_CASE("records cost about the same whatever they are") {
  const std::string begin = record(1, 8, std::string{0, 1, 0, 0, 0, 0, 0, 0});
  const std::string none = record(4, 0, "");
  const std::string most = record(4, 65'000, repeat(std::string(2, '\0'), 32'500));
  const std::string headers = record(4, 64'998, repeat(std::string{5, 0} + "HTTP_", 64'998 / 7));
  check(
      [](const std::string& bytes) {
        RequestWalker walker;
        (void)walker.walk(bytes);
      },
      {{"plain", begin + none, record(5, 1000, std::string(1000, 'x'))},
       {"bodies of a byte", begin + none, record(5, 1, "x")},
       {"parameters of a byte", begin, record(4, 1, std::string(1, '\0'))},
       {"empty parameters", begin + most + none, record(5, 1000, std::string(1000, 'x'))},
       {"empty headers", begin + headers + none, record(5, 1000, std::string(1000, 'x'))}});
}

}  // namespace
