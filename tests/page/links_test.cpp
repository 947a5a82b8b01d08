// A page that is shown under the address of an action looks and links as at its own.
#include <doctest/doctest.h>

#include <string>

#include "page/page.h"

namespace actiond {
namespace {

const PageAddress docs_address{"/docs/contact.html", {"example.com", "localhost:8080"}};

std::string shown(const std::string& html) {
  return Page(html, docs_address).fill({.action = "x"});
}

TEST_CASE("P1 the address of a form is resolved as a URL") {
  const FieldValues values{{"a", "typed"}};
  const auto fills = [&values](const std::string& action) {
    return Page("<form action=\"" + action + "\"><input name=a></form>", docs_address)
               .fill({.action = "x", .values = &values})
               .find("typed") != std::string::npos;
  };
  for (const std::string action :
       {"/actions/x", "../actions/x", "./../actions/x", "../../actions/x", "/docs/../actions/x",
        "//example.com/actions/x", "https://example.com/actions/x",
        "HTTPS://Example.COM:443/actions/x", "http://localhost:8080/actions/x",
        "//user@example.com/actions/x", "\\actions\\x", "/./actions/x", "/%2e/actions/x",
        " ../actions/x\n", "../act\nions/x", "../actions/x?a=b#c", "https:/actions/x",
        "https:////example.com/actions/x"}) {
    CAPTURE(action);
    CHECK(fills(action));
  }
  for (const std::string action :
       {"actions/x", "../actions/xy", "//evil.example/actions/x",
        "https://example.com:8443/actions/x", "https://example.com.evil.example/actions/x",
        "mailto:/actions/x", "javascript:/actions/x", "", "?", "../actions/", "../Actions/x",
        "https:///actions/x/y"}) {
    CAPTURE(action);
    CHECK_FALSE(fills(action));
  }
  CHECK(Page("<form action=actions/x><input name=a></form>", {"/contact.html", {}})
            .fill({.action = "x", .values = &values})
            .find("typed") != std::string::npos);
}

TEST_CASE("P2 links relative to the page hold under the address of an action") {
  struct Row {
    std::string written, shown;
  };
  for (const Row& row :
       {Row{"<link href=\"css/site.css\">", "<link href=\"/docs/css/site.css\">"},
        Row{"<img src=../img/a.png>", "<img src=\"/img/a.png\">"},
        Row{"<script src=./a.js></script>", "<script src=\"/docs/a.js\"></script>"},
        Row{"<a href=other.html#part>o</a>", "<a href=\"/docs/other.html#part\">o</a>"},
        Row{"<img srcset=\"a.png 1x, b.png 2x,/c.png 3x\">",
            "<img srcset=\"/docs/a.png 1x, /docs/b.png 2x,/c.png 3x\">"},
        Row{"<source srcset='a.png'>", "<source srcset=\"/docs/a.png\">"},
        Row{"<link imagesrcset=\"a.png, b.png 2x\">",
            "<link imagesrcset=\"/docs/a.png, /docs/b.png 2x\">"},
        Row{"<video poster=p.png></video>", "<video poster=\"/docs/p.png\"></video>"},
        Row{"<object data=o.svg></object>", "<object data=\"/docs/o.svg\"></object>"},
        Row{"<form action=go><button formaction=stop>S</button></form>",
            "<form action=\"/docs/go\"><button formaction=\"/docs/stop\">S</button></form>"},
        Row{"<svg><use href=icons.svg#x /><image xlink:href=i.png /></svg>",
            "<svg><use href=\"/docs/icons.svg#x\" /><image xlink:href=\"/docs/i.png\" /></svg>"},
        Row{"<p style=\"background:url(a.png) url('b.png')\">x</p>",
            "<p style=\"background:url(/docs/a.png) url(&#39;/docs/b.png&#39;)\">x</p>"},
        Row{"<style>@import \"a.css\"; a{b:url( c.png )} d{e:url(#f) url(data:x) url(/g)}</style>",
            "<style>@import \"/docs/a.css\"; a{b:url( /docs/c.png )} d{e:url(#f) url(data:x) "
            "url(/g)}</style>"},
        Row{"<meta http-equiv=refresh content=\"5; url=next.html\">",
            "<meta http-equiv=refresh content=\"5; url=/docs/next.html\">"},
        Row{"<ul><li data-each=n><a href=a>1</a></li></ul>",
            "<ul><li data-each=n><a href=\"/docs/a\">1</a></li></ul>"}}) {
    CAPTURE(row.written);
    CHECK(shown(row.written) == row.shown);
  }
}

TEST_CASE("S21 a relative link whose path begins with two slashes names no other host") {
  struct Row {
    std::string written, shown;
  };
  for (const Row& row :
       {Row{"<a href=\"..//evil.example/\">a</a>", "<a href=\"/.//evil.example/\">a</a>"},
        Row{"<a href=\"../..//evil.example\">a</a>", "<a href=\"/.//evil.example\">a</a>"},
        Row{"<a href=\"..///evil.example?x#y\">a</a>", "<a href=\"/.///evil.example?x#y\">a</a>"},
        Row{"<img srcset=\"..//evil.example/a.png 2x\">",
            "<img srcset=\"/.//evil.example/a.png 2x\">"},
        Row{"<style>a{b:url(..//evil.example/c.png)}</style>",
            "<style>a{b:url(/.//evil.example/c.png)}</style>"},
        Row{"<a href=\"a//b\">a</a>", "<a href=\"/docs/a//b\">a</a>"}}) {
    CAPTURE(row.written);
    CHECK(shown(row.written) == row.shown);
  }
}

TEST_CASE("P2 links that hold everywhere, and places in the page, stay as they are written") {
  for (const std::string html :
       {"<a href=#main>skip</a>", "<a href=?page=2>2</a>", "<a href>self</a>",
        "<a href=\" #top \">t</a>", "<a href=/x?y#z>x</a>", "<a href=//a.example/x>x</a>",
        "<a href=\"https://a.example\">x</a>", "<a href=mailto:a@b.example>m</a>",
        "<img src=data:image/png;base64,AA>", "<img src=\"\">",
        "<a href=\"javascript:void(0)\">j</a>", "<p data=x cite>",
        "<meta name=a content=\"url=x\">", "<form action=\"\"></form>",
        "<svg><use href=#i /></svg>", "<template><img src=a.png></template>"}) {
    CAPTURE(html);
    CHECK(shown(html) == html);
  }
}

TEST_CASE("P2 a base of the author's own counts, on another site it stands alone") {
  CHECK(shown("<base href=sub/><a href=x>x</a><a href=#y>y</a>") ==
        "<base href=\"/docs/sub/\"><a href=\"/docs/sub/x\">x</a><a href=#y>y</a>");
  CHECK(shown("<base href=/root/><form action=../actions/x></form>") ==
        "<base href=/root/><form action=\"/actions/x\"></form>");
  const std::string foreign = "<base href=https://cdn.example/><a href=x>x</a>";
  CHECK(shown(foreign) == foreign);
}

}  // namespace
}  // namespace actiond
