// The requests that nginx answers by itself, and those that it hands to the pool.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "http/accept.h"
#include "served/client.h"
#include "served/fastcgi.h"
#include "served/promises.h"
#include "served/site.h"

namespace actiond::http {
namespace {

// An answer as it came over the wire.
Answer parsed(const std::string& wire) {
  Answer answer{.status = status_of(wire)};
  const std::size_t head_end = std::min(wire.find("\r\n\r\n"), wire.size());
  std::istringstream lines(wire.substr(0, head_end));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    if (colon != line.npos)
      answer.headers.emplace(line.substr(0, colon),
                             line.substr(colon + 2, line.size() - colon - 3));
  }
  answer.body = wire.substr(std::min(head_end + 4, wire.size()));
  if (answer.header("Transfer-Encoding") != "chunked") return answer;
  std::string whole;
  for (std::size_t at = 0; at < answer.body.size();) {
    const std::size_t size = std::stoul(answer.body.substr(at), nullptr, 16);
    at = answer.body.find("\r\n", at) + 2;
    whole += answer.body.substr(at, size);
    at += size + 2;
    if (size == 0) break;
  }
  answer.body = whole;
  return answer;
}

// nginx lingers after a refusal: the last chunk is the end, not the connection's.
Answer refusal_of(const RunningSite& site, const std::string& request) {
  const Socket socket = Socket::to_nginx(site);
  socket.send(request);
  return parsed(socket.receive_until("0\r\n\r\n"));
}

constexpr std::string_view done = "Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nok\n";

// The parameters of the one request that `send` makes, taken by a pool of our own.  It closes the
// connection behind its answer, or, where that is empty, in place of one.
std::multimap<std::string, std::string> parameters_of(
    const std::function<void(const RunningSite&)>& send, std::string_view answer = done) {
  const RunningSite site({.with_pool = false});
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  site.socket().string().copy(address.sun_path, sizeof address.sun_path - 1);
  const int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(listen(listening, 1) == 0);
  std::thread client([&] { send(site); });
  const Socket connection(accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));
  const auto parameters = fastcgi::receive_parameters(connection);
  if (!answer.empty()) connection.send(fastcgi::answer(answer));
  connection.finish_sending();
  client.join();
  close(listening);
  std::filesystem::remove(site.socket());
  return parameters;
}

}  // namespace

