// Files that a form without code was sent: kept, for the owner alone, and gone with their message.
#include <doctest/doctest.h>

#include <filesystem>

#include "eventually.h"
#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

const std::string page = R"(<!DOCTYPE html><html lang="en"><head><title>Apply</title></head><body>
<form method="post" action="/actions/apply" enctype="multipart/form-data" data-inbox data-notify>
<input type="hidden" name="_once" value="{once}"><p><output name="note"></output></p>
<label for="name">Name</label> <input name="name" id="name" required><p data-error-for="name"></p>
<label for="cv">CV</label> <input type="file" name="cv" id="cv" accept=".pdf,.png" required>
<p data-error-for="cv"></p>
<input name="homepage" hidden data-trap><output name="held"></output>
<button>Apply</button></form></body></html>
)";
const std::string pdf = "%PDF-1.7\nwhat nobody else may read";

struct Applications {
  RunningSite site{{.prepare = [](RunningSite& prepared) {
    write_file(prepared.own_pages() / "apply.html", page);
  }}};
  Client visitor{site}, owner{site};

  Applications() {
    owner.sign_up("owner@example.com");
    site.actiond({"permit", "owner@example.com", "owner"});
  }
  Answer apply(const std::string& name, const std::string& file_name, const std::string& file,
               const std::string& homepage = "") {
    const std::string body =
        "--b\r\nContent-Disposition: form-data; name=\"homepage\"\r\n\r\n" + homepage +
        "\r\n--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n" + name +
        "\r\n--b\r\nContent-Disposition: form-data; name=\"cv\"; filename=\"" + file_name +
        "\"\r\n\r\n" + file + "\r\n--b--\r\n";
    return visitor.send("POST", "/actions/apply", body,
                        {{"Content-Type", "multipart/form-data; boundary=b"}});
  }
  std::size_t kept() const {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(site.folder() / "uploads"))
      files += entry.is_regular_file() ? 1 : 0;
    return files;
  }
};

const std::string file_address = "/actions/inbox-file?message=1&field=cv";

}  // namespace

TEST_CASE("a file that a form without code was sent is for the owner alone") {
  Applications has;
  CHECK(has.apply("Ada", "Lebenslauf \xC3\xA4/x.pdf", pdf).status == 200);
  CHECK(has.kept() == 1);
  const Answer file = has.owner.get(file_address);
  CHECK(file.status == 200);
  CHECK(file.body == pdf);
  CHECK(file.header("Content-Type") == "application/pdf");
  // As bytes: cpp-httplib decodes what is percent-encoded in a header.
  const std::string wire =
      talk(has.site, "GET " + file_address + " HTTP/1.1\r\nHost: localhost\r\nCookie: " +
                         has.owner.cookie + "\r\nConnection: close\r\n\r\n");
  CHECK(wire.find(
            "Content-Disposition: attachment; filename*=UTF-8''Lebenslauf%20%C3%A4%2Fx.pdf\r\n") !=
        std::string::npos);
  CHECK(file.header("X-Content-Type-Options") == "nosniff");
  CHECK(file.header("X-Accel-Redirect") == "");
  CHECK(has.owner.get(file_address, {{"Range", "bytes=0-3"}}).body == "%PDF");
  const std::string shown =
      has.owner.get("/actions/inbox-message?id=1", {{"Accept", as_browser}}).body;
  CHECK(shown.find("href=\"/actions/inbox-file?message=1&amp;field=cv\"") != std::string::npos);

  Client other(has.site);
  other.sign_up("eve@example.com");
  CHECK(has.visitor.get(file_address).status == 401);
  CHECK(other.get(file_address).status == 403);
  const std::string name =
      has.site.query("SELECT json_extract(fields, '$.cv.kept') FROM inbox").front();
  for (const std::string& address :
       {"/-/kept/" + name, "/uploads/" + name, std::string("/-/kept/../site.db")})
    CHECK(other.get(address).status == 404);
  for (const std::string asked :
       {"message=1&field=name", "message=2&field=cv", "message=1&field=x"})
    CHECK(has.owner.get("/actions/inbox-file?" + asked).status == 404);
}

