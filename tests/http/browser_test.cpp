#include "http/browser.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace actiond {
namespace {

TEST_CASE("a browser is called what its user calls it") {
  struct Row {
    std::string user_agent;
    std::string browser;
  };
  for (const Row& row : {
           Row{"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
               "Firefox, Linux"},
           Row{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
               "Chrome/126.0.0.0 Safari/537.36",
               "Chrome, Windows"},
           Row{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
               "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
               "Edge, Windows"},
           Row{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
               "Gecko) Version/17.5 Safari/605.1.15",
               "Safari, macOS"},
           Row{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
               "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
               "Safari, iPhone"},
           Row{"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
               "Chrome/126.0.0.0 Mobile Safari/537.36",
               "Chrome, Android"},
           Row{"Firefox/1", "Firefox"},
           Row{"curl/7.88.1", "curl/7.88.1"},
           Row{"", ""},
       }) {
    CAPTURE(row.user_agent);
    CHECK(browser_of(row.user_agent) == row.browser);
  }
}

TEST_CASE("a known browser is never what a client calls itself") {
  for (const std::string user_agent : {"http://evil.example/free", "curl/7.88.1", "Pay", ""})
    CHECK(known_browser_of(user_agent).empty());
  CHECK(known_browser_of("http://evil.example/ Firefox/1 (Windows)") == "Firefox, Windows");
}

TEST_CASE("whatever a client calls itself, the name is short and plain") {
  for (const std::string& user_agent :
       {std::string(100'000, 'x'), std::string("\x01\x7f\xff\xc3\xa9\r\n\t"),
        std::string("<script>alert(1)</script>"), std::string("a\0b", 3)}) {
    const std::string browser = browser_of(user_agent);
    CHECK(browser.size() <= 40);
    CHECK(std::all_of(browser.begin(), browser.end(), [](char c) { return c > ' ' && c <= '~'; }));
  }
}

}  // namespace
}  // namespace actiond