TEST_CASE("nginx's own refusals take the form asked for, and name the limit") {
  RunningSite site;
  const std::string head = "Host: localhost\r\nConnection: close\r\n";
  struct Row {
    std::string what;
    std::string request;  // up to its Accept
    int status;
    std::string holds;
  };
  const std::vector<Row> rows{
      {"a body far over the limit",
       "POST /actions/comments HTTP/1.1\r\n" + head + "Content-Length: 3000000\r\n", 413, "1 MiB"},
      {"a second Host", "GET /actions/me HTTP/1.1\r\nHost: a\r\n" + head, 400,
       "could not be understood"},
      {"no Host", "GET /actions/me HTTP/1.1\r\nConnection: close\r\n", 400,
       "could not be understood"},
      {"a length that is no number",
       "POST /actions/comments HTTP/1.1\r\n" + head + "Content-Length: 1x\r\n", 400,
       "could not be understood"},
      {"two lengths",
       "POST /actions/comments HTTP/1.1\r\n" + head + "Content-Length: 1\r\nContent-Length: 2\r\n",
       400, "could not be understood"},
      {"a length beside chunks",
       "POST /actions/comments HTTP/1.1\r\n" + head +
           "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
       400, "could not be understood"},
      {"a method that nginx answers itself", "TRACE /actions/me HTTP/1.1\r\n" + head, 405,
       "othing was saved"},
      {"a change of a static page", "POST /comments.html HTTP/1.1\r\n" + head, 405,
       "othing was saved"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    for (const std::string type : {"text/html", "application/problem+json", "text/plain"}) {
      CAPTURE(type);
      const std::string accept = std::string("Accept: ") + type + "\r\n";
      const std::size_t line_end = row.request.find("\r\n") + 2;
      const Answer answer = refusal_of(
          site, row.request.substr(0, line_end) + accept + row.request.substr(line_end) + "\r\n");
      CHECK(answer.status == row.status);
      CHECK(answer.header("Content-Type").starts_with(type));
      CHECK(answer.holds(row.holds));
      check_promises(site, answer);
    }
  }
  // A request that fails before its headers are read has no Accept.
  for (const auto& [what, request] : std::vector<std::pair<std::string, std::string>>{
           {"no request at all", "GARBAGE\r\n\r\n"},
           {"a version that there is not", "GET /actions/me HTTP/3.0\r\n" + head + "\r\n"},
           {"a NUL in the path", "GET /actions/%00 HTTP/1.1\r\n" + head + "\r\n"},
           {"a way out of the root", "GET /actions/../../x HTTP/1.1\r\n" + head + "\r\n"},
           {"an encoding that there is not",
            "POST /actions/comments HTTP/1.1\r\n" + head + "Transfer-Encoding: x\r\n\r\n"},
           {"a header of 40,000 bytes", "GET /actions/me HTTP/1.1\r\n" + head +
                                            "X: " + std::string(40000, 'x') + "\r\n\r\n"}}) {
    CAPTURE(what);
    const Answer answer = refusal_of(site, request);
    CHECK(answer.status == 400);
    CHECK(answer.header("Content-Type").starts_with("application/problem+json"));
    check_promises(site, answer);
  }
  const Answer too_long = refusal_of(
      site, "GET /actions/me?" + std::string(40000, 'x') + " HTTP/1.1\r\n" + head + "\r\n");
  CHECK(too_long.status == 414);
  CHECK(too_long.holds("2 KiB"));
  check_promises(site, too_long);
  CHECK(site.row_counts() == RowCounts{});
}

TEST_CASE("without a pool nginx says when to come back, and static pages go on") {
  RunningSite site;
  site.stop_pool();
  for (const auto& [accept, type] :
       std::vector<std::pair<std::string, std::string>>{{as_browser, "text/html"},
                                                        {as_json, "application/problem+json"},
                                                        {as_text, "text/plain"}})
    for (const std::string method : {"GET", "POST"}) {
      CAPTURE(accept);
      const Answer answer = Client(site, accept).send(method, "/actions/comments", "");
      CHECK(answer.status == 503);
      CHECK(answer.header("Content-Type").starts_with(type));
      CHECK(answer.holds("othing was saved"));
      check_promises(site, answer);
    }
  CHECK(Client(site).get("/comments.html").status == 200);
  site.start_pool();
  CHECK(eventually([&] { return Client(site).get("/actions/me").status == 200; }));
}

TEST_CASE("every page has the security headers, and nothing outside the pages is served") {
  RunningSite site({.https = true});
  Client client(site, as_browser), safe_client(site, as_browser, true);
  const std::vector<std::pair<std::string, int>> rows{{"/", 200},
                                                      {"/comments.html", 200},
                                                      {"/style.css", 200},
                                                      {"/actions/", 200},
                                                      {"/actions/comments", 200},
                                                      {"/no-such.html", 404},
                                                      {"/actions/no-such", 404},
                                                      {"/.git/config", 404},
                                                      {"/errors/503.html", 404},
                                                      {"/actiond.toml", 404},
                                                      {"/site.db", 404}};
  for (const auto& [path, status] : rows) {
    CAPTURE(path);
    const Answer answer = client.get(path);
    CHECK(answer.status == status);
    CHECK(
        answer.header("Content-Security-Policy") ==
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
        "'self'; form-action 'self' https://buy.stripe.com "
        "https://checkout.stripe.com https://billing.stripe.com; base-uri 'none'; frame-ancestors "
        "'none'");
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    CHECK(answer.headers.count("X-Content-Type-Options") == 1);
    CHECK(answer.header("Referrer-Policy") == "same-origin");
    CHECK(answer.header("Access-Control-Allow-Origin").empty());
    CHECK(answer.header("Strict-Transport-Security").empty());
    CHECK(safe_client.get(path).header("Strict-Transport-Security") == "max-age=31536000");
    CHECK(answer.headers.count("Content-Security-Policy") == 1);
    CHECK(answer.header("Server") == "nginx");
  }
}

TEST_CASE("what came is never sent back as it came: TRACE is refused") {
  RunningSite site;
  for (const char* path : {"/", "/actions/comments"}) {
    CAPTURE(path);
    const std::string answer = talk(site, std::string("TRACE ") + path +
                                              " HTTP/1.1\r\nHost: localhost\r\nX-Secret: canary\r\n"
                                              "Connection: close\r\n\r\n");
    CHECK(status_of(answer) == 405);
    CHECK(answer.find("canary") == answer.npos);
    CHECK(parsed(answer).header("Allow") ==
          (path == std::string("/") ? "GET, HEAD" : "GET, HEAD, POST"));
  }
}

TEST_CASE("an error of nginx itself takes the form that browsers, programs and shells ask for") {
  RunningSite site;
  const std::map<Media, std::string> types{{Media::Json, "application/problem+json"},
                                           {Media::Html, "text/html"},
                                           {Media::Text, "text/plain"}};
  for (const std::string accept :
       {"",
        "*/*",
        "text/html",
        "TEXT/HTML;charset=utf-8",
        "text/plain",
        "application/problem+json",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/json, text/plain, */*",
        "text/plain, */*",
        "*/*, text/plain",
        "text/*",
        "application/*, text/*;q=0.9",
        "image/png",
        "image/png, text/plain",
        "text/html;q=0, */*",
        "text/html;q=0",
        "text/html;q=0.1,application/json",
        "application/json;q=0.1, text/html",
        "text/plain;q=0.1,text/html;q=1.0",
        "*/*;q=0.1, text/plain",
        "text/plain;q=0.4, text/html;q=0.6",
        "application/json;q=0.6, text/html;q=0.9",
        "text/plain;q=0.2,text/html;q=0.3",
        "text/html;q=0.05, text/plain;q=0.1",
        "text/html;level=1, */*;q=0.1",
        "text/html;charset=utf-8;q=0.9, */*;q=0.1",
        "text/plain;charset=utf-8;q=0.2",
        "text/htmlx, text/plain;q=0.001",
        "xtext/html, text/plain;q=.2"}) {
    CAPTURE(accept);
    const Answer answer =
        refusal_of(site, "TRACE / HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n\r\n");
    CHECK(answer.status == 405);
    CHECK(answer.header("Content-Type").starts_with(types.at(preferred_media(accept))));
  }
}

TEST_CASE("nginx notes in a form when it was shown, and leaves the time in one that comes back") {
  RunningSite site;
  Client client(site, as_browser);
  const auto shown_in = [](const Answer& answer) {
    const std::string before = "name=\"_shown\" value=\"";
    const std::size_t at = answer.body.find(before);
    REQUIRE(at != answer.body.npos);
    return answer.body.substr(at + before.size(),
                              answer.body.find('"', at + before.size()) - at - before.size());
  };
  const double now = static_cast<double>(std::time(nullptr));
  for (const char* path : {"/comments.html", "/actions/comments"}) {
    CAPTURE(path);
    const double shown = std::stod(shown_in(client.get(path)));
    CHECK(shown >= now - 1);
    CHECK(shown < now + 60);
  }
  const Answer back = client.post("comments", {{"message", ""}, {"_shown", "1764075600.123"}});
  CHECK(back.status == 422);
  CHECK(shown_in(back) == "1764075600.123");
}

TEST_CASE("P4 P5 nginx fills the words of a page in any spelling, and no author's value") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    std::ofstream(prepared.own_pages() / "words.html")
        << R"(<input type=hidden name=_once value={once}><input value='{once}' name='_once'>)"
        << R"(<INPUT NAME=_once VALUE={ONCE}>|<input type="hidden" name="next" value="/members.html">)"
        << R"(<button name="next" value="2"><input type=hidden name=_once><input name=_shown value="">)";
  }});
  Client client(site, as_browser);
  const Answer page = client.get("/words.html?next=/comments.html");
  const std::string filled = page.body.substr(0, page.body.find('|'));
  const std::regex expected(
      "<input type=hidden name=_once value=([0-9a-f]{32})><input value='\\1' name='_once'>"
      "<INPUT NAME=_once VALUE=\\1>");
  CHECK_MESSAGE(std::regex_match(filled, expected), filled);
  CHECK(page.holds(R"(|<input type="hidden" name="next" value="/members.html"><button name="next" )"
                   R"(value="2"><input type=hidden name=_once><input name=_shown value="">)"));
}

