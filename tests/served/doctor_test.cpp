// `actiond doctor` against the real chain: nothing on a healthy site, and each broken setting
// found.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>

#include "count_of.h"
#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

// The machine's clock is not the test's to judge: see tests/doctor/doctor_test.cpp.
Outcome examine(const RunningSite& site, const std::vector<std::string>& environment = {}) {
  std::vector<std::string> command{"env"};
  command.insert(command.end(), environment.begin(), environment.end());
  for (const std::string& word :
       {actiond_program(), std::string("--config"), site.settings().string(), std::string("doctor"),
        std::string("--skip"), std::string("clock")})
    command.push_back(word);
  return run(command);
}

void check_healthy(const Outcome& outcome) {
  CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
  CHECK(outcome.output == "16 checks, 0 findings\n");
}

// Finds exactly these: each by a part of its line, which names the check first.
void check_finds(const Outcome& outcome, const std::vector<std::string>& findings) {
  CHECK(outcome.exit_code == 1);
  for (const std::string& finding : findings)
    CHECK_MESSAGE(outcome.output.find(finding) != std::string::npos, finding, " is not in\n",
                  outcome.output);
  const std::string count = "16 checks, " + std::to_string(findings.size()) + " finding";
  CHECK_MESSAGE(outcome.output.find(count) != std::string::npos, outcome.output);
}

std::string local(int port) { return "http://localhost:" + std::to_string(port); }

// The first answer comes when the database is migrated.
void wait_until_served(const RunningSite& site) {
  REQUIRE(Client(site).get("/actions/me").status == 200);
}

void back_up(const RunningSite& site) {
  wait_until_served(site);
  REQUIRE(site.actiond({"backup"}).exit_code == 0);
}

}  // namespace

TEST_CASE("the doctor finds nothing on a healthy site, and leaves no trace on it") {
  RunningSite site;
  back_up(site);
  const RowCounts before = site.row_counts();
  check_healthy(examine(site));
  CHECK(site.row_counts() == before);
}

TEST_CASE("the doctor finds what is wrong with the files of a site that runs") {
  RunningSite site;
  wait_until_served(site);
  chmod((site.folder() / "keys").c_str(), 0644);
  chmod(site.database().c_str(), 0640);
  chmod(site.socket().c_str(), 0666);
  // Without its keys the doctor cannot ask the workers anything.
  check_finds(examine(site), {"keys: others than its owner may use the key ring",
                              "database: " + site.database().string() + ": mode 0640",
                              "backup: there is no backup in",
                              "socket: " + site.socket().string() + " has mode 0666"});

  chmod((site.folder() / "keys").c_str(), 0600);
  chmod(site.database().c_str(), 0600);
  chmod(site.socket().c_str(), 0660);
  back_up(site);
  const std::filesystem::path keys = site.folder() / "keys";
  const std::string made_now = read_file(keys);
  const std::string undated = made_now.substr(0, made_now.find('#'));
  using Clock = std::filesystem::file_time_type::clock;
  const auto long_ago = Clock::now() - std::chrono::hours(24 * 400);
  write_file(keys, undated + "# made 2020-01-31T12:00:00Z\n");
  check_finds(examine(site),
              {"keys: the newest key of " + keys.string() + " is from 2020-01-31T12:00:00Z"});
  write_file(keys, undated);
  std::filesystem::last_write_time(keys, long_ago);
  check_finds(examine(site), {"keys: the newest key of "});
  write_file(keys, made_now);
  std::filesystem::last_write_time(keys, long_ago);
  check_healthy(examine(site));
}

