#include "page/frame.h"

#include <doctest/doctest.h>

#include <map>

#include "support.h"

namespace actiond {
namespace {

using Frames = std::map<std::string, std::string>;

WholePage whole(std::string_view html, const Frames& frames, std::string_view path = "/a.html") {
  return with_frames(html, path, [&](const std::string& file) -> std::optional<std::string> {
    const auto frame = frames.find(file);
    if (frame == frames.end()) return std::nullopt;
    return frame->second;
  });
}

std::string fault_of(std::string_view html, const Frames& frames) {
  try {
    whole(html, frames);
  } catch (const FrameFault& fault) {
    CHECK_FALSE(fault.mend.empty());
    return std::to_string(fault.line) + ": " + fault.what();
  }
  return "none";
}

TEST_CASE("a comment stands for the text of its frame, without the file's last line break") {
  const Frames frames{{"frame/top.html", "<header>T</header>\n"}, {"frame/x-2.html", "X\r\n"}};
  struct Row {
    const char *html, *expected;
  };
  for (const auto& [html, expected] : {
           Row{"<body>\n<!-- frame: top -->\n<p>", "<body>\n<header>T</header>\n<p>"},
           Row{"<!--frame:top-->", "<header>T</header>"},
           Row{"<!--\n frame:\ttop\n-->", "<header>T</header>"},
           Row{"a<!-- frame: x-2 -->b<!-- frame: x-2 -->c", "aXbXc"},
           Row{"<script>'<!-- frame: x-2 -->'</script>", "<script>'X'</script>"},
       }) {
    CAPTURE(html);
    CHECK(whole(html, frames).html == expected);
  }
}

TEST_CASE("a page takes the frames of its language where there are any") {
  const Frames frames{{"frame/top.html", "Top"},
                      {"frame/de/top.html", "Oben <!-- frame: more -->"},
                      {"frame/de-at/top.html", "Obn"},
                      {"frame/more.html", "more"},
                      {"frame/end.html", "End"}};
  const auto shown = [&](const std::string& lang) {
    const std::string html = whole("<html lang=\"" + lang + "\"><!-- frame: top -->", frames).html;
    return html.substr(html.find('>') + 1);
  };
  CHECK(shown("en") == "Top");
  CHECK(shown("de") == "Oben more");
  CHECK(shown("DE-ch") == "Oben more");
  CHECK(shown("de-AT") == "Obn");
  CHECK(shown("") == "Top");
  CHECK(whole("<!-- frame: top -->", frames).html == "Top");
  CHECK(whole("<html lang=de><!-- frame: end -->", frames).html == "<html lang=de>End");
  // Nothing that an author may write as a language leads out of the folder.
  for (const std::string lang : {"..", "../de", "/", "de/../..", "-", "%64e"})
    CHECK(shown(lang) == "Top");
}

TEST_CASE("the frame of a language that holds itself is named by its file") {
  CHECK(fault_of("<html lang=de><!-- frame: top -->",
                 {{"frame/de/top.html", "<!-- frame: top -->"}, {"frame/top.html", "Top"}}) ==
        "1: The frame \"top\" in frame/de/top.html:1 holds itself.");
}

TEST_CASE("a page without frames keeps every byte, and other comments are comments") {
  for (const char* html : {"", "<p>\r\n\xFF", "<!-- header -->", "<!-- frame header -->",
                           "<!-- the frame: x", "<!-- Frame: x -->", "<!--", "<a href=a.html>"}) {
    CAPTURE(html);
    CHECK(whole(html, {}).html == html);
    CHECK_FALSE(whole(html, {}).has_frames);
  }
  CHECK(whole("<p><!-- frame: x -->", {{"frame/x.html", ""}}).has_frames);
}

TEST_CASE(
    "a frame holds other frames, also the same one twice, and its byte order mark is no text") {
  const Frames frames{{"frame/a.html", "\xEF\xBB\xBF[<!-- frame: b -->|<!-- frame: b -->]\n"},
                      {"frame/b.html", "<!-- frame: c -->\n"},
                      {"frame/c.html", "c\n"}};
  CHECK(whole("<!-- frame: a --><!-- frame: c -->", frames).html == "[c|c]c");
}

TEST_CASE("each line is known by where it was written") {
  const Frames frames{{"frame/a.html", "a1\n<!-- frame: b -->\na3\n"},
                      {"frame/b.html", "b1\nb2\n"}};
  const WholePage page = whole("p1\n<!-- frame: a -->\np3<!-- frame:\nb -->p4\np5", frames);
  REQUIRE(page.html == "p1\na1\nb1\nb2\na3\np3b1\nb2p4\np5");
  std::string lines;
  for (const auto& [frame, line] : page.lines) lines += frame + ":" + std::to_string(line) + " ";
  CHECK(lines ==
        ":1 frame/a.html:1 frame/b.html:1 frame/b.html:2 frame/a.html:3 :3 frame/b.html:2 :5 ");
}

TEST_CASE("a frame's link to the page itself is the current one") {
  const auto link = [](std::string_view href, std::string_view path) {
    const Frames frames{{"frame/nav.html", "<a href=\"" + std::string(href) + "\">x</a>"}};
    const std::string html = whole("<!-- frame: nav -->", frames, path).html;
    return html == "<a aria-current=\"page\" href=\"" + std::string(href) + "\">x</a>";
  };
  struct Row {
    const char *href, *path;
    bool is_current;
  };
  for (const auto& [href, path, is_current] : {
           Row{"/comments.html", "/comments.html", true},
           Row{"comments.html", "/comments.html", true},
           Row{"../docs/./a.html", "/docs/a.html", true},
           Row{"/actions/author", "/author.html", true},
           Row{"/author.html", "/author.html", true},
           Row{"/", "/index.html", true},
           Row{"/index.html", "/index.html", true},
           Row{"/docs/", "/docs/index.html", true},
           Row{"/", "/docs/index.html", false},
           Row{"/docs", "/docs/index.html", false},
           Row{"/actions/index", "/index.html", false},
           Row{"/actions/", "/author.html", false},
           Row{"/comments.html", "/docs/comments.html", false},
           Row{"/comments.html?kind=b", "/comments.html", false},
           Row{"#main", "/comments.html", false},
           Row{"//other.example/comments.html", "/comments.html", false},
           Row{"mailto:comments.html", "/comments.html", false},
       }) {
    CAPTURE(href);
    CAPTURE(path);
    CHECK(link(href, path) == is_current);
  }
}

TEST_CASE("only links of frames become current, and an aria-current of the author's stays") {
  const Frames frames{{"frame/nav.html",
                       "<a href=/a.html aria-current=step>1</a><link href=/a.html>"
                       "<template><a href=/a.html>2</a></template>"}};
  const std::string html = "<a href=/a.html>0</a><!-- frame: nav --><a href=/a.html>3</a>";
  CHECK(whole(html, frames).html.find("aria-current=\"page\"") == std::string::npos);
}

TEST_CASE("a frame that does not fit is reported with the line of the page and the frame") {
  const Frames frames{{"frame/self.html", "x\n<!-- frame: self -->"},
                      {"frame/a.html", "<!-- frame: b -->"},
                      {"frame/b.html", "\n\n<!-- frame: a -->"},
                      {"frame/lacks.html", "\n<!-- frame: none -->"},
                      {"frame/wrong.html", "<!-- frame: ../x -->"},
                      {"frame/latin.html", "caf\xE9"},
                      {"frame/large.html", std::string(max_frame_bytes + 1, 'x')},
                      {"frame/full.html", std::string(max_frame_bytes, 'x')}};
  struct Row {
    const char *html, *expected;
  };
  for (const auto& [html, expected] : {
           Row{"\n<!-- frame: none -->", R"(2: The frame "none" is missing.)"},
           Row{"<!-- frame: lacks -->", R"(1: The frame "none" in frame/lacks.html:2 is missing.)"},
           Row{"\n\n<!-- frame: self -->",
               R"(3: The frame "self" in frame/self.html:2 holds itself.)"},
           Row{"<!-- frame: a -->", R"(1: The frame "a" in frame/b.html:3 holds itself.)"},
           Row{"<!-- frame: Top -->", R"(1: "Top" is no name of a frame.)"},
           Row{"<!-- frame: -->", R"(1: "" is no name of a frame.)"},
           Row{"<!-- frame: a/b -->", R"(1: "a/b" is no name of a frame.)"},
           Row{"<!-- frame: a", R"(1: "<!-- frame: a" is no name of a frame.)"},
           Row{"<!-- frame: wrong -->",
               R"(1: "../x" in frame/wrong.html:1 is no name of a frame.)"},
           Row{"<!-- frame: latin -->", R"(1: The frame "latin" is not UTF-8.)"},
           Row{"<!-- frame: large -->", R"(1: The frame "large" has more than 64 KiB.)"},
           Row{"<!-- frame: full -->", "none"},
       }) {
    CAPTURE(html);
    CHECK(fault_of(html, frames) == expected);
  }
}

TEST_CASE("frames that grow with each level end, and so does a whole that is no page") {
  const std::string ten = test::repeat("<!-- frame: next -->", 10);
  Frames frames;
  for (const char* name : {"a", "b", "c", "d"}) {
    std::string text = ten;
    const std::string next(1, static_cast<char>(*name + 1));
    for (std::size_t at; (at = text.find("next")) != std::string::npos;) text.replace(at, 4, next);
    frames["frame/" + std::string(name) + ".html"] = text;
  }
  frames["frame/e.html"] = "";
  CHECK(fault_of("<!-- frame: a -->", frames) == "1: The page holds more than 1000 frames.");
  frames["frame/e.html"] = std::string(max_frame_bytes, 'x');
  CHECK(fault_of(test::repeat("<!-- frame: e -->", 17), frames).find("1 MiB") != std::string::npos);
}

}  // namespace
}  // namespace actiond