// Opens the page of sign-in there, and sends its form.
Answer sign_in_at(Client& client, const std::string& address) {
  const std::string page = client.get(address).body;
  std::smatch value;
  REQUIRE(std::regex_search(page, value, std::regex("name=\"next\" value=\"([^\"]*)\"")));
  return client.sign_in("ada@example.org", value[1]);
}

TEST_CASE("P3 sign-in leads back to the list that was asked for, query and all") {
  RunningSite site;
  Client client(site, as_browser);
  client.sign_up("ada@example.org");
  // As httplib decodes a Location.
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/actions/reviews?page=1&q=a%20b", "/actions/reviews?page=1&q=a b"},
      {"/actions/reviews?q=%C3%BC", "/actions/reviews?q=ü"},
      {"/actions/reviews", "/actions/reviews"}};
  for (const auto& [asked, location] : rows) {
    CAPTURE(asked);
    client.cookie.clear();
    const std::string refused = talk(site, "GET " + asked +
                                               " HTTP/1.1\r\nHost: localhost\r\nAccept: "
                                               "text/html\r\nConnection: close\r\n\r\n");
    std::smatch led;
    REQUIRE(std::regex_search(refused, led, std::regex("Location: (/sign-in[^\r]*)")));
    const Answer answer = sign_in_at(client, led[1]);
    CHECK(answer.status == 303);
    CHECK(answer.header("Location") == location);
  }
}