TEST_CASE("the doctor finds settings and keys that the running pool does not have") {
  RunningSite site;
  back_up(site);
  const std::string settings = read_file(site.settings());
  site.edit("actiond.toml", "socket_group = \"\"", "socket_group = \"no-such-group\"");
  check_finds(examine(site), {"socket: " + site.socket().string() + " does not belong to"});
  write_file(site.settings(), settings);
  site.edit("actiond.toml", "origins = [", "origins = [\"http://localhost:1\", ");
  check_finds(examine(site),
              {"origins: nobody answers at http://localhost:1: Connection refused",
               "origins: the pool behind " + site.origin() + " runs with the origins [\"http"});
  write_file(site.settings(), settings);
  REQUIRE(site.actiond({"key", "new"}).exit_code == 0);
  check_finds(examine(site), {"origins: " + site.origin() + " is served by another pool"});
}

TEST_CASE("the doctor finds a pool that is gone") {
  RunningSite site;
  back_up(site);
  site.kill_pool();
  check_finds(examine(site),
              {"limits: no server runs on", "socket: nobody answers at",
               "origins: " + site.origin() + " answers 503 instead of the pool's answer"});
  std::filesystem::remove(site.socket());
  check_finds(examine(site), {"limits: no server runs on", "socket: there is no socket",
                              "origins: " + site.origin() + " answers 503"});
  site.start_pool();
  check_healthy(examine(site));
}

TEST_CASE("the doctor finds origins that lead elsewhere") {
  const int redirecting = free_port(), foreign = free_port();
  RunningSite site({.prepare = [&](RunningSite& prepared) {
    const auto server = [&](int port, const std::string& answer) {
      prepared.edit("nginx.conf", "\n    server {",
                    "\n    server { listen 127.0.0.1:" + std::to_string(port) + "; return " +
                        answer + "; }\n    server {");
    };
    server(redirecting, "301 https://example.com$request_uri");
    server(foreign, "200 hello");
    prepared.edit("actiond.toml", "origins = [",
                  "origins = [\"" + local(redirecting) + "\", \"" + local(foreign) +
                      "\", \"http://0.0.0.0:1\", ");
  }});
  back_up(site);
  check_finds(
      examine(site),
      {"origins: " + local(redirecting) + " only redirects, to https://example.com/actions/me",
       "origins: " + local(foreign) + " is answered by something else than actiond",
       "origins: nobody answers at http://0.0.0.0:1", "tls: http://0.0.0.0:1 is not https"});
}

TEST_CASE("the doctor finds parameters that nginx passes wrongly, or not") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    const auto without = [&](const char* line) { prepared.edit("fastcgi.conf", line, "#"); };
    without("fastcgi_param HTTP_PROXY");
    without("fastcgi_param REQUEST_ID");
    without("fastcgi_param REQUEST_TIME");
    without("fastcgi_param CONTENT_LENGTH");
    prepared.edit("fastcgi.conf", "$document_uri;", "$request_uri;");
    prepared.edit("fastcgi.conf", "fastcgi_param HTTPS",
                  "fastcgi_param HTTP_HOST $host;\n"
                  "fastcgi_param HTTP_ORIGIN \"\" if_not_empty;\n"
                  "fastcgi_param HTTP_SEC_FETCH_SITE none;\n"
                  "fastcgi_param HTTPS");
    prepared.edit("site.conf", "underscores_in_headers off;", "underscores_in_headers on;");
  }});
  back_up(site);
  const std::string passed = "passed: " + site.origin() + ": ";
  check_finds(examine(site), {passed + "a header `Proxy:` reaches the worker as HTTP_PROXY",
                              passed + "a header with '_' in its name reaches the worker",
                              passed + "the path arrives as \"/actions/./%64octor?q=1\"",
                              passed + "`Host: localhost:" + std::to_string(site.port()) +
                                  "` arrives as [\"localhost\"]",
                              passed + "`Origin` arrives as []",
                              passed + "`Sec-Fetch-Site` does not arrive as it was sent",
                              passed + "nginx's request id does not arrive",
                              passed + "the time of the request does not arrive",
                              passed + "of a body of 3 bytes 3 arrive, announced as 0"});
}