TEST_CASE("a picture that a form without code was sent is under no address that asks for nobody") {
  Applications has;
  const std::string png = "\x89PNG\r\n\x1A\n picture";
  CHECK(has.apply("Ada", "me.png", png).status == 200);
  const std::string name =
      has.site.query("SELECT json_extract(fields, '$.cv.kept') FROM inbox").front();
  CHECK(has.visitor.get("/uploads/" + name).status == 404);
  const Answer file = has.owner.get(file_address);
  CHECK(file.body == png);
  CHECK(file.header("Content-Type") == "image/png");
  CHECK(file.header("Cache-Control") == "private, no-store");
  const Answer behind = has.owner.get(file_address, {{"Range", "bytes=1000-"}});
  CHECK(behind.status == 416);
  CHECK(behind.header("Content-Range") == "bytes */" + std::to_string(png.size()));
  const Answer other = has.owner.get(file_address, {{"If-Match", "\"another\""}});
  CHECK(other.status == 412);
  for (const Answer& answer : {behind, other}) {
    CHECK(answer.header("Content-Type").starts_with("application/problem+json"));
    CHECK(answer.holds(answer.header("X-Request-Id")));
    for (const char* name : {"X-Request-Id", "Cache-Control", "Vary", "X-Content-Type-Options",
                             "Cross-Origin-Resource-Policy"}) {
      CAPTURE(name);
      CHECK(answer.headers.count(name) == 1);
    }
  }
}

TEST_CASE("a message with a file that fills the trap lies among the spam, file and all") {
  Applications has;
  const Answer held = has.apply("Eve", "x.pdf", pdf, "https://spam.example");
  CHECK(held.status == 200);
  CHECK(held.holds("\"held\":\"Thank you."));
  CHECK(has.site.query("SELECT state FROM inbox") == std::vector<std::string>{"spam"});
  CHECK(has.site.query("SELECT id FROM inbox WHERE is_held").empty());
  CHECK(has.site.query("SELECT id FROM outbox WHERE text LIKE 'inbox%'").empty());
  CHECK(has.kept() == 1);
  CHECK(has.owner.get(file_address).body == pdf);
  CHECK(has.apply("Ada", "x.pdf", pdf).status == 200);
  CHECK(has.site.query("SELECT state FROM inbox ORDER BY id") ==
        std::vector<std::string>{"spam", "new"});
}

TEST_CASE("a file of another kind or size is refused at its field, and nothing is kept") {
  Applications has;
  for (const auto& [name, file] : {std::pair<std::string, std::string>{"a.pdf", "MZ no PDF"},
                                   {"", ""},
                                   {"a.pdf", pdf + std::string(10 * 1024 * 1024, 'x')}}) {
    const Answer refused = has.apply("Ada", name, file);
    CHECK((refused.status == 422 || refused.status == 413));
    if (refused.status == 422) CHECK(refused.holds("\"cv\""));
  }
  CHECK(has.apply("", "a.pdf", pdf).status == 422);
  CHECK(has.kept() == 0);
  CHECK(has.site.query("SELECT id FROM inbox").empty());
}

TEST_CASE("a message that is deleted takes its file along") {
  Applications has;
  for (const std::string name : {"Ada", "Bo"}) CHECK(has.apply(name, "cv.pdf", pdf).status == 200);
  CHECK(has.kept() == 2);
  CHECK(has.owner.post("inbox-sort", {{"message", "1"}, {"to", "deleted"}}).status == 200);
  CHECK(eventually([&] { return has.kept() == 1; }));  // behind the commit
  CHECK(has.site.actiond({"inbox", "delete", "2"}).exit_code == 0);
  CHECK(has.kept() == 0);
  CHECK(has.owner.get(file_address).status == 404);
}

TEST_CASE("a file that an action in C++ was sent lies in the inbox, for the owner alone") {
  Applications has;
  Client ada(has.site);
  ada.sign_up("ada@example.com");
  const auto propose = [&](const std::string& title) {
    const std::string body = "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n" +
                             title +
                             "\r\n--b\r\nContent-Disposition: form-data; name=\"draft\"; "
                             "filename=\"draft.pdf\"\r\n\r\n" +
                             pdf + "\r\n--b--\r\n";
    return ada.send("POST", "/actions/proposal", body,
                    {{"Content-Type", "multipart/form-data; boundary=b"}});
  };
  CHECK(propose("").status == 422);
  CHECK(has.kept() == 0);
  CHECK(propose("Owls").status == 200);
  CHECK(has.kept() == 1);
  const std::string shown = has.owner.get("/actions/inbox?form=proposal&q=owls").body;
  CHECK(shown.find("\"account\":\"ada@example.com\"") != std::string::npos);
  const std::string file = "/actions/inbox-file?message=1&field=draft";
  CHECK(has.owner.get(file).body == pdf);
  CHECK(has.owner.get(file).header("Content-Type") == "application/pdf");
  CHECK(ada.get(file).status == 403);
  CHECK(has.site.actiond({"inbox", "show", "1"}).says("draft: draft.pdf"));
  CHECK(has.site.actiond({"inbox", "delete", "1"}).exit_code == 0);
  CHECK(has.kept() == 0);
}

}  // namespace actiond::http