TEST_CASE("P3 sign-in leads to every path that it accepts, however the address writes it") {
  RunningSite site;
  Client client(site, as_browser);
  client.sign_up("ada@example.org");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/docs/intro.html", "/docs/intro.html"},
      {"%2Fdocs%2Fintro.html", "/docs/intro.html"},
      {"%2fContact%2F", "/Contact/"},
      {"/Contact/", "/Contact/"},
      {"%2Fa%2Fb%2Fc%2Fd.html", "/a/b/c/d.html"},
      {"/caf%C3%A9/", "/café/"},  // httplib decodes a Location
      {"%2Fcaf%25C3%25A9%2F", "/café/"},
      {"%2Freviews%3Fpage%3D2%26q%3Dowls", "/reviews?page=2&q=owls"},
      {"/reviews?page=2", "/reviews?page=2"},
      {"%2F%2Fevil.example", "/"},
      {"%2F%255Cevil.example", "/"},
      {"/%5Cevil.example", "/"}};
  for (const auto& [next, location] : rows) {
    CAPTURE(next);
    const Answer answer = sign_in_at(client, "/sign-in.html?next=" + next);
    CHECK(answer.status == 303);
    CHECK(answer.header("Location") == location);
  }
}

TEST_CASE("P14 there is room for 32 KB of cookies, and a page says that more are too many") {
  RunningSite site;
  Client client(site, as_browser);
  client.sign_up("ada@example.org");
  const auto with_cookies = [&](std::size_t bytes) {
    return Headers{{"Cookie", client.cookie + "; other=" + std::string(bytes, 'x')}};
  };
  for (const std::size_t bytes : {8'700, 16'000, 32'000})
    for (const std::string path : {"/comments.html", "/actions/author", "/style.css"}) {
      CAPTURE(bytes);
      CAPTURE(path);
      CHECK(client.get(path, with_cookies(bytes)).status == 200);
    }
  CHECK(client.get("/actions/me", with_cookies(32'000)).holds("ada@example.org"));
  for (const std::string path : {"/", "/actions/author"}) {
    CAPTURE(path);
    const Answer refused = client.get(path, with_cookies(40'000));
    CHECK(refused.status == 400);
    CHECK(refused.holds("Clear this site’s cookies"));
  }
  Client shell(site, as_json);
  const Answer refused = shell.get("/actions/me", with_cookies(40'000));
  CHECK(refused.status == 400);
  CHECK(refused.holds("Clear the cookies of this site"));
}

TEST_CASE("P22 no shared cache keeps a page that may have a key in it") {
  RunningSite site;
  Client client(site, as_browser);
  for (const std::string path :
       {"/", "/comments.html", "/sign-in.html?next=/a.html", "/no-such.html"}) {
    CAPTURE(path);
    const Answer page = client.get(path);
    CHECK(page.header("Cache-Control") == "private, no-cache");
    CHECK(page.header("ETag") == "");
    CHECK(page.header("Last-Modified") == "");
    CHECK_FALSE(page.holds("{once}"));
  }
  const Answer style = client.get("/style.css");
  CHECK(style.header("Cache-Control") == "");
  CHECK(style.header("ETag") != "");
}

TEST_CASE("S22 no answer is built from the Host that was sent") {
  RunningSite site;
  for (const std::string path :
       {"/", "/actions", "/actions/", "/actions/me", "/actions/author", "/errors",
        "/actions/openapi.json", "/no-such", "/sign-in.html?next=//evil.example"})
    for (const std::string& accept : {as_browser, as_json}) {
      CAPTURE(path);
      const std::string answer =
          talk(site,
               "GET " + path +
                   " HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nAccept: " +
                   accept + "\r\nConnection: close\r\n\r\n");
      CHECK(status_of(answer) > 0);
      CHECK_MESSAGE(answer.find("evil.example") == answer.npos, answer.substr(0, 400));
    }
}

TEST_CASE(
    "S13 S14 nginx vouches for eight parameters; Proxy and names with '_' never reach a worker") {
  const auto parameters = parameters_of([](const RunningSite& site) {
    talk(site,
         "POST /actions/%63omments?a=b HTTP/1.1\r\nHost: localhost:1\r\nProxy: "
         "http://evil.example\r\n"
         "X_User_Id: 1\r\nSec_Fetch_Site: same-origin\r\nRequest-Id: forged\r\nOrigin: "
         "a\r\nOrigin: b\r\n"
         "Remote-Addr: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.1\r\n"
         "Document-Uri: /actions/order\r\nHttps: on\r\nContent-Length: 9\r\nConnection: "
         "close\r\n\r\nmessage=1");
  });
  std::set<std::string> names;
  for (const auto& [name, value] : parameters) names.insert(name);
  CHECK(names == std::set<std::string>{
                     "CONTENT_LENGTH", "DOCUMENT_URI", "HTTP_CONNECTION", "HTTP_CONTENT_LENGTH",
                     "HTTP_DOCUMENT_URI", "HTTP_HOST", "HTTP_HTTPS", "HTTP_ORIGIN",
                     "HTTP_REMOTE_ADDR", "HTTP_REQUEST_ID", "HTTP_X_FORWARDED_FOR", "QUERY_STRING",
                     "REMOTE_ADDR", "REQUEST_ID", "REQUEST_METHOD", "REQUEST_TIME"});
  CHECK(parameters.find("REMOTE_ADDR")->second == "127.0.0.1");
  CHECK(parameters.find("DOCUMENT_URI")->second == "/actions/comments");
  CHECK(parameters.find("QUERY_STRING")->second == "a=b");
  CHECK(parameters.find("HTTP_HOST")->second == "localhost:1");
  CHECK(parameters.find("REQUEST_ID")->second.size() == 32);
  CHECK(parameters.count("HTTP_ORIGIN") == (nginx_joins_fields() ? 1 : 2));
}

TEST_CASE("a post that a worker took and never answered may have been done, and nginx says so") {
  const std::string unknown = "We do not know whether this was saved.";
  const auto ask = [](const char* method, const std::string& accept) {
    Answer answer;
    parameters_of(
        [&](const RunningSite& site) {
          answer = Client(site, accept).send(method, "/actions/comments", "message=hi");
          check_promises(site, answer);
        },
        "");
    CHECK(answer.status == 503);
    return answer;
  };
  for (const std::string& accept : {as_browser, as_json, as_text}) {
    const Answer answer = ask("POST", accept);
    CHECK_MESSAGE(answer.holds(unknown), answer.body);
    CHECK(answer.holds("\"outcome\":\"unknown\"") == (accept == as_json));
    CHECK_FALSE(answer.holds("othing was saved"));
    CHECK_FALSE(ask("GET", accept).holds(unknown));
    // Nobody took it.
    const RunningSite site({.with_pool = false});
    const Answer refused = Client(site, accept).post("comments", {{"message", "hi"}});
    CHECK(refused.status == 503);
    CHECK_MESSAGE(refused.holds("othing was saved"), refused.body);
  }
}

TEST_CASE("nginx is asked for no more files than it may have") {
  const TemporaryFolder folder;
  const auto log = folder / "log/nginx.log";
  const std::vector<std::string> with_few_files{"prlimit", "--nofile=3000:3000"};
  const auto under = [&](std::vector<std::string> command) {
    command.insert(command.begin(), with_few_files.begin(), with_few_files.end());
    return command;
  };
  REQUIRE(run(under({project_folder() / "scripts/configure", actiond_program(), folder.path(),
                     std::to_string(free_port()), "1", "2"}))
              .exit_code == 0);
  Process nginx(under({"nginx", "-e", log, "-c", folder / "nginx.conf", "-g", "daemon off;"}), log);
  REQUIRE(eventually([&] { return children_of(nginx.pid()).size() >= 2; }));
  // Its processes mind signals only when they have set their limits.
  nginx.signal(SIGQUIT);
  CHECK(nginx.wait() == 0);
  CHECK_MESSAGE(read_file(log).empty(), read_file(log));
}

}  // namespace actiond::http
