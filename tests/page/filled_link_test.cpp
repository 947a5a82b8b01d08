// Addresses made of values: where they may lead, and that a value stays in its part of the address.
#include <doctest/doctest.h>

#include "page/page.h"

namespace actiond {
namespace {

using Data = std::map<std::string, std::string>;

const PageAddress club_address{"/club/boats.html", {"club.example"}, {"maps.example"}};

// The attributes of the one element, filled.
std::string fill_attributes(const std::string& attributes, const Data& data,
                            const std::string& element = "a") {
  const std::string page = Page("<" + element + " " + attributes + ">", club_address)
                               .fill({.action = "x", .data = &data});
  const std::size_t begin = element.size() + 1;
  const std::string inner = page.substr(begin, page.size() - begin - 1);
  return inner.empty() ? "" : inner.substr(1);
}

TEST_CASE("S an address that leads away, or is none, is left out") {
  const std::string nul("java\0script:alert(1)", 20);
  for (const std::string& evil : {std::string("javascript:alert(1)"),
                                  std::string("JaVaScRiPt:alert(1)"),
                                  std::string(" javascript:alert(1)"),
                                  std::string("\tjavascript:alert(1)"),
                                  std::string("java\tscript:alert(1)"),
                                  std::string("java\nscript:alert(1)"),
                                  std::string("java\r\nscript:alert(1)"),
                                  std::string("\x01javascript:alert(1)"),
                                  std::string("javascript\t:alert(1)"),
                                  std::string("\xC2\x85javascript:alert(1)"),
                                  nul,
                                  std::string("vbscript:msgbox(1)"),
                                  std::string("data:text/html,<script>alert(1)</script>"),
                                  std::string("data:image/svg+xml;base64,PHN2Zz4="),
                                  std::string("blob:https://club.example/1"),
                                  std::string("file:///etc/passwd"),
                                  std::string("ftp://club.example/"),
                                  std::string("view-source:https://club.example/"),
                                  std::string("intent://x#Intent;end"),
                                  std::string("//evil.example"),
                                  std::string("///evil.example"),
                                  std::string("/\\evil.example"),
                                  std::string("\\\\evil.example"),
                                  std::string("\\/evil.example"),
                                  std::string("/\t/evil.example"),
                                  std::string("/\n/evil.example"),
                                  std::string("https://evil.example/"),
                                  std::string("HTTPS://EVIL.example/"),
                                  std::string("https:evil.example"),
                                  std::string("https:/evil.example"),
                                  std::string("https:///evil.example"),
                                  std::string("http:\\\\evil.example"),
                                  std::string("https://club.example@evil.example/"),
                                  std::string("https://club.example:443@evil.example/"),
                                  std::string("https://evil.example\\@club.example/"),
                                  std::string("https://club.example.evil.example/"),
                                  std::string("https://club.example:8443/"),
                                  std::string("https://club.ex\xC3\xA4mple/"),
                                  std::string("https://%63lub.example/"),
                                  std::string("..//evil.example"),
                                  std::string("/.//evil.example"),
                                  std::string("/..//evil.example"),
                                  std::string("..//..//evil.example"),
                                  std::string("https://"),
                                  std::string(" /boats"),
                                  std::string("/boats "),
                                  std::string("/a\nb"),
                                  std::string("/a\x7F"),
                                  std::string("")}) {
    CAPTURE(evil);
    CHECK(fill_attributes("href=\"{to}\"", {{"to", evil}}) == "");
    CHECK(fill_attributes("src='{to}'", {{"to", evil}}, "img") == "");
    CHECK(fill_attributes("action={to}", {{"to", evil}}, "form") == "");
  }
}

TEST_CASE("S what a form is sent to, and what a picture is, are stricter than a link") {
  CHECK(fill_attributes("action=\"{to}\"", {{"to", "https://maps.example/"}}, "form") == "");
  CHECK(fill_attributes("formaction=\"{to}\"", {{"to", "https://maps.example/"}}, "button") == "");
  CHECK(fill_attributes("src=\"{to}\"", {{"to", "mailto:a@club.example"}}, "img") == "");
  CHECK(fill_attributes("action=\"{to}\"", {{"to", "mailto:a@club.example"}}, "form") == "");
}

TEST_CASE("S another site that may be linked is linked over https, and not by plain http") {
  CHECK(fill_attributes("href=\"{to}\"", {{"to", "https://maps.example/"}}) ==
        "href=\"https://maps.example/\"");
  for (const std::string link :
       {"http://maps.example/", "HTTP://maps.example/", "https://maps.example:8443/",
        "https://maps.example.evil.example/", "https://maps.example@evil.example/"}) {
    CAPTURE(link);
    CHECK(fill_attributes("href=\"{to}\"", {{"to", link}}) == "");
    CHECK(fill_attributes("src=\"{to}\"", {{"to", link}}, "img") == "");
  }
}

TEST_CASE("allows paths of the site, hosts that it names, mail and telephone") {
  for (const std::string link :
       {"/boats", "/boats/7?a=b#c", "/a:b", "?page=2", "#top", "https://club.example/boats",
        "http://club.example", "https://maps.example/?q=1", "//maps.example/x",
        "HTTPS://Club.Example:443/", "mailto:ada@club.example", "tel:+49301234"}) {
    CAPTURE(link);
    CHECK(fill_attributes("href=\"{to}\"", {{"to", link}}) == "href=\"" + link + "\"");
  }
  CHECK(fill_attributes("href=\"{to}\"", {{"to", "/a?b&c=\"d\""}}) ==
        "href=\"/a?b&amp;c=&quot;d&quot;\"");
}

TEST_CASE("a relative address is relative to the page, not to the action that shows it") {
  CHECK(fill_attributes("src=\"{to}\"", {{"to", "7.jpg"}}, "img") == "src=\"/club/7.jpg\"");
  CHECK(fill_attributes("src=\"{to}\"", {{"to", "../7.jpg?x"}}, "img") == "src=\"/7.jpg?x\"");
  CHECK(fill_attributes("href=\"boat?id={id}\"", {{"id", "7"}}) == "href=\"/club/boat?id=7\"");
}

TEST_CASE("S a value inside an address stays in its part of it") {
  struct Row {
    std::string written, value, filled;
  };
  for (const Row& row :
       {Row{"/boat?id={x}", "7&admin=1#a", "/boat?id=7%26admin%3D1%23a"},
        Row{"/boat?id={x}", "a b/\"<", "/boat?id=a%20b%2F%22%3C"},
        Row{"/boat?id={x}", "", "/boat?id="},
        Row{"/boat?id={x}", "..", "/boat?id=.."},
        Row{"/boats/{x}", "../../etc", "/boats/..%2F..%2Fetc"},
        Row{"/boats/{x}", "..", ""},
        Row{"/boats/{x}", ".", ""},
        Row{"/boats/{x}", "", ""},
        Row{"/{x}", "/evil.example", "/%2Fevil.example"},
        Row{"/{x}", "\\evil.example", "/%5Cevil.example"},
        Row{"/{x}/evil.example", "", ""},
        Row{"java{x}", "script:alert(1)", "/club/javascript%3Aalert%281%29"},
        Row{"javascript:show('{x}')", "1", ""},
        Row{"data:text/html,{x}", "1", ""},
        Row{"https://{x}/", "evil.example", ""},
        Row{"https://maps.{x}", "evil.example", ""},
        Row{"https://club.example{x}", ".evil.example", ""},
        Row{"https://club.example:{x}", "8443", ""},
        Row{"https://{x}@evil.example/", "club.example", ""},
        Row{"https://shop.example/?q={x}", "a&b", "https://shop.example/?q=a%26b"},
        Row{"mailto:{x}", "ada+b@club.example?bcc=eve", "mailto:ada+b@club.example%3Fbcc%3Deve"},
        Row{"{x}/deeper", "//evil.example", ""},
        Row{"{x}?a={x}", "/boats", "/boats?a=%2Fboats"},
        Row{"#boat-{x}", "7 8", "#boat-7%208"}}) {
    CAPTURE(row.written);
    CAPTURE(row.value);
    CHECK(fill_attributes("href=\"" + row.written + "\"", {{"x", row.value}}) ==
          (row.filled.empty() ? "" : "href=\"" + row.filled + "\""));
  }
}

TEST_CASE("S without hosts, an address leads to the site alone") {
  const Data data{{"to", "https://club.example/"}};
  CHECK(Page("<a href=\"{to}\">").fill({.action = "x", .data = &data}) == "<a>");
}

}  // namespace
}  // namespace actiond