TEST_CASE("the doctor finds limits of nginx that do not fit those of the actions") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    std::string limits = read_file(prepared.folder() / "limits.conf");
    const std::size_t at = limits.find("client_max_body_size ");
    REQUIRE(at != limits.npos);
    limits.replace(at, limits.find(';', at) - at, "client_max_body_size 8k");
    write_file(prepared.folder() / "limits.conf", limits);
    prepared.edit("site.conf", "client_max_body_size 1280k;", "client_max_body_size 0;");
  }});
  back_up(site);
  const Outcome outcome = examine(site);
  CHECK(outcome.exit_code == 1);
  CHECK_MESSAGE(test::count_of(outcome.output, "/actions/author: nginx refuses a body of ") == 1,
                outcome.output);
  CHECK_MESSAGE(
      test::count_of(outcome.output, "/actions/comments: nginx takes a body of more than ") == 1,
      outcome.output);
  CHECK_MESSAGE(test::count_of(outcome.output, "nginx refuses") == 1, outcome.output);
  CHECK(test::count_of(outcome.output, "\n    mend: ") ==
        test::count_of(outcome.output, "bodies: "));
}

TEST_CASE("S38 the doctor finds an nginx that one visitor fills") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    const std::string text = read_file(prepared.folder() / "nginx.conf");
    const auto replace = [&](const std::string& name, const std::string& with) {
      const std::size_t at = text.find(name);
      prepared.edit("nginx.conf", text.substr(at, text.find(';', at) - at), name + " " + with);
    };
    replace("worker_connections", "768");
    replace("worker_rlimit_nofile", "512");
  }});
  back_up(site);
  check_finds(examine(site),
              {"nginx: nginx takes 768 connections in a process",
               "nginx: a process of nginx may open 512 files, and takes 768 connections"});
}

TEST_CASE("the doctor finds pages without their headers, keys or answer") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    prepared.edit("site.conf", "include headers.conf;", "#");          // of the server
    prepared.edit("site.conf", "    include headers.conf;", "    #");  // of its pages
    prepared.edit("site.conf", "location / {",
                  "location = /comments.html { return 404; }\nlocation / {");
    const std::string filter = "sub_filter '{once}' '$request_id$actiond_once_mark';";
    prepared.edit("site.conf", "    " + filter, "    sub_filter a a;");
  }});
  back_up(site);
  const Outcome outcome = examine(site);
  CHECK(outcome.exit_code == 1);
  const std::string page = "pages: " + site.origin() + "/order.html ";
  for (const std::string& finding : {"pages: " + site.origin() + "/comments.html answers 404",
                                     page + "comes without Content-Security-Policy",
                                     page + "comes without a fresh submission key"})
    CHECK_MESSAGE(outcome.output.find(finding) != std::string::npos, outcome.output);
  CHECK(test::count_of(outcome.output, "\n    mend: ") ==
        test::count_of(outcome.output, "pages: "));
}

TEST_CASE("the doctor asks for what is behind a gate as nobody, and finds each way past it") {
  const auto with_gate = [](const std::string& location, bool has_ways_past) {
    return RunningSite::Options{.prepare = [=](RunningSite& prepared) {
      const auto pages = prepared.own_pages();
      std::filesystem::create_directories(pages / "members" / "deep");
      std::filesystem::create_directories(pages / "open");
      write_file(pages / "members" / "a.html", "<!DOCTYPE html><title>A</title>members");
      write_file(pages / "members" / "deep" / "a file.pdf", "members");
      write_file(pages / "open" / "b.html",
                 "<!DOCTYPE html><title>B</title><!--#include virtual=\"/members/a.html\" -->");
      std::string more = "location " + location + " { include paid.conf; }\n";
      if (has_ways_past) {
        std::filesystem::create_directories(pages / "club");
        write_file(pages / "club" / "contact.html",
                   "<!DOCTYPE html><html lang=\"en\"><title>C</title><body>"
                   "<form method=\"post\" action=\"/actions/contact\" data-inbox>"
                   "<input type=\"hidden\" name=\"_once\" value=\"{once}\">"
                   "<p><output name=\"note\"></output></p><label for=\"m\">M</label>"
                   "<input name=\"m\" id=\"m\"><p data-error-for=\"m\"></p>"
                   "<button>Send</button></form></body></html>");
        std::filesystem::create_symlink("../members/a.html", pages / "open" / "link.html");
        std::filesystem::create_symlink("members", pages / "copy");
        std::filesystem::create_symlink("..", pages / "open" / "up");
        more +=
            "location ~ \\.pdf$ { types { } }\nlocation /open/ { ssi on; }\n"
            "location ^~ /club/ { include paid.conf; }\n"
            "location = /comments.html { include signed-in.conf; }\n";
      }
      prepared.edit("nginx.conf", "include site.conf;", "include site.conf;\n" + more);
    }};
  };
  RunningSite closed(with_gate("^~ /members/", false));
  back_up(closed);
  check_healthy(examine(closed));

  RunningSite site(with_gate("/members/", true));
  back_up(site);
  const std::string gate = "gate: " + site.origin();
  const Outcome outcome = examine(site);
  for (const std::string& finding :
       {gate + "/members/deep/a%20file.pdf is sent to anybody, though its folder has a gate",
        gate + "/open/link.html is sent to anybody, and is the same file as /members/a.html",
        gate + "/copy/a.html is sent to anybody, and is the same file as /members/a.html",
        gate + "/open/b.html: nginx carries out its includes",
        gate + "/club/contact.html has a gate, and is the page of contact, which is public",
        gate + "/comments.html has a gate, and is the page of comments, which is public"})
    CHECK_MESSAGE(outcome.output.find(finding) != std::string::npos, finding, " is not in\n",
                  outcome.output);
  CHECK(outcome.output.find(gate + "/members/a.html is sent") == std::string::npos);
  CHECK(outcome.exit_code == 1);
}

TEST_CASE("the doctor finds certificates that browsers refuse, or soon will, and https unseen") {
  const auto certify = [](const RunningSite& site, const char* days) {
    return run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost", "-days", days,
                "-keyout", site.folder() / "tls.key", "-out", site.folder() / "tls.crt"})
        .exit_code;
  };
  RunningSite site({.https = true, .prepare = [&](RunningSite& prepared) {
                      REQUIRE(certify(prepared, "60") == 0);
                    }});
  back_up(site);
  const std::string trusted = "SSL_CERT_FILE=" + (site.folder() / "tls.crt").string();
  const std::string origin = "https://localhost:" + std::to_string(site.https_port());
  check_healthy(examine(site, {trusted}));
  check_finds(examine(site), {"tls: the certificate of " + origin + " is not trusted: self"});

  RunningSite soon({.https = true, .prepare = [&](RunningSite& prepared) {
                      REQUIRE(certify(prepared, "5") == 0);
                      prepared.edit("fastcgi.conf", "fastcgi_param HTTPS", "#");
                    }});
  back_up(soon);
  check_finds(examine(soon, {"SSL_CERT_FILE=" + (soon.folder() / "tls.crt").string()}),
              {"ends in 4 days", " arrives as http"});
}

TEST_CASE("the doctor says how it is used") {
  RunningSite site;
  const Outcome help = site.actiond({"doctor", "--help"});
  CHECK(help.exit_code == 0);
  CHECK_MESSAGE(help.output.find("origins   whether each origin") != std::string::npos,
                help.output);
  CHECK(site.actiond({"doctor", "--skip", "nothing"}).exit_code == 2);
  // A skipped check does not run; --skip may be given again.
  const Outcome skipped = site.actiond({"doctor", "--skip", "clock", "--skip", "backup"});
  CHECK_MESSAGE(skipped.output == "15 checks, 0 findings\n", skipped.output);
}

}  // namespace actiond::http
